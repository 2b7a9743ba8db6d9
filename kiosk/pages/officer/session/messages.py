"""Messages of the officer's pages, by the word that a redirect carries in `?said=`."""

import re

DESK = {
    "nobody": "Chưa có ai chờ ở quầy này.",
    "absent": "Đã ghi số {number} vắng.",
    "hold": "Đã giữ số {number}, xem ở mục Đang giữ.",
    "finish": "Số {number} đã xong.",
    "transfer": "Đã chuyển số {number}{target}.",
    "recall": "Đã gọi lại số {number}.",
    "late": "Không có gì thay đổi: số đã chuyển, hoặc nút bị bấm hai lần.",
    "repeated": "Đã ghi từ lần bấm trước.",
    "slip": "Phiếu đang in lại, trên phiếu có ghi là bản in lại.",
    "papers": "Đã ghi giấy tờ.",
    "stack-kept": "Đã giữ cả xấp, mỗi giấy một tệp PDF.",
    "certified": "Đã ghi sổ chứng thực. In lời chứng, trình ký, đóng dấu rồi trả giấy.",
    "certified-not": "Đã ghi chú giấy không chứng thực được. Không giấy nào lấy số.",
    "certified-none": "Chưa ghi số nào: chưa đánh dấu giấy, hoặc giấy đã có số.",
    "certified-void": "Đã hủy số. Dòng vẫn còn trong sổ, có lý do.",
    "copies-done": "Số {number} đã xong: đã trả bản sao.",
    "copies-open": "Chưa trả được: còn giấy chưa có số, chưa có lý do.",
    "copies-unsaved": "Chưa trả được: bản sửa của tờ khai chưa ghi.",
    "copies-printing": "Chưa trả được: lời chứng chưa in xong, xem ô In giấy.",
    "copies-fee-changed": "Chưa trả được: phí đã thu khác phí của số trang đã đếm. Hủy khoản thu rồi thu lại.",
    "copies-fee": "Chưa trả được: lệ phí chưa thu. Bấm P rồi Enter là đã thu tiền mặt.",
    "printing": "Giấy đang in ở máy in của quầy.",
    "note": "Đã ghi chú.",
    "moved": "Không đổi gì: hồ sơ đã sang bước khác, hoặc bấm hai lần.",
    "moved-kept": "Không đổi gì: cán bộ khác vừa ghi việc cho hồ sơ này. Chữ vừa gõ để ở Chỗ gõ dở.",
    "number": "Đã ghi mã hồ sơ.",
    "messages-agreed": "Đã ghi đồng ý nhận tin nhắn.",
    "messages-ended": "Đã ghi: thôi nhắn tin.",
    "messages-not": "Chưa ghi: số này không nhận được tin nhắn. Cần số di động 10 số của Việt Nam.",
    "told_apart": "Đã ghi. Máy thôi nhắc hai tờ này.",
    "again": "Máy gửi lại lên cổng.",
    "withdrawn": "Đã rút khỏi hàng gửi. Hồ sơ vẫn còn trong máy.",
    "accepted": "Đã tiếp nhận hồ sơ.",
    "supplement": "Đã ghi yêu cầu bổ sung. Người dân quay lại thì đưa phiếu, không lấy số mới.",
    "refused": "Đã ghi từ chối tiếp nhận.",
    "extended": "Đã ghi ngày hẹn mới.",
    "stopped": "Đã ghi dừng giải quyết.",
    "handed_out": "Đã ghi trả kết quả.",
    "ended-waits": "Đã ghi: chờ. Số vẫn giữ, gọi lại ở “Đang giữ”.",
    "ended-held": "Đã giữ số. Người dân quay lại thì gọi ở “Đang giữ”.",
    "ended-asked": "Đã ghi: chỉ hỏi.",
    "ended-nobody": "Đã ghi lượt vừa rồi. Chưa có ai chờ ở quầy này.",
    "ended-done": "Đã ghi việc đã làm vào sổ.",
    "undone": "Đã hoàn tác. Hồ sơ như trước, chưa báo gì lên cổng.",
    "left": "Không hoàn tác được: đã hết giờ, hoặc đã báo lên cổng. Nhờ người phụ trách mở lại.",
    "reopened": "Đã mở lại hồ sơ.",
    "priority": "Đã ghi ưu tiên và lý do.",
    "opened": "Quầy đã mở.",
    "shut": "Quầy đã đóng. Số được chuyển riêng tới quầy này nay chờ quầy khác.",
    "taken": "Quầy này vừa có người khác ngồi. Từ nay số được gọi từ máy này.",
    "twice": "Tài khoản này đang mở ở máy khác. Từ nay quầy gọi số từ máy này.",
    "corrected": "Đã ghi bản sửa. Mã hồ sơ và số thứ tự giữ nguyên; cần phiếu mới thì bấm “In lại phiếu”.",
    "dropped": "Đã bỏ chỗ đang sửa, tờ khai giữ nguyên.",
    "unfiled": "Tờ khai giúp cho số này chưa nộp. Nộp hoặc xóa trước. Bấm lại nút vừa rồi thì số kết thúc.",
    "assisted": "Đã gửi tờ khai, số {number}. In tờ khai ra, đọc lại lần nữa rồi mời người dân ký hoặc điểm chỉ.",
    "assist-dropped": "Đã xóa bản khai giúp. Những gì đã gõ không còn trong máy.",
    "assist-returned": "Bản khai đã về màn hình của người dân. Mọi chữ đã ghi vẫn còn.",
    "unfinished": "Chưa ghi được bản sửa: còn mục phải hỏi thêm, xem ở dưới.",
    "broken": "Chưa ghi được bản sửa: có chỗ chưa khớp nhau. Mời mở lại mục vừa sửa.",
    "overtaken": "Cán bộ khác vừa ghi một bản sửa của hồ sơ này. Chỗ đang sửa vẫn còn ở dưới: xem lại rồi ghi.",
    "unsaved": "Bản sửa chưa ghi. Ghi hoặc bỏ trước. Bấm lại nút vừa rồi thì số chuyển đi, bản sửa giữ đến ngày mai.",
}
FEES = {
    "fee-slip": "Phiếu thu đang in.",
    "fee-cash": "Đã ghi thu tiền mặt. Nhớ giao biên lai cho người nộp.",
    "fee-transfer": "Đã ghi nhận chuyển khoản. Nhớ giao biên lai cho người nộp.",
    "fee-keep": "Đã ghi lệ phí.",
    "fee-void": "Đã hủy khoản thu. Dòng cũ vẫn còn trong bảng của ngày.",
    "fee-late": "Nút vừa bấm không đổi gì: khoản này đã ghi trước đó, hoặc bấm hai lần.",
    "service-void": "Đã hủy lượt đã ghi. Dòng cũ vẫn còn.",
}
ACCOUNT = {
    "pin": "Đã đặt mã mở khóa.",
    "password": "Đã đổi mật khẩu. Nơi khác đang mở tài khoản này đã đăng xuất.",
}  # nosec B105 # a name, no password
PEOPLE = {
    "role": "Đã đổi vai trò.",
    "gone": "Tài khoản đã khóa.",
    "back": "Người này vào lại được.",
    "closed": "Đã đóng quầy.",
}
PLAN = {
    "saved": "Đã lưu. Màn hình, bảng gọi số và các quầy dùng ngay, không phải khởi động lại.",
    "file": "Đã dùng lại dãy số, quầy, giờ mở của kiosk.toml.",
}
QUEUE = {
    "nobody",
    "late",
    "absent",
    "hold",
    "finish",
    "copies-done",
    "transfer",
    "recall",
    "priority",
    "opened",
    "shut",
    "taken",
    "twice",
    "ended-waits",
    "ended-held",
    "ended-asked",
    "ended-done",
    "ended-nobody",
}
"""Messages about the queue and the counter."""
NUMBER = re.compile(r"[A-Z][0-9]{3}")


def by_place(key: str, number: str = "", target: str = "") -> dict[str, str]:
    """Return a message by the place of the page where its act was done: queue, papers, note, fee or case.

    `icon` is that of a message beside its act.
    """
    if not NUMBER.fullmatch(number):
        number = ""
    words = (DESK | FEES).get(key, "")
    if not words or ("{number}" in words and not number):
        return {}
    if key in FEES:
        place = "fee"
    elif key in QUEUE:
        place = "queue"
    else:
        place = key if key in ("papers", "note") else "case"
    return {
        place: words.format(number=number, target=target),
        "icon": "info" if key in ("late", "fee-late") else "check",
    }
