"""Refusals of an update, each with a code of its own, in words that say what to do."""

from kiosk.base.errors import KioskError


class UpdateRefused(KioskError):
    """An update cannot go on; nothing of the present release was changed."""

    status = 409


class NotTrusted(UpdateRefused):
    """The signatures, the chain of keys or the order of versions of the metadata are wrong."""

    code = "K-41"
    vi = "Chữ ký của bản phát hành không đúng. Đừng cài; báo phòng công nghệ của thành phố kèm mã này."
    en = "The signatures of the releases are wrong. Install nothing; tell the province this code."


class OlderRelease(UpdateRefused):
    """The release is older than the present one, and is not one to go back to."""

    code = "K-42"
    vi = "Bản này cũ hơn bản đang chạy nên không cài. Muốn về bản trước thì chạy: kiosk update back."
    en = "This release is older than the present one. To return to the one before, run: kiosk update back."


class OtherMachine(UpdateRefused):
    """The release is for another product, processor or version of Python."""

    code = "K-43"
    vi = "Bản này dành cho loại máy khác. Xin phòng công nghệ bản đúng loại máy này."
    en = "This release is for another kind of machine. Ask the province for the right one."


class BrokenOff(UpdateRefused):
    """The downloaded file differs from the one that was signed."""

    code = "K-44"
    vi = (
        "Tệp tải về bị đứt hoặc bị đổi; máy đã xóa phần ấy và sẽ tải lại. USB: chép lại tệp từ máy của phòng công nghệ."
    )
    en = "The file is broken off or was changed; it is deleted and fetched again. USB: copy the files again."


class NoRoom(UpdateRefused):
    """The disk has too little free space."""

    code = "K-45"
    vi = "Ổ đĩa không đủ chỗ cho bản mới. Dọn bớt tệp rồi thử lại; bản đang chạy vẫn như cũ."
    en = "The disk has too little room for the release. Free some and try again; the present one stays."


class SourceAway(UpdateRefused):
    """The source of releases does not answer, or the USB stick is not there."""

    code = "K-46"
    vi = "Chưa đến được nơi phát hành. Xem đường truyền, hoặc cắm lại USB; máy tự thử lại."
    en = "The releases cannot be reached. Look at the network, or plug the stick in again."


class TooOld(UpdateRefused):
    """The metadata has expired, or the clock of this machine is wrong."""

    code = "K-47"
    vi = "Danh mục bản phát hành quá hạn. Xem ngày giờ của máy; đúng giờ thì xin phòng công nghệ danh mục mới."
    en = "The list of releases has expired. Check the clock; if it is right, ask the province for a fresh list."


class NotSetUp(UpdateRefused):
    """The settings name no folder of programs, or no root of trust."""

    code = "K-48"
    vi = "Máy này chưa đặt cập nhật: xem [updates] programs và root trong kiosk.toml."
    en = "Updates are not set up on this machine: see [updates] programs and root in kiosk.toml."


class NothingThere(UpdateRefused):
    """There is no release to fetch, to apply or to go back to."""

    code = "K-49"
    vi = "Không có bản nào để làm việc này."
    en = "There is no release to do this with."


class FailedProbe(UpdateRefused):
    """The new release did not start on a copy of the store: the present one stays."""

    code = "K-50"
    vi = "Bản mới không chạy được trên bản sao của kho, nên máy không đổi sang. Báo phòng công nghệ kèm mã này."
    en = "The new release did not run on a copy of the store, so nothing was switched. Tell the province this code."


class StoreMovedOn(UpdateRefused):
    """The release before cannot read the store, and forms were filed since the copy."""

    code = "K-51"
    vi = "Kho đã đổi theo bản này và đã có tờ khai mới, bản trước không đọc được. Giữ bản này; báo phòng công nghệ."
    en = "The store has changed with this release and has new forms that the one before cannot read. Keep this one."


class NotIdle(UpdateRefused):
    """Somebody is filling in a form, or it is not the hour."""

    code = "K-52"
    vi = "Đang có người khai, hoặc chưa đến giờ đổi bản. Máy tự đổi khi vắng, trong giờ đã đặt."
    en = "Somebody is filling in a form, or it is not the hour. The kiosk switches by itself when it is idle."


class BadContent(UpdateRefused):
    """A content release has files that this program cannot read."""

    code = "K-53"
    vi = "Gói nội dung có tệp mà bản này không đọc được, nên máy giữ nội dung cũ. Báo phòng công nghệ kèm mã này."
    en = "The content has files that this program cannot read, so the content before stays. Tell the province."


class OwnerAway(UpdateRefused):
    """The unit that installs releases does not answer (kiosk/updates/owner.py)."""

    code = "K-64"
    vi = "Phần cài bản mới của máy chưa chạy, nên máy giữ bản đang dùng. Khởi động lại máy; vẫn vậy thì cài bằng gói."
    en = "The unit that installs releases does not answer, so the present one stays. Restart; else install the package."
