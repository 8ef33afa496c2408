"""The picture of a person, shown with the members of a domain or organization; ours."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hoofprint.management.access import Action, permitted_user
from hoofprint.management.images import PORTRAIT_NAME, Owner, forget_image, keep_image
from hoofprint.management.pictures import Picture
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment


class Portraits:
    """Changes the caller's own picture; every method raises Forbidden for a domain's client."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def set(self, caller: Principal, picture: Picture) -> str:
        """The path of the new picture."""

        def work(session: Session) -> str:
            user = permitted_user(session, Action.CHANGE_PICTURE, caller)
            now = self._transactions.clock()
            owner = Owner(user_id=user.id)
            user.picture = keep_image(session, owner, PORTRAIT_NAME, picture, now)
            user.mod_time = moment(now)
            return user.picture

        return await self._transactions.write(work)

    async def remove(self, caller: Principal) -> None:
        """Have no picture any more. Raises NotFound if there is none."""

        def work(session: Session) -> None:
            user = permitted_user(session, Action.CHANGE_PICTURE, caller)
            forget_image(session, Owner(user_id=user.id), PORTRAIT_NAME)
            user.picture = ""
            user.mod_time = moment(self._transactions.clock())

        await self._transactions.write(work)
