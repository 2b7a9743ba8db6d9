"""What can go wrong in the kiosk, sorted by what the caller does next.

Every error carries a short code that can be read aloud, and one sentence in Vietnamese and English
that says what to do, never what broke: the cause stays in ``__cause__``. A code once given keeps its meaning.

    KioskError
    ├── BadSettings            K-01  mend kiosk.toml; nothing starts
    ├── (BadProcedure)         K-02  mend a procedure file (kiosk/procedures/loader.py); nothing starts
    ├── (NoSpeaker)            K-03  install a speech engine or record clips (kiosk/voice.py); all else goes on
    ├── BackupAway             K-04  put the backup medium back; all else goes on
    ├── BackupFull             K-05  make room on the backup medium; all else goes on
    ├── NoCopy                 K-06  find a copy that can be used, or the key that opens it
    ├── Running                K-07  stop the kiosk first
    ├── StickFailed            K-08  another stick; what was told is on the first one
    ├── Closed                       nothing is taken until a technician has been: one plain page
    │   ├── StoreUnavailable   K-10  the folder or the disk refuses
    │   │   ├── StoreFull      K-11  make room
    │   │   ├── StoreDamaged   K-12  set aside, restore a copy; never delete
    │   │   ├── StoreBusy      K-13  the same touch again, in a moment
    │   │   └── StoreNewer     K-18  start the release that wrote it
    │   ├── KeyMissing         K-14  put the key file back
    │   ├── KeyWrong           K-15  this key belongs to another store
    │   └── NumbersSpent       K-17  the day's receipt numbers are used up: paper forms
    ├── SealBroken             K-16  this record cannot be trusted; the others can
    ├── DraftGone              K-20  begin again
    ├── AlreadySubmitted       K-21  show what was submitted
    ├── FormChanged            K-22  go back to the step that is now open
    ├── NotFound               K-23  say so
    ├── NotAllowed             K-24  start page
    ├── TooManyTries           K-25  wait, or ask the officer
    ├── NoNumbers              K-26  come another day, or ask the officer
    ├── Overtaken              K-27  look at what somebody else has corrected, then write again
    ├── CorrectionClosed       K-28  the case is closed: nothing is corrected any more
    └── BadUpload              K-29  photograph or scan the paper again
"""

# ruff: noqa: N818 - the names are read in sentences ("raise DraftGone"), and the tree above says that they are errors


class KioskError(Exception):
    """Something that a page can explain: ``code`` to read aloud, ``vi`` and ``en`` to show, ``status`` for HTTP."""

    code = "K-00"
    status = 500
    vi = "Máy chưa làm được việc này. Mời gọi cán bộ."
    en = "The kiosk could not do this. Please call an officer."

    def __init__(self, vi: str | None = None, en: str | None = None) -> None:
        self.vi = vi if vi is not None else type(self).vi
        self.en = en if en is not None else type(self).en
        super().__init__(f"{self.code}: {self.vi} / {self.en}")


class BadSettings(KioskError):
    """kiosk.toml says what cannot be; the message names every fault at once."""

    code = "K-01"
    vi = "Tệp kiosk.toml có chỗ phải sửa."
    en = "kiosk.toml needs mending."


class BackupAway(KioskError):
    """The folder of the copies is not there, or cannot be written."""

    code = "K-04"
    vi = "Không thấy thư mục sao lưu, hoặc không ghi được vào đó. Cắm lại ổ sao lưu rồi thử lại."
    en = "The backup folder is not there or cannot be written. Put the backup disk back and try again."


class BackupFull(KioskError):
    """No room on the medium of the copies."""

    code = "K-05"
    vi = "Ổ sao lưu đã đầy. Dọn bớt tệp trên ổ đó, hoặc thay ổ lớn hơn."
    en = "The backup disk is full. Make room on it, or use a larger one."


class NoCopy(KioskError):
    """There is no copy that can be used."""

    code = "K-06"
    vi = "Không có bản sao nào dùng được. Xem lại ổ sao lưu và tệp khóa; đừng xóa gì."
    en = "There is no copy that can be used. Check the backup disk and the key file; delete nothing."


class Running(KioskError):
    """The store is open in another process."""

    code = "K-07"
    vi = "Máy đang chạy. Dừng máy rồi chạy lại lệnh này."
    en = "The machine is running. Stop it, then run this command again."


class StickFailed(KioskError):
    """A stick is full, was pulled out, or does not give back what was written."""

    code = "K-08"
    vi = "USB hết chỗ, bị rút ra, hoặc hỏng. Không mất gì: dùng USB khác rồi chạy lại lệnh này."
    en = "The stick is full, away or broken. Nothing is lost: take another one and run this again."


class Closed(KioskError):
    """Nothing can be taken until a technician has been."""

    status = 503


class StoreUnavailable(Closed):
    """The data folder or the disk refuses."""

    code = "K-10"
    vi = "Máy không ghi được vào nơi lưu. Mời dùng mẫu giấy và báo cán bộ kỹ thuật."
    en = "The kiosk cannot write to its store. Please use the paper form and tell the technician."


class StoreFull(StoreUnavailable):
    """No room on the disk."""

    code = "K-11"
    vi = "Ổ đĩa của máy đã đầy. Mời dùng mẫu giấy và báo cán bộ kỹ thuật."
    en = "The kiosk's disk is full. Please use the paper form and tell the technician."


