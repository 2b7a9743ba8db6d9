"""Errors of the kiosk, sorted by what the caller does next.

Every error has a short code that can be read aloud, and one sentence in Vietnamese and English that says what to do,
never what broke: the cause is in `__cause__`. A code keeps its meaning for ever.

    KioskError
    ├── BadSettings                  K-01  correct kiosk.toml; nothing starts
    │   └── SettingsRefused                correct what was typed; nothing was written
    ├── SettingsChanged              K-39  look at the file of now, then change it again
    ├── SettingsReadOnly             K-40  let the kiosk's user write kiosk.toml
    │   └── SettingsBusy             K-56  do it again in a moment; nothing was written
    ├── (BadProcedure)               K-02  correct a procedure file (kiosk/procedures/loader.py); it is left out
    ├── (NoSpeechEngine)             K-03  install an engine or record clips (kiosk/voice/errors.py); all else works
    ├── (BadVoiceModel)              K-55  mend the files of the voice model (kiosk/voice/errors.py); espeak-ng speaks
    ├── BackupMissing                K-04  connect the backup medium; all else works
    ├── BackupFull                   K-05  free space on the backup medium; all else works
    ├── NoCopy                       K-06  find a usable copy, or the key that opens it
    ├── KioskRunning                 K-07  stop the kiosk first
    ├── RecoveryPaperWrong       K-09  type or scan the recovery paper again, or fetch the right one
    ├── UsbFailed                    K-08  use another USB stick; nothing is lost
    ├── OutOfService                       the kiosk accepts nothing until a technician has come: one plain page
    │   ├── StoreUnavailable         K-10  the folder or the disk refuses
    │   │   ├── StoreFull            K-11  free space
    │   │   ├── StoreDamaged         K-12  move it away, restore a copy; never delete
    │   │   ├── StoreBusy            K-13  repeat the same action in a moment
    │   │   └── StoreNewer           K-18  start the release that wrote it
    │   ├── StoreNotGrown            K-62  start the release before this one; the store is unchanged
    │   ├── StoreOlder               K-58  start the last trial build once; the store is unchanged
    │   ├── StoreMissing             K-19  mount the disk, restore a copy, or set up a new machine; no store is created
    │   ├── KeyMissing               K-14  put the key file back
    │   ├── KeyWrong                 K-15  the key belongs to another store
    │   └── ReceiptNumbersUsedUp     K-17  no receipt number is left today: paper forms
    ├── SealBroken                   K-16  this record cannot be trusted; the others can
    ├── DraftGone                    K-20  start again
    ├── AlreadySubmitted             K-21  show what was submitted
    ├── FormChanged                  K-22  go to the step that is now open
    ├── NotFound                     K-23  say so
    ├── NotAllowed                   K-24  go to the start page
    ├── TooManyTries                 K-25  wait, or ask an officer
    ├── NoTicketsLeft                K-26  come another day, or ask an officer
    ├── RevisionConflict             K-27  look at the other officer's correction, then save again
    ├── CorrectionClosed             K-28  the case is closed: no more corrections
    ├── BadUpload                    K-29  photograph or scan the paper again
    ├── WrongUser                    K-31  run the command as the owner of the data folder; nothing was written
    ├── TooMuchSent                  K-35  write less, or choose a smaller file
    ├── TurnLost                     K-37  look at what the other side typed, then ask for the turn
    ├── DraftElsewhere               K-38  ask the officer who has the draft open, or take it over
    ├── MachineReplaced              K-59  run only one of the two machines of this name
    ├── ForeignCopies                K-60  move the copies of the other store away, or use an empty folder
    └── FormerMachineOn              K-61  turn the former machine off, then take over
"""

from collections.abc import Sequence


