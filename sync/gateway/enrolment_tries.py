"""Rate limit of enrolments by address: a stranger's wrong tries cost that stranger time, and no code a try.

A code has 54 bits, so nobody guesses one: the limit bounds the work that strangers cause. A try is counted in the store
before anything of it is checked, because several processes serve one address, and forgotten when it succeeds. A locked
address waits a minute at most, because a ward's new kiosk may share it with a stranger.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import Connection, delete, insert, select, update

from sync.encoding import timestamp
from sync.gateway.tables import enrolment_tries

FREE_TRIES = 10
FIRST_LOCK_SECONDS = 15.0
MAX_LOCK_SECONDS = 60.0
RETENTION = timedelta(days=1)
_IPV6_PREFIX = 64


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the network of 64 bits that one IPv6 subscriber has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed.packed, _IPV6_PREFIX), strict=False))


def count_try(db: Connection, address: str, now: datetime) -> float:
    """Count a try of an address; return how many seconds it is locked, 0 when it may go on."""
    row = db.execute(
        select(enrolment_tries).where(enrolment_tries.c.address == address).with_for_update()
    ).one_or_none()
    if row is not None and row.locked_until is not None and row.locked_until > timestamp(now):
        return (datetime.fromisoformat(row.locked_until) - now).total_seconds()
    db.execute(delete(enrolment_tries).where(enrolment_tries.c.tried_at < timestamp(now - RETENTION)))
    is_counted = row is not None and row.tried_at >= timestamp(now - RETENTION)
    wrong = row.wrong + 1 if row is not None and is_counted else 1
    values = {"wrong": wrong, "locked_until": _locked_until(wrong, now), "tried_at": timestamp(now)}
    is_row = enrolment_tries.c.address == address
    if db.execute(update(enrolment_tries).where(is_row).values(**values)).rowcount == 0:
        db.execute(insert(enrolment_tries).values(address=address, **values))
    return 0.0


def forget_tries(db: Connection, address: str) -> None:
    """Forget the tries of an address after a successful one."""
    db.execute(delete(enrolment_tries).where(enrolment_tries.c.address == address))


def _locked_until(wrong: int, now: datetime) -> str | None:
    if wrong < FREE_TRIES:
        return None
    seconds = min(FIRST_LOCK_SECONDS * 2.0 ** min(wrong - FREE_TRIES, 10), MAX_LOCK_SECONDS)
    return timestamp(now + timedelta(seconds=seconds))
