"""The check of the ward's own procedure files and its override file: what is wrong, and what is left out meanwhile."""

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.procedures.life_events import FILE_NAME as EVENTS
from kiosk.records import procedure_versions

_NAME = "Tệp thủ tục"
_SHOWN = 3
LOST_VERSION = (
    "Đặt lại tệp thủ tục mang mã và bản đó vào thư mục thủ tục của phường.",
    "Khởi động lại máy.",
    "Không còn tệp thì gọi phòng công nghệ của thành phố, đọc mã FORM-02.",
)


def procedure_files(context: Context) -> CheckResult:
    """Report the files that have errors; the others are served."""
    catalogue = context.catalogue
    with context.store.read() as db:
        lost_versions = _unreadable(db, context)
        former = _former(db, context)
    if lost_versions:
        words = f"Không đọc được mẫu của {_listed(lost_versions)}. Tờ khai còn nguyên trong máy"
        return CheckResult(
            name=_NAME, state="fault", words=words, do=" ".join(LOST_VERSION), code="FORM-02", steps=LOST_VERSION
        )
    if not catalogue.errors and former:
        words = f"Mẫu đã bỏ mà còn tờ khai theo: {_listed(former)}. Máy giữ mẫu đó cho đến khi xong"
        return CheckResult(_NAME, "note", words)
    if not catalogue.errors:
        return CheckResult(_NAME, "ok", f"{len(catalogue.all(context.clock.today()))} thủ tục đang dùng")
    left_out = ", ".join(sorted(catalogue.withheld))
    words = f"{len(catalogue.errors)} chỗ phải sửa"
    kept = [name for name, is_kept in sorted(catalogue.bad_files.items()) if is_kept]
    if kept:
        words = f"{words}; máy dùng bản đúng gần nhất của {', '.join(kept)}"
    if left_out:
        words = f"{words}; máy tạm không nhận thủ tục {left_out}, để người dân không thấy lệ phí hay thời hạn sai"
    steps = (
        *catalogue.errors[:_SHOWN],
        "Sửa xong thì chạy kiosk procedure check: lệnh đó liệt kê mọi chỗ sai còn lại.",
        "Khởi động lại máy. Trong lúc chờ, thủ tục bị bỏ ra thì làm ở quầy.",
    )
    lost = [name for name, is_kept in catalogue.bad_files.items() if not is_kept and name != EVENTS]
    return CheckResult(
        name=_NAME,
        state="fault",
        words=words,
        do=" ".join(steps),
        code="FORM-01",
        steps=steps,
        stops="some" if catalogue.withheld or lost else "",
    )


def _listed(versions: list[tuple[str, str, int]]) -> str:
    return ", ".join(f"{code} bản {version} ({count} tờ)" for code, version, count in versions)


def _unreadable(db: Database, context: Context) -> list[tuple[str, str, int]]:
    """Return the versions of forms that this machine cannot read: code, version and how many forms."""
    return _counted(db, [used for used in procedure_versions.list_used(db) if context.catalogue.version(*used) is None])


def _former(db: Database, context: Context) -> list[tuple[str, str, int]]:
    """Return the versions of forms that are no longer in the catalogue: code, version and how many forms."""
    kept = procedure_versions.list_all(db)
    return _counted(db, [one for one in kept if context.catalogue.is_former(*one)])


def _counted(db: Database, versions: list[tuple[str, str]]) -> list[tuple[str, str, int]]:
    counts = [(code, version, procedure_versions.count_used(db, code, version)) for code, version in sorted(versions)]
    return [(code, version, count) for code, version, count in counts if count]