class KioskError(Exception):
    """Error that a page can explain: `code` to read aloud, `vi` and `en` to show, `status` for HTTP."""

    code = "K-00"
    status = 500
    vi = "Máy chưa làm được việc này. Mời gọi cán bộ."
    en = "The kiosk could not do this. Please call an officer."

    def __init__(self, vi: str | None = None, en: str | None = None) -> None:
        self.vi = vi if vi is not None else type(self).vi
        self.en = en if en is not None else type(self).en
        super().__init__(f"{self.code}: {self.vi} / {self.en}")


class BadSettings(KioskError):
    """kiosk.toml is invalid; the message lists all errors together."""

    code = "K-01"
    vi = "Tệp kiosk.toml có chỗ phải sửa."
    en = "kiosk.toml needs mending."
    faults: tuple[str, ...] = ()
    """In Vietnamese: each error with its line."""


class SettingsRefused(BadSettings):
    """A change of kiosk.toml is not written, because the result would be invalid; `faults` has a sentence for each."""

    status = 422

    def __init__(self, file: str, vi: Sequence[str], en: Sequence[str]) -> None:
        super().__init__(
            "\n".join([f"{file} có {len(vi)} chỗ phải sửa, chưa ghi gì:", *vi]),
            "\n".join([f"{file} has {len(en)} fault(s), nothing was written:", *en]),
        )
        self.faults = tuple(vi)


class SettingsChanged(KioskError):
    """kiosk.toml has changed since it was read or shown."""

    code = "K-39"
    status = 409
    vi = "Cài đặt của máy vừa có người sửa, nên chưa ghi gì. Mời xem lại rồi ghi."
    en = "Somebody else has just changed kiosk.toml, so nothing was written. Please look again, then save."


class SettingsReadOnly(KioskError):
    """kiosk.toml or its folder cannot be written."""

    code = "K-40"
    status = 409


class SettingsBusy(SettingsReadOnly):
    """Another program holds the folder of kiosk.toml."""

    code = "K-56"


class BackupMissing(KioskError):
    """The backup folder is missing or cannot be written."""

    code = "K-04"
    vi = "Không thấy thư mục sao lưu, hoặc không ghi được vào đó. Cắm lại ổ sao lưu rồi thử lại."
    en = "The backup folder is not there or cannot be written. Put the backup disk back and try again."


class BackupFull(KioskError):
    """The backup medium is full."""

    code = "K-05"
    vi = "Ổ sao lưu đã đầy. Dọn bớt tệp trên ổ đó, hoặc thay ổ lớn hơn."
    en = "The backup disk is full. Make room on it, or use a larger one."


class NoCopy(KioskError):
    """There is no usable copy."""

    code = "K-06"
    vi = "Không có bản sao nào dùng được. Xem lại ổ sao lưu và tệp khóa; đừng xóa gì."
    en = "There is no copy that can be used. Check the backup disk and the key file; delete nothing."


class KioskRunning(KioskError):
    """The store is open in another process."""

    code = "K-07"
    vi = "Máy đang chạy. Dừng máy rồi chạy lại lệnh này."
    en = "The machine is running. Stop it, then run this command again."


class UsbFailed(KioskError):
    """A USB stick is full, was removed, or does not return what was written."""

    code = "K-08"
    vi = "USB hết chỗ, bị rút ra, hoặc hỏng. Không mất gì: dùng USB khác rồi chạy lại lệnh này."
    en = "The stick is full, away or broken. Nothing is lost: take another one and run this again."


class RecoveryPaperWrong(KioskError):
    """The words of a recovery paper are mistyped, or it is the paper of another store."""

    code = "K-09"
    vi = "Giấy khôi phục gõ chưa đúng: có chữ nhầm chỗ hoặc thiếu. Xem lại rồi gõ lại, hoặc quét mã trên giấy."
    en = "The recovery paper is mistyped: a word is wrong. Look again and type it again, or scan its code."


class MachineReplaced(KioskError):
    """Another machine has restored this store and goes on with it."""

    code = "K-59"
    vi = "Một máy khác đã tiếp quản kho và tên của máy này. Chỉ một máy được chạy: tắt hẳn máy không dùng nữa."
    en = "Another machine has taken over this machine's store and name. Only one may run: turn the other one off."


