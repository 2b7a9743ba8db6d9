"""The check of the ward's own procedure files and its override file: what is wrong, and what is left out meanwhile."""

from sqlite_utils import Database

from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.procedures import procedure_json
from kiosk.procedures.documents import FILE_NAME as REGISTER
from kiosk.procedures.life_events import FILE_NAME as EVENTS
from kiosk.procedures.loader import Catalogue
from kiosk.procedures.model import Procedure
from kiosk.procedures.shared_parts import is_shared
from kiosk.records import procedure_versions

_NAME = "Tệp thủ tục"
_SHOWN = 3
_OF_A_FORM = ("situations", "steps", "fields", "copies", "declaration", "enclosed")
"""Parts of a procedure that the answers of a form belong to."""
LOST_VERSION = (
    "Đặt lại tệp thủ tục mang mã và bản đó vào thư mục thủ tục của phường.",
    "Khởi động lại máy.",
    "Không còn tệp thì gọi phòng công nghệ của thành phố, đọc mã FORM-02.",
)


CHANGED = (
    "Ghi version mới và effective_from mới trong tệp của thủ tục đó, rồi khởi động lại máy.",
    "Tờ khai đã bắt đầu thì theo bản cũ, máy vẫn giữ bản đó.",
)


def check(context: Context) -> CheckResult:
    """Report the files that have errors; the others are served."""
    catalogue = context.catalogue
    with context.store.read() as db:
        lost_versions = _unreadable(db, context)
        former = _former(db, context)
        changed = _counted(db, _changed_in_place(db, catalogue))
    if lost_versions:
        words = f"Không đọc được mẫu của {_listed(lost_versions)}. Tờ khai còn nguyên trong máy"
        return CheckResult(
            name=_NAME, state="fault", words=words, do=" ".join(LOST_VERSION), code="FORM-02", steps=LOST_VERSION
        )
    if not catalogue.errors and changed:
        words = f"Nội dung đổi mà bản không đổi: {_listed(changed)}"
        return CheckResult(
            name=_NAME, state="warning", words=words, do=" ".join(CHANGED), code="FORM-03", steps=CHANGED
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
    overrides = context.config.overrides_path
    no_procedures = {EVENTS, REGISTER, overrides.name if overrides else ""}
    bad = [name for name, is_kept in catalogue.bad_files.items() if not is_kept]
    lost = [name for name in bad if name not in no_procedures and not is_shared(name)]
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


def _changed_in_place(db: Database, catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return the versions of forms whose file asks or prints something else now, though its version is the same."""
    kept = [one for one in procedure_versions.list_all(db) if one in catalogue.own_versions]
    return [(code, version) for code, version in kept if _is_changed(db, catalogue.version(code, version))]


def _is_changed(db: Database, procedure: Procedure | None) -> bool:
    return procedure is not None and differs(db, procedure)


def differs(db: Database, procedure: Procedure) -> bool:
    """Return whether the forms of a version were begun with other questions or another declaration."""
    if not procedure_versions.is_kept(db, procedure.code, procedure.version):
        return False
    try:
        kept = procedure_json.load(procedure_versions.content(db, procedure.code, procedure.version))
    except ValueError:
        return False
    return any(getattr(kept, name) != getattr(procedure, name) for name in _OF_A_FORM)
