"""Messages of `InvalidDecision`: what an officer has to correct in a decision form. Filled by `str.format`."""

SETS_OUT_OF_RANGE = "Số bộ là số từ 1 đến {most}."
RESULT_PLACE_MISSING = "Chưa chọn nơi nhận kết quả."

TERM_MISSING = "Chưa chọn thời hạn."
DUE_DAY_MISSING = "Chưa ghi ngày hẹn trả, như 27/11."
DUE_DAY_PAST = "Ngày hẹn trả đã qua. Xem lại ngày."
NEW_DUE_DAY_MISSING = "Chưa ghi ngày hẹn mới, như 27/11."
NEW_DUE_DAY_TOO_EARLY = "Ngày hẹn mới phải sau ngày hẹn cũ, {before:%d/%m/%Y}."
NOT_A_WORKING_DAY = "{day:%d/%m/%Y} là ngày nghỉ. Ngày làm việc gần nhất sau đó là {nearest:%d/%m/%Y}."

OFFICIAL_NO_MISSING = "Chưa ghi mã hồ sơ."
OFFICIAL_NO_INVALID = "Mã hồ sơ viết như H57.132-261124-0583. Xem lại trên hệ thống của thành phố."
OFFICIAL_NO_IS_RECEIPT_NO = "Đây là mã phiếu của máy. Mã hồ sơ do hệ thống của thành phố cấp, như H57.132-261124-0583."

ITEMS_MISSING = "Chưa ghi cần bổ sung gì. Đánh dấu giấy, hoặc ghi mỗi điều một dòng."
ITEMS_TOO_MANY = "Ghi nhiều nhất {most} điều, mỗi điều một dòng không quá {length} chữ."

SUPPLEMENT_REASON_MISSING = "Chưa ghi lý do vì sao phải bổ sung."
REFUSAL_REASON_MISSING = "Chưa ghi lý do. Nói bằng lời để người nộp hiểu vì sao và làm lại thế nào."
EXTENSION_REASON_MISSING = "Chưa ghi lý do chậm trả."
REOPENING_REASON_MISSING = "Chưa ghi lý do mở lại."
STOP_REASON_MISSING = "Chưa ghi lý do dừng."
TOO_LONG = "Ghi gọn trong {most} chữ."
REASON_TOO_LONG = "Ghi gọn trong {most} chữ; đang có {length} chữ."

STOP_DAY_MISSING = "Chưa ghi người nộp xin dừng ngày nào, như 24/11/2026."
STOP_DAY_IN_FUTURE = "Ngày xin dừng chưa tới. Xem lại ngày."

RESULT_MISSING = "Chưa ghi giao kết quả gì."
RECIPIENT_MISSING = "Chưa ghi họ tên người nhận."
RELATION_MISSING = "Chưa chọn người nhận là ai."
RECIPIENT_IS_APPLICANT = "Đang là tên người nộp. Ghi họ tên người nhận thay."