class ForeignCopies(KioskError):
    """The folder has copies of another store under the same kiosk id."""

    code = "K-60"
    vi = "Thư mục này có bản từng phút của một kho khác cùng tên máy. Chuyển chúng đi, hoặc dùng thư mục trống."
    en = "This folder has minute copies of another store of the same name. Move them away, or use an empty folder."


class FormerMachineOn(KioskError):
    """The machine that is to be replaced may still serve."""

    code = "K-61"
    vi = "Máy cũ có thể còn chạy. Tắt hẳn máy đó, rồi chạy lại lệnh này."
    en = "The former machine may still run. Turn it off, then run this again."


class OutOfService(KioskError):
    """The kiosk accepts nothing until a technician has come."""

    status = 503


class StoreUnavailable(OutOfService):
    """The data folder or the disk refuses reads or writes."""

    code = "K-10"
    vi = "Máy không ghi được vào nơi lưu. Mời dùng mẫu giấy và báo cán bộ kỹ thuật."
    en = "The kiosk cannot write to its store. Please use the paper form and tell the technician."


class StoreFull(StoreUnavailable):
    """The disk is full."""

    code = "K-11"
    vi = "Ổ đĩa của máy đã đầy. Mời dùng mẫu giấy và báo cán bộ kỹ thuật."
    en = "The kiosk's disk is full. Please use the paper form and tell the technician."


class StoreDamaged(StoreUnavailable):
    """SQLite cannot read the file. A failing disk reports the same of an intact file, so nothing is deleted."""

    code = "K-12"
    vi = "Máy không đọc được nơi lưu. Đừng xóa gì; báo cán bộ kỹ thuật khôi phục từ bản sao."
    en = "The kiosk cannot read its store. Delete nothing; the technician restores a copy."


class StoreBusy(StoreUnavailable):
    """Another writer held the lock for too long; the same action may be repeated."""

    code = "K-13"
    vi = "Máy đang bận. Mời chạm lại sau ít giây."
    en = "The kiosk is busy. Please touch again in a few seconds."


class StoreNewer(StoreUnavailable):
    """A later release wrote this store; an older one would damage it."""

    code = "K-18"
    vi = "Nơi lưu do bản mới hơn ghi. Cán bộ kỹ thuật cài lại bản mới rồi khởi động máy."
    en = "A later release has written this store. The technician installs that release again."


class StoreNotGrown(OutOfService):
    """This release could not migrate the store; nothing of it was changed."""

    code = "K-62"
    vi = "Bản mới không đổi được nơi lưu sang dạng của nó. Nơi lưu còn nguyên, không mất gì. Cài lại bản trước."
    en = "This release could not migrate the store. The store is unchanged, nothing is lost. Install the one before."


class StoreOlder(OutOfService):
    """A trial build wrote this store, and not the last one: this release has no steps for it."""

    code = "K-58"
    vi = "Nơi lưu do một bản chạy thử cũ ghi, và còn nguyên. Cài bản 0.1.0 cuối cùng, bật máy một lần, rồi cài bản này."
    en = (
        "An old trial build wrote the store; it is unchanged. Install the last 0.1.0, start it once, then this release."
    )


class StoreMissing(OutOfService):
    """There is no store where kiosk.toml says; only `kiosk init` creates one."""

    code = "K-19"
    vi = "Không thấy nơi lưu của máy. Đừng lập mới; cán bộ kỹ thuật xem lại ổ đĩa, hoặc khôi phục từ bản sao."
    en = "The kiosk's store is not there. Make no new one; the technician checks the disk, or restores a copy."


class KeyMissing(OutOfService):
    """The store has sealed records and the key file is missing."""

    code = "K-14"
    vi = "Không thấy tệp khóa của nơi lưu. Cán bộ kỹ thuật đặt lại tệp khóa rồi khởi động máy."
    en = "The store's key file is missing. The technician puts it back and starts the kiosk again."


