"""Touchscreens on the LAN: a technician creates a one-time code, the screen's browser enrols with it, or is revoked."""

from sqlite_utils import Database

from kiosk.base import codes
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.base.screen_size import ScreenSize
from kiosk.context import Context, rate_limit
from kiosk.context.rate_limit import Guess
from kiosk.records import audit, touchscreens
from kiosk.records.touchscreens import Touchscreen

MAX_NAME_LENGTH = 40
WRONG_CODE = (
    "Mã chưa đúng hoặc đã hết hạn. Mời gõ lại mã cán bộ kỹ thuật vừa đưa; sai 5 lần thì màn hình này phải đợi.",
    "This code is wrong or too old. Type it again; after five wrong ones this screen has to wait.",
)

REVOKED = ("Màn hình này đã thôi dùng rồi.", "This screen was revoked already.")


def create_code(context: Context, name: str, actor: str, counter: int | None = None) -> str:
    """Create a touchscreen by its name and return its one-time code; only the code's hash is stored.

    Printers, calls for help and kept forms know a screen by its name, so two screens in use never have one name. A code
    of that name that nobody has typed yet is replaced.

    Args:
        counter: the counter whose faces it will show; None for a touchscreen with the citizens' pages.

    Raises:
        NotAllowed: the name is empty, too long, not printable or that of another screen in use, or the ward has no
            such counter.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME_LENGTH or not name.isprintable():
        raise NotAllowed(
            "Mời gõ tên màn hình, ví dụ: Máy cạnh cửa, tầng 1.", "Name the screen, for example: by the door."
        )
    if counter is not None and context.config.counter(counter) is None:
        raise NotAllowed("Phường không có quầy này. Mời chọn lại.", "The ward has no such counter. Choose again.")
    code = codes.enrol_code()
    with context.store.write() as db:
        for screen in _of_name(context, db, name):
            touchscreens.revoke(db, screen.id, context.clock.now())
            _note(db, context, act="screen_revoke", actor=actor, subject=screen.id)
        screen_id = touchscreens.insert(
            db, name, code=_hash(context, code), made_by=actor, now=context.clock.now(), counter=counter
        )
        _note(db, context, act="screen_code", actor=actor, subject=screen_id)
    return code


def renew_code(context: Context, screen_id: str, actor: str) -> str:
    """Create another code for an enrolled touchscreen, whose address has changed; return the code.

    Raises:
        NotFound: there is no such touchscreen, or it was revoked.
    """
    code = codes.enrol_code()
    with context.store.write() as db:
        if not touchscreens.renew_code(db, screen_id, _hash(context, code), now=context.clock.now()):
            raise NotFound(*REVOKED)
        _note(db, context, act="screen_code", actor=actor, subject=screen_id)
    return code


def open_at(context: Context, token: str, address: str) -> Touchscreen | None:
    """Return the touchscreen whose cookie an address sent; None for an unknown, revoked or copied cookie.

    Args:
        token: the hash of the cookie.
    """
    with context.store.read() as db:
        screen = touchscreens.find_open(db, token, context.clock.now())
    if screen is None or screen.address == address:
        return screen
    is_bound = screen.address is not None
    if is_bound and screen.refused == address:
        return None
    with context.store.write() as db:
        if is_bound:
            touchscreens.note_refused(db, screen.id, address)
            _note(db, context, act="screen_refused", actor="screen", subject=screen.id)
        else:  # enrolled by an earlier release
            touchscreens.bind(db, screen.id, address)
    return None if is_bound else screen


def _of_name(context: Context, db: Database, name: str) -> list[Touchscreen]:
    """Return the touchscreens of a name whose codes nobody has typed.

    Raises:
        NotAllowed: a screen in use has this name.
    """
    named = touchscreens.list_named(db, name, context.clock.now())
    is_own = name.casefold() == context.config.screen.name.casefold()
    if is_own or any(screen.is_open for screen in named):
        raise NotAllowed(
            f"Đã có màn hình tên “{name}”. Mời đặt tên khác, ví dụ thêm chỗ đặt máy. Màn hình đó đã hỏng hay thay rồi "
            "thì bấm Thôi dùng ở dòng của nó trước.",
            f"A screen has the name “{name}” already. Choose another name, or revoke that screen first.",
        )
    return named


def enrol(context: Context, text: str, token: str, address: str) -> Touchscreen:
    """Enrol a browser with a typed code, so that it may show the citizens' pages, or the faces of a counter.

    Args:
        token: the hash of the browser's cookie.
        address: the browser's, where its cookie will be valid. Wrong codes count for it alone, so that a stranger
            spends no code of another screen.

    Raises:
        NotAllowed: the code is wrong or has expired.
        TooManyTries: after five wrong codes from this address.
    """
    guess = Guess("touchscreen", address)
    rate_limit.check(context, guess)
    code = codes.parse_enrol_code(text)
    with context.store.write() as db:
        screen = touchscreens.enrol(db, _hash(context, code or ""), token, address=address, now=context.clock.now())
        if screen is None:
            rate_limit.count(db, context, guess)
        else:
            rate_limit.clear(db, context, guess)
        act = "screen_enrol" if screen else "screen_missed"
        _note(db, context, act=act, actor="screen", subject=screen.id if screen else "screen")
    if screen is None:
        raise NotAllowed(*WRONG_CODE)
    return screen


def revoke(context: Context, screen_id: str, actor: str) -> None:
    """Revoke a touchscreen: its browser may show no page any more.

    Raises:
        NotFound: it was revoked already.
    """
    with context.store.write() as db:
        if not touchscreens.revoke(db, screen_id, context.clock.now()):
            raise NotFound(*REVOKED)
        _note(db, context, act="screen_revoke", actor=actor, subject=screen_id)


def resize(context: Context, screen_id: str, size: ScreenSize, actor: str) -> None:
    """Set the size of an enrolled touchscreen; its next page is measured by it.

    Raises:
        NotFound: there is no such touchscreen, or it was revoked.
    """
    with context.store.write() as db:
        if not touchscreens.resize(db, screen_id, size):
            raise NotFound(*REVOKED)
        _note(db, context, act="screen_size", actor=actor, subject=screen_id)


def _hash(context: Context, code: str) -> str:
    return context.vault.keyed_hash("screen code", code)


def _note(db: Database, context: Context, *, act: str, actor: str, subject: str) -> None:
    line = audit.AuditLine(act=act, actor=actor, subject=subject)
    audit.append(db, key=context.audit_key(), now=context.clock.now(), line=line)
