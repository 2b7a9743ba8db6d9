"""The Vietnamese words of the pages for the codes of the contract and of the store."""

STATUSES = {
    1: "Mới đăng ký",
    2: "Được tiếp nhận",
    3: "Không được tiếp nhận",
    4: "Đang xử lý",
    5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính",
    7: "Công dân yêu cầu rút hồ sơ",
    8: "Dừng xử lý",
    9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}
KINDS = {
    "accepted": "tiếp nhận",
    "supplement": "yêu cầu bổ sung",
    "refused": "từ chối tiếp nhận",
    "extended": "gia hạn",
    "stopped": "dừng xử lý",
    "handed_out": "trả kết quả",
    "document": "kèm giấy tờ",
    "fee": "thu phí, lệ phí",
    "withdrawn": "công dân rút",
    "reopened": "mở lại",
    "numbered": "ghi số hồ sơ",
}
FORWARDS = {
    "due": "Chờ chuyển",
    "sending": "Đang chuyển",
    "done": "Đã chuyển",
    "refused": "Hệ thống tỉnh trả lại",
    "dropped": "Thôi chuyển",
}
WAITS = {
    "official-number": "Chờ quầy ghi số hồ sơ",
    "procedure": "Chưa ghép mã thủ tục",
    "unit": "Chưa ghép mã đơn vị",
    "number-taken": "Hồ sơ khác đã có số này",
    "number-changed": "Số hồ sơ đã đổi sau khi gửi",
    "number-typed": "Quầy đã ghi số, có thể đã nộp ở bên kia",
    "by-hand": "Đã làm tay",
}
STEPS = {
    "note": "Ghi tham chiếu",
    "number": "Lấy số",
    "files": "Gửi tệp",
    "file": "Gửi tệp",
    "change": "Sửa hồ sơ",
    "dossier": "Ghi hồ sơ",
    "progress": "Ghi tiến độ",
    "action": "Nộp hồ sơ",
}
STEP_STATES = {"begun": "Chưa rõ", "done": "Xong", "replaced": "Đã thay", "doubtful": "Chưa rõ, không gửi lại"}
HAND_FILINGS = {
    "no-number": "Số hồ sơ dài nhất 60 chữ và không có khoảng trống.",
    "taken": "Số này đã thuộc hồ sơ khác. Xin xem lại.",
    "not-now": "Máy đang gửi hồ sơ này. Xin đợi một phút rồi bấm lại.",
}
ANSWERS = {"taken": "Đã nhận", "refused": "Trả lại", "later": "Hẹn lúc khác"}
ANSWER_CODES = {
    "ok": "xong",
    "deadline": "không trả lời kịp",
    "ConnectionRefusedError": "không nối được",
    "ConnectTimeoutError": "không nối được",
    "gaierror": "không tìm thấy tên máy",
    "ConnectionResetError": "ngắt giữa chừng",
    "RemoteDisconnected": "ngắt giữa chừng",
    "foreign-answer": "câu trả lời lạ",
    "answer too large": "câu trả lời quá dài",
    "sign-in": "sai tài khoản hoặc mật khẩu",
    "session": "không giữ được phiên",
    "look-up": "không tra được",
    "other-dossier": "mã của hồ sơ khác",
    "no-change": "bên kia không có lệnh sửa",
    "no-look-up": "bên kia không tra lại được",
    "number": "không lấy được số",
    "catalogue": "danh mục bên kia không có thủ tục này",
    "file": "không gửi được tệp",
    "file-gone": "tệp không còn ở cổng",
    "cannot-tell": "chưa hỏi lại được",
    "lost": "tiến trình khác đã gửi",
}
ROLES = {"operator": "Người trực cổng", "auditor": "Người kiểm tra"}
ACTS = {
    "signed_in": "Đăng nhập",
    "signed_out": "Đăng xuất",
    "locked": "Sai mật khẩu nhiều lần, khóa ở địa chỉ",
    "looked": "Mở tờ khai",
    "set_status": "Đổi trạng thái",
    "redelivered": "Chuyển lại lên tỉnh",
    "filed_by_hand": "Đã làm tay ở hệ thống tỉnh",
    "gave_code": "Cấp mã ghi danh",
    "gave_renewal": "Cấp mã đổi khóa",
    "revoked": "Thu hồi máy",
    "renamed": "Đặt tên gọi của máy",
    "rollout_started": "Bắt đầu phát hành",
    "rollout_advanced": "Phát hành sang bước sau",
    "rollout_paused": "Tạm dừng phát hành",
    "rollout_resumed": "Cho phát hành đi tiếp",
    "rollout_retried": "Cho máy thử lại",
    "rollout_back": "Lùi cả về bản trước",
    "brought": "Nhận hồ sơ từ USB",
    "added": "Cho vào làm việc",
    "password": "Đặt mật khẩu mới",
    "disabled": "Cho thôi vào",
    "trail_shorter": "Nhật ký của máy mất dòng",
    "trail_forked": "Nhật ký của máy bị thay dòng",
}  # nosec B105 # a name, no password