class KeyWrong(OutOfService):
    """The key file does not belong to this store."""

    code = "K-15"
    vi = "Tệp khóa không phải của nơi lưu này. Cán bộ kỹ thuật đặt đúng tệp khóa rồi khởi động máy."
    en = "The key file does not belong to this store. The technician puts the right one back."


class SealBroken(KioskError):
    """A sealed record was changed, moved or truncated."""

    code = "K-16"
    vi = "Máy không mở được hồ sơ này. Mời gọi cán bộ."
    en = "The kiosk cannot open this record. Please call an officer."


class ReceiptNumbersUsedUp(OutOfService):
    """All receipt numbers of the day are used up."""

    code = "K-17"
    vi = "Máy đã hết số phiếu của hôm nay. Mời dùng mẫu giấy và báo cán bộ."
    en = "The kiosk has no receipt numbers left today. Please use the paper form and tell an officer."


class DraftGone(KioskError):
    """The draft was deleted, or belongs to another session."""

    code = "K-20"
    status = 410
    vi = "Tờ khai này không còn ở máy. Mời khai lại. Nếu đã giữ tờ khai và in phiếu, mời đưa phiếu vào máy đọc."
    en = "This form is no longer on the kiosk. Please start again. If you kept it and have its slip, scan the slip."


class AlreadySubmitted(KioskError):
    """Submit was touched twice; `submission_id` is the submission of the first touch."""

    code = "K-21"
    status = 409
    vi = "Tờ khai này đã gửi rồi."
    en = "This form has already been submitted."

    def __init__(self, submission_id: str) -> None:
        super().__init__()
        self.submission_id = submission_id


class FormChanged(KioskError):
    """The form changed since the page was shown; `step` is the next page, empty for the first unfinished one."""

    code = "K-22"
    status = 409
    vi = "Tờ khai đã thay đổi. Mời xem lại bước này."
    en = "The form has changed. Please look at this step again."

    def __init__(self, step: str = "") -> None:
        super().__init__()
        self.step = step


class NotFound(KioskError):
    """Nothing has this name or number."""

    code = "K-23"
    status = 404
    vi = "Máy không tìm thấy. Mời xem lại số trên phiếu."
    en = "Nothing was found. Please check the number on the slip."


class NotAllowed(KioskError):
    """The visitor or officer may not do this."""

    code = "K-24"
    status = 403
    vi = "Trang này không mở được ở đây."
    en = "This page cannot be opened here."


class CounterBusy(NotAllowed):
    """Another officer's number stands at the counter; `may_put_back`: nobody sits there any more."""

    def __init__(self, counter: int, label: str, *, may_put_back: bool) -> None:
        self.counter = counter
        self.label = label
        self.may_put_back = may_put_back
        if may_put_back:
            vi = f"Quầy {counter} còn số {label} mà người gọi đã rời quầy. Mời đưa số về hàng chờ rồi ngồi vào."
            en = f"Number {label} is still at counter {counter}. Put it back into the line before you sit down."
        else:
            vi = (
                f"Quầy {counter} đang làm việc với số {label}. Mời chọn quầy khác, hoặc đợi người ở quầy đó bấm "
                "“Xong” hay “Giữ lại”."
            )
            en = f"Counter {counter} is serving number {label}. Choose another counter, or wait until it is done."
        super().__init__(vi, en)


class TooManyTries(KioskError):
    """Too many attempts; `seconds` until the next one, 0 if only an officer can help."""

    code = "K-25"
    status = 429
    vi = "Đã thử nhiều lần. Mời đợi một lúc, hoặc gọi cán bộ."
    en = "Tried too many times. Please wait a while, or call an officer."

    def __init__(self, seconds: int = 0) -> None:
        super().__init__()
        self.seconds = seconds


class SignInsBusy(KioskError):
    """Others are signing in now, as many as the machine checks at a time; nothing was counted against this one."""

    code = "K-57"
    status = 429
    vi = "Máy đang xem mật khẩu của nhiều người. Mời đợi vài giây rồi bấm lại."
    en = "Many people are signing in right now. Please wait a few seconds and press again."


