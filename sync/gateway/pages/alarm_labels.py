"""The Vietnamese words of the kiosks' alarms, by code: docs/technician.md explains each code to the ward.

A code that this gateway does not know (of a newer kiosk) is shown as it is.
"""

from collections.abc import Mapping, Sequence

from sync.gateway.kiosk_reports import ReportAlarm, StoredKioskReport, UpdateOutcome, UsedVoice

ALARM_LABELS: Mapping[str, str] = {
    "CERT-01": "Chưa có chứng thư mạng nội bộ",
    "CERT-02": "Chứng thư của phường sắp hết hạn",
    "CERT-03": "Chứng thư máy sắp hết hạn hoặc đã hết",
    "CONF-01": "Tệp cài đặt bị sửa hỏng",
    "COPY-01": "Chưa đặt nơi sao lưu",
    "COPY-02": "Vừa khôi phục, thiếu số phiếu",
    "COPY-03": "Không sao lưu được",
    "COPY-04": "Bản sao cũ",
    "COPY-05": "Bản sao không nằm trên ổ riêng",
    "COPY-06": "Ổ sao lưu có bản của kho khác cùng tên máy",
    "COPY-07": "Ổ sao lưu chật",
    "COPY-08": "Bản từng phút không chép được",
    "COPY-09": "Bản từng phút cùng ổ với kho",
    "COPY-10": "Máy khác đã tiếp quản tên của máy này",
    "COPY-11": "Thư mục thứ hai có bản của kho khác",
    "DIFF-01": "Phường thấy nội dung khác văn bản",
    "DISK-01": "Ổ đĩa sắp đầy",
    "DISK-02": "Ổ đĩa đầy, không nhận tờ khai mới",
    "FORM-01": "Tệp thủ tục có lỗi",
    "FORM-02": "Có tờ khai mà máy không đọc được mẫu",
    "FORM-03": "Thủ tục đổi nội dung mà không đổi bản",
    "INTRA-01": "Sai địa chỉ mạng nội bộ",
    "INTRA-02": "Mạng nội bộ chưa mở được",
    "LEGAL-01": "Thủ tục dựa vào văn bản hết hiệu lực",
    "LEGAL-02": "Văn bản của thủ tục sắp hết hiệu lực",
    "LINK-01": "Mất đường truyền",
    "LINK-02": "Cổng không nhận khóa của máy",
    "LINK-03": "Đồng hồ lệch với cổng",
    "LINK-04": "Bản của máy quá cũ",
    "LINK-06": "Cổng xin gửi chậm lại",
    "LINK-07": "Cổng bảo trì",
    "LINK-08": "Kỹ thuật bấm dừng gửi",
    "LINK-09": "Có máy khác trả lời thay cổng",
    "LINK-10": "OpenCPS không nhận tài khoản",
    "LINK-11": "Không tìm thấy địa chỉ của cổng",
    "LINK-12": "Chứng thư của cổng không dùng được",
    "LINK-13": "Cổng đang tắt hoặc nâng cấp",
    "LINK-14": "Máy chưa ghi danh",
    "LINK-15": "Sai địa chỉ cổng",
    "LINK-18": "Máy khác đã tiếp quản tên của máy này",
    "LOCK-01": "Người khác trên máy đọc được tệp khóa",
    "LOCK-02": "Chưa có giấy khôi phục",
    "LOCK-03": "Ổ đĩa chưa mã hóa",
    "LOCK-04": "Tệp khóa đã rút ra",
    "LOGS-01": "Không ghi được nhật ký chạy",
    "PLAN-01": "Không đọc được kế hoạch mở quầy",
    "PRINT-01": "Máy in cần xem",
    "PRINT-02": "Có giấy chưa rõ đã ra chưa",
    "PRINT-03": "Có giấy chờ máy in",
    "SCAN-01": "Bản chụp bị hỏng",
    "SCAN-02": "Cổng không nhận bản chụp",
    "SEND-01": "Tờ khai chờ gửi quá 4 giờ mở cửa",
    "SEND-02": "Có tờ khai cần xem lại",
    "SEND-03": "Có việc của quầy mà cổng không nhận",
    "SEND-04": "Số phiếu trùng với hồ sơ khác",
    "SEND-05": "Có tờ khai chờ mà máy chưa ghi cổng",
    "TIME-01": "Đồng hồ chạy sai ngày",
    "TIME-02": "Chưa có ngày nghỉ năm tới",
    "TIME-03": "Đồng hồ lệch",
    "TIME-04": "Ngày giờ nhảy xa, chưa ai xác nhận",
    "TRAIL-01": "Nhật ký bị sửa",
    "TRAIL-02": "Nhật ký bị cắt hoặc viết lại",
    "TRAIL-03": "Thấy sổ việc của cổng bị cắt hoặc viết lại",
    "UPDT-01": "Không nhận được bản mới",
    "UPDT-02": "Đã tự lùi về bản trước",
    "UPDT-03": "Danh mục bản phát hành quá hạn",
    "VOICE-01": "Mô hình giọng đọc hỏng",
    "WORK-01": "Phần chạy nền không chạy",
    "WORK-02": "Phần chạy nền đứng yên",
}
CAUSE_LABELS: Mapping[str, str] = {
    "unreachable": "không tới được máy in",
    "mute": "máy in không trả lời",
    "garbage": "máy in trả lời sai",
    "paper_near_end": "sắp hết giấy",
    "paper_out": "hết giấy",
    "cover_open": "nắp đang mở",
    "offline": "máy in đang dừng",
    "cutter": "kẹt dao cắt",
    "broken": "máy in báo hỏng",
    "tray_empty": "khay hết giấy",
    "jam": "kẹt giấy",
    "door_open": "nắp hoặc khay đang mở",
    "toner_out": "hết mực",
    "stopped": "máy in đang dừng",
    "no_queue": "sai địa chỉ máy in",
    "no_pdf": "máy in không nhận PDF",
}
UPDATE_LABELS: Mapping[str, str] = {
    "fetching": "Đang tải bản",
    "ready": "Đêm nay đổi sang bản",
    "trial": "Đang thử bản",
}
REFUSAL_LABELS: Mapping[str, str] = {
    "K-41": "chữ ký của bản phát hành không đúng",
    "K-42": "bản cũ hơn bản đang chạy",
    "K-43": "bản dành cho loại máy khác",
    "K-44": "tải về bị đứt hoặc bị đổi",
    "K-45": "ổ đĩa không đủ chỗ",
    "K-46": "chưa đến được nơi phát hành",
    "K-47": "danh mục bản phát hành quá hạn, hoặc sai đồng hồ",
    "K-48": "máy chưa đặt cập nhật",
    "K-49": "nơi phát hành không có bản này",
    "K-50": "chạy thử trên bản sao của kho không được",
    "K-51": "kho đã đổi, bản trước không đọc được",
    "K-52": "đang có người khai, hoặc chưa đến giờ",
    "K-53": "gói nội dung có tệp không đọc được",
    "K-54": "ba lần khởi động không được",
}
"""Why a machine refused a release or went back from it, by the kiosk's error code."""
_MINUTE = 60
_HOUR = 3600
_DAY = 86400


