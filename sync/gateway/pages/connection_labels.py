"""Vietnamese words of an examined connection, for the page and for the command line."""

from sync.gateway.connection_check import SOON_DAYS, ConnectionRow
from sync.gateway.pages.labels import ANSWER_CODES

ROWS = {
    "name": "Tìm ra tên",
    "tls": "Kênh mã hóa",
    "token": "Đăng nhập",  # nosec B105 # words
    "catalogue": "Danh mục",
    "look-up": "Tra thử một mã",
}
CODES = {
    **ANSWER_CODES,
    "certificate-expired": "chứng thư đã hết hạn",
    "certificate-name": "chứng thư của tên máy khác",
    "certificate-issuer": "chứng thư không do nơi cấp đã khai",
    "ConnectionRefusedError": "máy bên kia không mở cổng này",
    "no-unit": "tệp ghép chưa có đơn vị nào",
}
WAITS = {
    "name": "Chưa kiểm.",
    "tls": "Chờ tìm ra tên.",
    "token": "Chờ kênh mã hóa.",  # nosec B105 # words
    "catalogue": "Chờ đăng nhập.",
    "look-up": "Chờ danh mục. Chỉ đọc, không ghi gì ở bên kia.",
}
NO_CALLS = {
    "catalogue": "Bên kia không có lệnh đọc danh mục. Xin so tệp ghép bằng mắt.",
    "look-up": "Bên kia không có lệnh tra mã. Xin chuyển thử một hồ sơ.",
}
ADVICE_BY_CODE = {
    "certificate-expired": "báo đơn vị vận hành bên kia gia hạn chứng thư. Kiểm cả ngày giờ của máy này.",
    "certificate-name": "so tên máy trong tệp ghép với tên trong tài liệu của bên kia.",
    "certificate-issuer": "xin bên kia chứng thư gốc, ghi đường dẫn vào ca của tệp ghép.",
    "deadline": "kiểm đường truyền, rồi hỏi bên kia máy có đang chậm không. Có thể tăng seconds.",
    "sign-in": "xin bên kia tài khoản và mật khẩu mới, ghi vào tệp mật khẩu.",
    "session": "xin bên kia xem quyền của tài khoản này.",
    "foreign-answer": "câu trả lời không phải của dịch vụ. Xem lại địa chỉ trong tệp ghép.",
    "catalogue": "sửa mã của các thủ tục này trong tệp ghép, theo danh mục của bên kia.",
    "no-unit": "thêm đơn vị vào tệp ghép.",
}
ADVICE = {
    "name": "xem lại tên máy trong tệp ghép, và máy chủ tên miền của máy này.",
    "tls": "hỏi bên kia máy có đang chạy không, và tường lửa có cho máy này vào không.",
    "token": "hỏi bên kia dịch vụ đăng nhập có đang chạy không.",  # nosec B105 # words
    "catalogue": "hỏi bên kia lệnh danh mục, và quyền của tài khoản này.",
    "look-up": "hỏi bên kia lệnh tra cứu, và quyền của tài khoản này.",
}
NEVER_TRIED = "Ghép nối này chưa thử với máy thật lần nào, chỉ với máy mô phỏng ghi theo tài liệu."


def result_words(row: ConnectionRow) -> str:
    """Return what a row found, one sentence."""
    if row.state == "waits":
        return WAITS[row.kind]
    if row.state == "no-call":
        return NO_CALLS[row.kind]
    if row.state == "failed":
        return _failure_words(row)
    good_words = {
        "name": "; ".join(row.addresses),
        "tls": _certificate_words(row.days),
        "token": "Bên kia cho vào.",  # nosec B105 # words
        "catalogue": _catalogue_words(row),
        "look-up": "Bên kia trả lời. Không ghi gì ở đó.",
    }
    return good_words[row.kind]


def advice(row: ConnectionRow) -> str:
    """Return what to do about a row that failed; "" for every other one."""
    if row.state != "failed":
        return ""
    return ADVICE_BY_CODE.get(row.code) or ADVICE[row.kind]


def time_words(row: ConnectionRow) -> str:
    """Return the duration of a row; "" where nothing was asked."""
    return f"{row.seconds:.1f} giây".replace(".", ",") if row.state in ("ok", "failed") else ""


def title(rows: list[ConnectionRow]) -> str:
    """Return the sentence about a whole connection."""
    states = {row.state for row in rows}
    if "failed" in states:
        return "chưa nối được"
    if "waits" in states:
        return "chưa kiểm"
    return "nối được" if states == {"ok"} else "nối được, có bước không kiểm được"


def _failure_words(row: ConnectionRow) -> str:
    words = CODES.get(row.code, f"bên kia trả mã {row.code}")
    said = f" Bên kia ghi: “{row.words}”" if row.words else ""
    missing = f": {', '.join(row.missing)}" if row.missing else ""
    host = f": {', '.join(row.addresses)}" if row.addresses else ""
    return f"{words[0].upper()}{words[1:]}{missing}{host}.{said}"


def _catalogue_words(row: ConnectionRow) -> str:
    if not row.not_asked:
        return f"Có đủ {row.count} thủ tục của tệp ghép."
    return f"Có {row.count} thủ tục của tệp ghép. Hết giờ: còn {row.not_asked} cặp đơn vị và thủ tục chưa hỏi."


def _certificate_words(days: int | None) -> str:
    if days is None:
        return "Máy bên kia ở ngay máy này, không cần mã hóa."
    end = f"chỉ còn {days} ngày, xin báo bên kia" if days < SOON_DAYS else f"còn {days} ngày"
    return f"Chứng thư đúng nơi cấp, {end}."
