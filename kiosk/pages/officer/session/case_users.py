"""Words for the colleagues who have a case or a draft open: in the rows of lists, and on the page of a case."""

from kiosk.acts.draft_turns import SILENT_SECONDS
from kiosk.pages.access import context
from kiosk.records import case_users
from kiosk.records.case_users import CaseUser


def users_by_subject(actor: str) -> dict[str, str]:
    """Return who else than `actor` has which case or draft, in words, by receipt number or id of the draft."""
    words: dict[str, list[str]] = {}
    for user in _others(actor):
        words.setdefault(user.subject, []).append(f"{user.name} {_verb(user)}{_place(user)}")
    return {subject: "; ".join(parts) for subject, parts in words.items()}


def users_of_case(receipt_no: str, actor: str) -> str:
    """Return the sentences that name who else than `actor` has a case open; empty for nobody."""
    others = [user for user in _others(actor) if user.subject == receipt_no]
    return " ".join(f"Cán bộ {user.name} đang mở hồ sơ này{_place(user)}." for user in others)


def _others(actor: str) -> list[CaseUser]:
    with context().store.read() as db:
        users = case_users.list_all(db, context().clock.now(), context().clock.today())
    return [user for user in users if user.actor != actor]


def _verb(user: CaseUser) -> str:
    if not user.is_draft:
        return "đang mở"
    is_there = context().presence.was_seen(user.subject, "desk", context().clock.monotonic(), within=SILENT_SECONDS)
    return "đang khai" if is_there else "đã nhận khai"


def _place(user: CaseUser) -> str:
    return f" tại quầy {user.counter}" if user.counter is not None else ""
