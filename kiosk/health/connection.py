"""The checks of the connection to the portal: is it up, what is paused until when, what waits.

Each alarm has a code and steps that a ward technician can take (docs/technician.md explains each). A pause that ends by
itself is a note with its hour; a pause that needs a person is a warning.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sync.errors
import sync.link
import sync.outbox
from kiosk.base import clock, release
from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.records import decisions, refusals, renewals, submissions
from kiosk.vietnam.calendar import short_time

OLDEST = timedelta(hours=4)
"""In opening hours: a form of Friday evening is no alarm on Monday morning."""
LINK = "Đường truyền"
QUEUE = "Hàng chờ gửi"
SEND_NOW = "Xong thì bấm “Gửi ngay”."


@dataclass(frozen=True)
class Alarm:
    """A pause, or a reason why the portal is not reached; without steps it ends by itself."""

    code: str
    why: str
    steps: tuple[str, ...] = ()


PAUSES = {
    "auth": Alarm(
        "LINK-02",
        "cổng không nhận khóa của máy",
        (
            "Gọi phòng công nghệ của thành phố, đọc mã máy và mã LINK-02, xin mã đổi khóa.",
            "Bấm “Khóa của máy”, gõ mã đó. Trang ghi “Đã đổi khóa” là máy tự gửi.",
        ),
    ),
    "clock": Alarm(
        "LINK-03",
        "đồng hồ lệch với cổng",
        ("Xem ngày giờ ở góc trên trang này với điện thoại.", "Chỉnh lại ngày giờ của máy.", SEND_NOW),
    ),
    "version": Alarm(
        "LINK-04",
        "cổng đòi bản mới hơn",
        ("Cài bản mới của máy, rồi khởi động lại. Tờ khai đã nộp vẫn giữ trong máy, cài xong máy tự gửi.",),
    ),
    "rate": Alarm("LINK-06", "cổng xin gửi chậm lại"),
    "maintenance": Alarm("LINK-07", "cổng đang bảo trì"),
}
UNKNOWN_ACCOUNT = Alarm(
    "LINK-10",
    "OpenCPS không nhận mã trang hoặc tài khoản của máy",
    (
        "Gọi phòng công nghệ của thành phố, đọc mã LINK-10, đối chiếu group_id và tài khoản.",
        "Sửa đoạn [opencps] trong kiosk.toml và tệp opencps.password, rồi khởi động lại máy.",
    ),
)
"""The alarm of an `auth` pause where no key is enrolled."""
REPLACED = Alarm(
    "LINK-18",
    "một máy khác đã tiếp quản tên của máy này, cổng không nhận máy này nữa",
    (
        "Máy kia đang phục vụ thì tắt hẳn máy này, đừng xóa gì: tờ khai đã nộp ở đây còn trong máy.",
        "Máy này mới là máy đúng: tắt máy kia, gọi phòng công nghệ của thành phố xin mã đổi khóa, gõ ở “Khóa của máy”.",
    ),
)
"""The alarm of an `auth` pause of a machine whose store another machine has restored."""
LOST = Alarm(
    "LINK-01",
    "",
    (
        "Xem hộp mạng trong tủ: đèn LOS đỏ thì gọi nhà mạng.",
        "Đèn bình thường thì rút dây mạng sau máy, đếm đến 10, cắm lại.",
        "Bấm “Gửi ngay”. Chưa được thì cứ để đó, có mạng máy tự gửi. Mất nhiều ngày: mở mục Xuất ra USB.",
    ),
)
NO_NAME = Alarm(
    "LINK-11",
    ": không tìm thấy địa chỉ của cổng",
    (
        "Mở trình duyệt xem một trang báo: không vào được thì mất mạng, xem hộp mạng và dây mạng.",
        "Vào được thì xem địa chỉ cổng trong kiosk.toml, đoạn [portal], có gõ sai chữ nào không.",
        "Bấm “Gửi ngay”. Chưa được thì gọi phòng công nghệ của thành phố.",
    ),
)
NOT_PROVEN = Alarm(
    "LINK-12",
    ": chứng thư của cổng không dùng được",
    (
        "Xem ngày giờ ở góc trên trang này với điện thoại; sai thì chỉnh lại ngày giờ của máy.",
        "Đúng giờ mà vẫn vậy: gọi phòng công nghệ của thành phố, đọc mã LINK-12.",
        SEND_NOW,
    ),
)
NO_GATEWAY = Alarm(
    "LINK-13",
    ": cổng của thành phố đang tắt hoặc đang nâng cấp",
    (
        "Không phải làm gì ở phường: mạng tốt, tờ khai nằm yên trong máy, cổng mở lại là máy tự gửi.",
        "Quá một buổi vẫn vậy thì gọi phòng công nghệ của thành phố, đọc mã LINK-13.",
    ),
)
NOT_ENROLLED = Alarm(
    "LINK-14",
    "Máy chưa ghi danh với cổng: tờ khai sẽ nằm lại trong máy",
    (
        "Gọi phòng công nghệ của thành phố, đọc mã máy và mã đơn vị, xin mã ghi danh.",
        "Bấm “Khóa của máy”, gõ mã đó.",
        "Bấm “Thử kết nối”: đủ năm bước tốt thì máy sẵn sàng.",
    ),
)
WRONG_ADDRESS = Alarm(
    "LINK-15",
    ": máy chủ của cổng không nhận địa chỉ mà máy gọi",
    (
        "Xem địa chỉ cổng trong kiosk.toml, đoạn [portal]: khác địa chỉ mà thành phố đã báo thì sửa rồi khởi động lại.",
        "Đúng địa chỉ mà vẫn vậy: gọi phòng công nghệ của thành phố, đọc mã LINK-15 và địa chỉ đó.",
        "Tờ khai nằm yên trong máy. Sửa xong thì bấm “Gửi ngay”.",
    ),
)
UNREACHED = {
    "421": WRONG_ADDRESS,
    "502": NO_GATEWAY,
    "503": NO_GATEWAY,
    "504": NO_GATEWAY,
    "foreign answer": Alarm(
        "LINK-09",
        ": có máy khác trả lời thay cổng",
        (
            "Mở trình duyệt xem mạng có đòi đăng nhập không: có thì đăng nhập.",
            "Xem địa chỉ cổng trong kiosk.toml, đoạn [portal].",
            "Bấm “Gửi ngay”.",
        ),
    ),
    "gaierror": NO_NAME,
    "NameResolutionError": NO_NAME,
    "SSLCertVerificationError": NOT_PROVEN,
    "SSLError": NOT_PROVEN,
}
"""Alarms by sync's code of the last failure; any other code is `LOST`."""


