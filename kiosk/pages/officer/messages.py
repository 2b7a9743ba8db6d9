"""Messages of the officer's pages, by the word that a redirect carries in `?said=`."""

DESK = {
    "nobody": "Chưa có ai chờ ở quầy này.",
    "late": "Nút vừa bấm không đổi gì: số ở quầy đã khác, hoặc bấm hai lần.",
    "slip": "Phiếu đang in lại, trên phiếu có ghi là bản in lại.",
    "papers": "Đã ghi giấy tờ.",
    "note": "Đã ghi chú.",
    "moved": "Không đổi gì: hồ sơ đã sang bước khác, hoặc bấm hai lần.",
    "number": "Đã ghi mã hồ sơ.",
    "again": "Máy gửi lại lên cổng.",
    "withdrawn": "Đã rút khỏi hàng gửi. Hồ sơ vẫn còn trong máy.",
    "accepted": "Đã tiếp nhận hồ sơ.",
    "supplement": "Đã ghi yêu cầu bổ sung. Bà con quay lại thì đưa phiếu, không phải lấy số mới.",
    "refused": "Đã ghi từ chối tiếp nhận.",
    "extended": "Đã ghi ngày hẹn mới.",
    "stopped": "Đã ghi dừng giải quyết.",
    "handed_out": "Đã ghi trả kết quả.",
    "priority": "Đã ghi ưu tiên và lý do.",
    "opened": "Quầy đã mở.",
    "shut": "Quầy đã đóng. Số được chuyển riêng tới quầy này nay chờ quầy khác.",
    "taken": "Quầy này vừa có người khác ngồi. Từ nay số được gọi từ máy này.",
    "twice": "Tên này còn mở ở một máy khác. Quầy nay gọi số từ máy này; máy kia thôi gọi được.",
    "going": "Máy đã báo bà con là cán bộ đang đến.",
    "gone": "Đã có người tới, hoặc bà con thôi gọi.",
    "corrected": "Đã ghi bản sửa. Mã hồ sơ và số thứ tự giữ nguyên; cần phiếu mới thì bấm “In lại phiếu”.",
    "dropped": "Đã bỏ chỗ đang sửa, tờ khai giữ nguyên.",
    "unfinished": "Chưa ghi được bản sửa: còn mục phải hỏi thêm, xem ở dưới.",
    "broken": "Chưa ghi được bản sửa: có chỗ chưa khớp nhau. Mời mở lại mục vừa sửa.",
    "overtaken": "Cán bộ khác vừa ghi một bản sửa của hồ sơ này. Chỗ đang sửa vẫn còn ở dưới: xem lại rồi ghi.",
    "unsaved": "Bản sửa chưa ghi. Ghi hoặc bỏ trước; bấm nút ấy lần nữa thì số đi, bản sửa còn giữ đến mai.",
}
FEES = {
    "fee-slip": "Phiếu thu đang in.",
    "fee-cash": "Đã ghi thu tiền mặt. Nhớ đưa biên lai cho bà con.",
    "fee-transfer": "Đã ghi nhận chuyển khoản. Nhớ đưa biên lai cho bà con.",
    "fee-keep": "Đã ghi lệ phí.",
    "fee-void": "Đã hủy khoản thu. Dòng cũ vẫn còn trong bảng của ngày.",
    "late": "Nút vừa bấm không đổi gì: khoản này đã ghi trước đó, hoặc bấm hai lần.",
}
ACCOUNT = {
    "pin": "Đã đặt mã mở khóa.",
    "password": "Đã đổi mật khẩu. Nơi khác đang mở tên này đã ra ca.",
}  # nosec B105 # a name, no password
PEOPLE = {
    "role": "Đã đổi vai trò.",
    "gone": "Người này không vào được nữa.",
    "back": "Người này vào lại được.",
    "closed": "Đã đóng quầy.",
}