class StoreDamaged(StoreUnavailable):
    """SQLite cannot read the file; a dying disk says the same of a sound one, so nothing is deleted."""

    code = "K-12"
    vi = "Máy không đọc được nơi lưu. Đừng xóa gì; báo cán bộ kỹ thuật khôi phục từ bản sao."
    en = "The kiosk cannot read its store. Delete nothing; the technician restores a copy."


class StoreBusy(StoreUnavailable):
    """Another writer held the store for too long; the same act may be tried again."""

    code = "K-13"
    vi = "Máy đang bận. Mời chạm lại sau ít giây."
    en = "The kiosk is busy. Please touch again in a few seconds."


class StoreNewer(StoreUnavailable):
    """A later release has written this store; an older one would harm it."""

    code = "K-18"
    vi = "Nơi lưu do bản mới hơn ghi. Cán bộ kỹ thuật cài lại bản mới rồi khởi động máy."
    en = "A later release has written this store. The technician installs that release again."


class KeyMissing(Closed):
    """The store holds sealed records and the key file is gone."""

    code = "K-14"
    vi = "Không thấy tệp khóa của nơi lưu. Cán bộ kỹ thuật đặt lại tệp khóa rồi khởi động máy."
    en = "The store's key file is missing. The technician puts it back and starts the kiosk again."


class KeyWrong(Closed):
    """The key file does not belong to this store."""

    code = "K-15"
    vi = "Tệp khóa không phải của nơi lưu này. Cán bộ kỹ thuật đặt đúng tệp khóa rồi khởi động máy."
    en = "The key file does not belong to this store. The technician puts the right one back."


class SealBroken(KioskError):
    """A sealed record was changed, moved or cut."""

    code = "K-16"
    vi = "Máy không mở được hồ sơ này. Mời gọi cán bộ."
    en = "The kiosk cannot open this record. Please call an officer."


class NumbersSpent(Closed):
    """The day has no receipt number left."""

    code = "K-17"
    vi = "Máy đã hết số phiếu của hôm nay. Mời dùng mẫu giấy và báo cán bộ."
    en = "The kiosk has no receipt numbers left today. Please use the paper form and tell an officer."


class DraftGone(KioskError):
    """The draft was wiped, or belongs to nobody here."""

    code = "K-20"
    status = 410
    vi = "Máy đã xóa vì lâu không ai chạm. Mời làm lại từ đầu, hoặc đưa phiếu tạm cho cán bộ."
    en = "The kiosk erased what was entered. Please start again, or give the temporary slip to an officer."


class AlreadySubmitted(KioskError):
    """A second touch on Submit; ``submission_id`` names what the first one made."""

    code = "K-21"
    status = 409
    vi = "Tờ khai này đã gửi rồi."
    en = "This form has already been submitted."

    def __init__(self, submission_id: str) -> None:
        super().__init__()
        self.submission_id = submission_id


class FormChanged(KioskError):
    """The form moved on since the page was shown; ``step`` is where to go, empty for the first open one."""

    code = "K-22"
    status = 409
    vi = "Tờ khai đã thay đổi. Mời xem lại bước này."
    en = "The form has changed. Please look at this step again."

    def __init__(self, step: str = "") -> None:
        super().__init__()
        self.step = step


class NotFound(KioskError):
    """Nothing by that name or number."""

    code = "K-23"
    status = 404
    vi = "Máy không tìm thấy. Mời xem lại số trên phiếu."
    en = "Nothing was found. Please check the number on the slip."


class NotAllowed(KioskError):
    """Not meant for the one who asks."""

    code = "K-24"
    status = 403
    vi = "Trang này không mở được ở đây."
    en = "This page cannot be opened here."


class TooManyTries(KioskError):
    """Tried too often; ``seconds`` until the next try, 0 when only an officer can help."""

    code = "K-25"
    status = 429
    vi = "Đã thử nhiều lần. Mời đợi một lúc, hoặc gọi cán bộ."
    en = "Tried too many times. Please wait a while, or call an officer."

    def __init__(self, seconds: int = 0) -> None:
        super().__init__()
        self.seconds = seconds


class NoNumbers(KioskError):
    """No queue number is given any more today: the quota of the series is reached, or the counters close soon."""

    code = "K-26"
    status = 409
    vi = "Hôm nay đã hết số. Mời đến lấy số vào ngày làm việc tới, hoặc hỏi cán bộ nếu việc gấp."
    en = "There are no more numbers today. Please come on the next working day, or ask an officer if it is urgent."


class Overtaken(KioskError):
    """Somebody else has written a later revision meanwhile; ``revision`` is its number."""

    code = "K-27"
    status = 409
    vi = "Cán bộ khác vừa ghi một bản sửa của hồ sơ này. Chỗ đang sửa vẫn còn: mời xem lại rồi ghi."
    en = "Another officer has just corrected this file. What you typed is kept: please look again, then save."

    def __init__(self, revision: int) -> None:
        super().__init__()
        self.revision = revision


class CorrectionClosed(KioskError):
    """The case is closed, or was withdrawn."""

    code = "K-28"
    status = 409
    vi = "Hồ sơ này đã xong hoặc đã rút, không sửa được nữa."
    en = "This file is closed or withdrawn and can no longer be corrected."


class BadUpload(KioskError):
    """A file that is not taken: too large, damaged, or not what is taken here."""

    code = "K-29"
    status = 422
    vi = "Máy không nhận tệp này. Mời chụp hoặc quét lại."
    en = "This file is not taken. Photograph or scan the paper again."