VOICE_LABELS: Mapping[str, str] = {"vi": "tiếng Việt", "en": "tiếng Anh"}


def free_space(megabytes: int) -> str:
    """Return free space in words: gigabytes with one digit, megabytes below one gigabyte."""
    return f"{megabytes} MB" if megabytes < 1000 else f"{megabytes / 1000:.1f} GB".replace(".", ",")


def alarm_words(alarm: ReportAlarm, report: StoredKioskReport) -> str:
    """Return an alarm in words, with the figure of the report that explains it."""
    words = ALARM_LABELS.get(alarm.code, f"Báo động {alarm.code}")
    if alarm.code == "PRINT-01" and alarm.causes:
        causes = [CAUSE_LABELS.get(cause, cause) for cause in alarm.causes]
        return f"Máy in: {', '.join(causes)}"
    if alarm.code == "PRINT-02" and report.unknown_papers:
        return f"{report.unknown_papers} giấy chưa rõ đã ra chưa"
    if alarm.code == "COPY-04" and report.copy_seconds is not None:
        return f"{words} {duration(report.copy_seconds)}"
    if alarm.code == "TIME-03" and report.clock_offset is not None:
        return f"{words} {duration(abs(report.clock_offset))}"
    if alarm.code.startswith("DISK") and report.disk_free_mb is not None:
        return f"{words}, còn {free_space(report.disk_free_mb)}"
    return words


def update_words(update: UpdateOutcome, report: StoredKioskReport) -> str:
    """Return how far the last update is, in words; empty when it has ended well."""
    why = REFUSAL_LABELS.get(update.code, f"mã {update.code}" if update.code else "chưa rõ vì sao")
    if update.state == "went_back":
        return f"Đã tự lùi về {report.release}: {why}"
    if update.state == "refused":
        return f"Chưa nhận bản {update.target}: {why}"
    label = UPDATE_LABELS.get(update.state, "")
    return f"{label} {update.target}" if label else ""


def voice_words(voices: Sequence[UsedVoice] | None) -> str:
    """Return the voices of the province that a kiosk uses; None: it does not report them."""
    if voices is None:
        return "chưa rõ: bản cũ, chưa biết báo"
    named = [f"{VOICE_LABELS.get(each.voice, f'giọng {each.voice}')} {each.version}" for each in voices]
    return ", ".join(named) or "chưa có giọng của tỉnh"


def duration(seconds: int) -> str:
    """Return a duration in its largest unit."""
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} phút"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} giờ"
    return f"{seconds // _DAY} ngày"
