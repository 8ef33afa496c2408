"""What is billed: reads the counters of days, which outlive the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from hoofprint.store.port import Store

_USAGE = """
SELECT domain_id, sumIf(count, kind != 'extension') + intDiv(sumIf(count, kind = 'extension'), 10)
FROM usage
WHERE domain_id IN {ids:Array(String)} AND day BETWEEN {first:Date} AND {last:Date}
GROUP BY domain_id
"""


def usage_of(store: Store, domain_ids: Sequence[str], first: date, last: date) -> Mapping[str, int]:
    """Page views, events and a tenth of the session extensions of UTC days, by domain.

    A domain without any is not there. Raises StoreError.
    """
    if not domain_ids:
        return {}
    bound = {"ids": list(domain_ids), "first": first.isoformat(), "last": last.isoformat()}
    return {domain_id: int(count) for domain_id, count in store.select(_USAGE, bound)}
