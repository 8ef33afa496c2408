"""All subjects of accounts, put together."""

from __future__ import annotations

from typing import NamedTuple

from hoofprint.management.accounts.ending import Ending
from hoofprint.management.accounts.entering import Entering
from hoofprint.management.accounts.limits import SecurityLimits
from hoofprint.management.accounts.logins import Logins
from hoofprint.management.accounts.outbox import UnsentMails
from hoofprint.management.accounts.ports import AccountOptions, Joining
from hoofprint.management.accounts.profile import Profile
from hoofprint.management.accounts.proof import Proof
from hoofprint.management.accounts.reset import Reset
from hoofprint.management.accounts.second_factor import SecondFactor
from hoofprint.management.accounts.sign_up import SignUp
from hoofprint.management.transactions import Transactions


class Accounts(NamedTuple):
    """One object a subject; `limits` is asked before any of them is given a password or a code."""

    limits: SecurityLimits
    entering: Entering
    sign_up: SignUp
    reset: Reset
    profile: Profile
    second_factor: SecondFactor
    logins: Logins
    ending: Ending
    unsent: UnsentMails


def open_accounts(
    transactions: Transactions, options: AccountOptions, joining: Joining | None = None
) -> Accounts:
    """The accounts of an instance."""
    others = joining or Joining()
    proof = Proof(transactions)
    return Accounts(
        limits=SecurityLimits(options.tries, transactions.clock),
        entering=Entering(transactions),
        sign_up=SignUp(transactions, options, others),
        reset=Reset(transactions, options, others),
        profile=Profile(transactions, options, proof),
        second_factor=SecondFactor(transactions, proof),
        logins=Logins(transactions),
        ending=Ending(transactions, options, others, proof),
        unsent=UnsentMails(transactions),
    )