class NoTicketsLeft(KioskError):
    """No ticket is issued any more today: the quota of the series is reached, or the counters close soon."""

    code = "K-26"
    status = 409
    vi = "Hôm nay đã hết số. Mời đến lấy số vào ngày làm việc tới, hoặc hỏi cán bộ nếu việc gấp."
    en = "There are no more numbers today. Please come on the next working day, or ask an officer if it is urgent."


class RevisionConflict(KioskError):
    """Another officer saved a later revision; `revision` is its number."""

    code = "K-27"
    status = 409
    vi = "Cán bộ khác vừa ghi một bản sửa của hồ sơ này. Chỗ đang sửa vẫn còn: mời xem lại rồi ghi."
    en = "Another officer has just corrected this file. What you typed is kept: please look again, then save."

    def __init__(self, revision: int) -> None:
        super().__init__()
        self.revision = revision


class CorrectionClosed(KioskError):
    """The case is closed or withdrawn."""

    code = "K-28"
    status = 409
    vi = "Hồ sơ này đã xong hoặc đã rút, không sửa được nữa."
    en = "This file is closed or withdrawn and can no longer be corrected."


class CertifiedPaperMoved(KioskError):
    """A correction takes away, renames or moves a paper that has a number of a register of certification."""

    code = "K-63"
    status = 409
    vi = (
        "Giấy đã có số chứng thực phải còn nguyên tên và chỗ trong danh sách. Muốn đổi tên thì hủy số trước;"
        " giấy có số đã hủy cũng không bỏ khỏi danh sách được. Chỗ đang sửa vẫn còn."
    )
    en = (
        "A paper with a number of the register keeps its name and place in the list. Cancel the number before you"
        " rename it; a paper with a cancelled number cannot be taken away either. What you typed is kept."
    )


class BadUpload(KioskError):
    """A file is refused: too large, damaged, or of another type."""

    code = "K-29"
    status = 422
    vi = "Máy không nhận tệp này. Mời chụp hoặc quét lại."
    en = "This file is not taken. Photograph or scan the paper again."


class DraftFull(BadUpload):
    """A form has its most photographed pages, or as many bytes of them as it may have."""

    vi = "Đã đủ ảnh. Giấy còn lại cán bộ quét ở quầy."
    en = "There is no room for more pictures. An officer scans the rest at the counter."


class WrongUser(KioskError):
    """A command runs as another user than the owner of the data folder."""

    code = "K-31"
    vi = "Lệnh này phải chạy bằng chủ của thư mục dữ liệu."
    en = "This command runs as another user than the kiosk's."


class TooMuchSent(KioskError):
    """A request is larger than its page accepts; nothing of it was read."""

    code = "K-35"
    status = 413
    vi = "Phần gửi lên dài quá nên máy chưa nhận. Mời quay lại, viết ngắn hơn hoặc chọn tệp nhỏ hơn."
    en = "This is too much to send at once, so nothing was saved. Go back and write less, or choose a smaller file."


class TurnLost(KioskError):
    """The other side has the turn of a shared draft, or the page is older than the turn; nothing was written."""

    code = "K-37"
    status = 409
    vi = "Phía bên kia đang gõ, nên chữ vừa gõ ở đây chưa vào tờ khai. Mời xem lại trang rồi gõ tiếp."
    en = "The other side has just taken over typing, so what you typed here was not saved. Look again, then go on."


class DraftElsewhere(KioskError):
    """Another officer has the draft open; `officer` is their name and `counter` its number."""

    code = "K-38"
    status = 409

    def __init__(self, officer: str, counter: int | None) -> None:
        where = f" ở quầy {counter}" if counter is not None else ""
        at = f" at counter {counter}" if counter is not None else ""
        super().__init__(f"{officer} đang mở bản khai này{where}.", f"{officer} has this form open{at}.")
        self.officer = officer
        self.counter = counter