NO_PORTAL_STEPS = (
    "Xin phòng công nghệ của thành phố địa chỉ cổng và mã ghi danh.",
    "Ghi địa chỉ ở trang Cài đặt, mục Cổng của thành phố, rồi khởi động lại.",
    "Nối được là máy tự gửi hết tờ đang chờ.",
    "Phường không nối cổng nào: ghi 0 ở ô Báo khi chưa có cổng.",
)
NUMBER_TAKEN_STEPS = (
    "Báo cán bộ ở quầy mở trang “Cần xem lại”: tờ nào có chữ “mã phiếu (number)” thì mời người đó khai lại."
    " Có số khác rồi thì rút tờ cũ.",
    "Gọi phòng công nghệ của thành phố, đọc mã máy và mã SEND-04: hai máy có thể đang chạy cùng một tên.",
)


def link(context: Context) -> CheckResult:
    """Report whether the portal is reached, and why delivery is paused."""
    if not context.config.portal.capabilities.takes_forms:
        return CheckResult(LINK, "note", "Không gửi đi đâu (portal = none)")
    with context.store.read() as db:
        state = sync.link.state(db)
        stop = sync.link.current_stop(db, context.clock.monotonic())
    if stop:
        ends = f"Máy tự gửi tiếp lúc {short_time(stop.ends, context.clock.today())}" if stop.ends else ""
        words = f"Tạm dừng: kỹ thuật bấm dừng từ {short_time(stop.since, context.clock.today())}"
        return CheckResult(
            name=LINK, state="warning", words=words, do="Bấm “Gửi tiếp” khi muốn gửi lại.", code="LINK-08", ends=ends
        )
    if state.paused or state.is_up is None:
        return _not_begun(context, state)
    if state.is_up is False:
        return _lost(context, state)
    return CheckResult(LINK, "ok", "Tốt")


def _not_begun(context: Context, state: sync.link.LinkState) -> CheckResult:
    """Report a pause, or that there was no contact yet; a kiosk without an enrolled key has both for one reason."""
    if state.paused in (None, "auth") and _is_new(context):
        alarm = NOT_ENROLLED
        do = " ".join(alarm.steps)
        return CheckResult(name=LINK, state="warning", words=alarm.why, do=do, code=alarm.code, steps=alarm.steps)
    if state.paused:
        return _paused(context, state)
    return CheckResult(LINK, "note", "Chưa liên lạc lần nào")


def _is_new(context: Context) -> bool:
    """Return whether the portal never took this kiosk's key; practice enrols itself."""
    config = context.config
    if config.kiosk.practice or not config.portal.capabilities.can_be_enrolled:
        return False
    with context.store.read() as db:
        return not sync.link.has_been_known(db) and not renewals.has_succeeded(db)


