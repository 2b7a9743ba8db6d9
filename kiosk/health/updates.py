"""Check of the updates: the release and the content, and an update that was refused or taken back."""

from kiosk.base import release
from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.updates import status, trial

NAME = "Bản của máy"
_WAITING = {
    "fetching": "đang tải bản {target}",
    "ready": "bản {target} đợi đêm để đổi",
    "trial": "đang thử bản {target}",
}
_EXPIRED = "K-47"
_DO = "Mở trang Cập nhật, hoặc chạy kiosk update status. Báo phòng công nghệ của thành phố mã ghi ở đó."


def check(context: Context) -> CheckResult:
    """Report the release that runs, and what became of the newest update."""
    found = status.read(context.config.updates_folder)
    words = f"Bản {found.version}" + (f", nội dung {found.content}" if found.content else "")
    if found.state == "went_back" and found.code:
        words = f"{words}: bản {found.target} không lên được, máy đã tự về bản này"
        return CheckResult(name=NAME, state="warning", words=words, do=_DO, code="UPDT-02")
    if found.state == "refused" and found.code == _EXPIRED:
        do = "So ngày giờ của máy với điện thoại. Đúng giờ thì xin phòng công nghệ ký lại danh mục bản phát hành."
        return CheckResult(name=NAME, state="warning", words=f"{words}: danh mục quá hạn", do=do, code="UPDT-03")
    if found.state == "refused":
        what = f"không nhận bản {found.target}" if found.target else "không nhận danh mục bản phát hành"
        return CheckResult(name=NAME, state="warning", words=f"{words}: {what} ({found.code})", do=_DO, code="UPDT-01")
    if found.state in _WAITING and not _is_over(context, found):
        return CheckResult(NAME, "note", f"{words}, {_WAITING[found.state].format(target=found.target)}")
    return CheckResult(NAME, "ok", words)


def _is_over(context: Context, found: status.UpdateStatus) -> bool:
    """Return whether a trial of this release is over: a power cut may have come before the state was written."""
    is_of_this = found.state == "trial" and found.target == release.current().version
    return is_of_this and not trial.read(context.config.updates_folder)