def _paused(context: Context, state: sync.link.LinkState) -> CheckResult:
    is_account = state.paused == "auth" and not context.config.portal.capabilities.can_be_enrolled
    alarm = UNKNOWN_ACCOUNT if is_account else PAUSES[str(state.paused)]
    if state.paused == "auth" and state.last_code == "replaced":
        alarm = REPLACED
    until = state.until if not state.is_held else None
    ends = f"Máy tự thử lúc {short_time(until, context.clock.today())}" if until else ""
    words = f"Tạm dừng: {alarm.why}"
    if state.paused == "version" and str(state.last_code).startswith(sync.errors.MINIMUM):
        minimum = str(state.last_code).removeprefix(sync.errors.MINIMUM)
        words = f"{words}: từ {minimum} trở lên, máy đang chạy {release.current().version}"
    return CheckResult(
        name=LINK,
        state="warning" if alarm.steps else "note",
        words=words,
        do=" ".join(alarm.steps),
        code=alarm.code,
        steps=alarm.steps,
        ends=ends,
    )


def _lost(context: Context, state: sync.link.LinkState) -> CheckResult:
    alarm = UNREACHED.get(str(state.last_code), LOST)
    since = f" từ {short_time(state.last_success, context.clock.today())}" if state.last_success else ""
    ends = f"Máy tự thử lúc {short_time(state.until, context.clock.today())}" if state.until else ""
    return CheckResult(
        name=LINK,
        state="warning",
        words=f"Đang mất{alarm.why}{since}",
        do=" ".join(alarm.steps),
        code=alarm.code,
        steps=alarm.steps,
        ends=ends,
    )


def queue(context: Context) -> CheckResult:
    """Report the age of the oldest form that was not sent, and what the portal refused."""
    with context.store.read() as db:
        oldest = sync.outbox.oldest_open(db)
        waiting = submissions.count_queued(db)
        refused = submissions.count_returned(db)
        taken = refusals.count_number_taken(db)
        refused_events = decisions.count_quarantined(db)
    if taken:
        words = f"{taken} tờ khai mang số phiếu mà cổng đã có cho người khác"
        do = " ".join(NUMBER_TAKEN_STEPS)
        return CheckResult(name=QUEUE, state="warning", words=words, do=do, code="SEND-04", steps=NUMBER_TAKEN_STEPS)
    if refused:
        return _refused(f"{refused} tờ khai cần xem lại", "SEND-02")
    if refused_events:
        return _refused(f"{refused_events} việc của quầy mà cổng không nhận", "SEND-03")
    words = f"{waiting} tờ khai chờ gửi"
    if not context.config.portal.capabilities.takes_forms:
        return _unset(context, waiting, oldest)
    if oldest and opening_time(context, clock.parse_timestamp(oldest), context.clock.now()) > OLDEST:
        do = "Xem mục Đường truyền. Đường truyền tốt mà hàng vẫn đứng thì gọi phòng công nghệ của thành phố."
        return CheckResult(
            name=QUEUE, state="warning", words=f"{words}, cũ nhất quá 4 giờ mở cửa", do=do, code="SEND-01"
        )
    return CheckResult(QUEUE, "ok", words)


def _unset(context: Context, waiting: int, oldest: str | None) -> CheckResult:
    """Report what waits while no portal is set."""
    days = context.config.portal.unset_days
    words = f"{waiting} tờ khai chờ, chưa ghi cổng"
    if not (days and waiting and oldest):
        return CheckResult(QUEUE, "note" if waiting else "ok", words)
    since = clock.parse_timestamp(oldest)
    if context.clock.now() - since <= timedelta(days=days):
        return CheckResult(QUEUE, "note", words)
    words = f"{words}, cũ nhất từ {clock.local(since):%d/%m/%Y}"
    do = " ".join(NO_PORTAL_STEPS)
    return CheckResult(name=QUEUE, state="warning", words=words, do=do, code="SEND-05", steps=NO_PORTAL_STEPS)


def _refused(words: str, code: str) -> CheckResult:
    steps = (
        "Báo cán bộ ở quầy mở trang “Cần xem lại”: ở đó có thông báo của cổng.",
        "Cán bộ sửa tờ khai, gửi lại, hoặc rút. Các tờ khác vẫn gửi.",
    )
    return CheckResult(name=QUEUE, state="warning", words=words, do=" ".join(steps), code=code, steps=steps)


def opening_time(context: Context, since: datetime, until: datetime) -> timedelta:
    """Return the opening hours between two aware times, of at most the last 31 days."""
    start = clock.local(max(since, until - timedelta(days=31)))
    end = clock.local(until)
    total = timedelta()
    day = start.date()
    while day <= end.date():
        for opens, closes in context.calendar.open_hours(day):
            first = max(start, datetime.combine(day, opens, clock.WARD))
            last = min(end, datetime.combine(day, closes, clock.WARD))
            total += max(timedelta(), last - first)
        day += timedelta(days=1)
    return total
