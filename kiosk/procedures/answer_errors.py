"""Errors of one answer: codes, and messages in both languages that say what to do.

A kind of question returns a code and its values; all messages are here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kiosk.procedures.base import Words

MESSAGES = {
    "required": Words("Chỗ này chưa có. Mời ghi vào.", "This is missing. Please fill it in."),
    "choose": Words("Chưa chọn. Mời chọn một ô.", "Please choose one."),
    "choose_of": Words("{question} Mời chọn một ô.", "{question} Please choose one."),
    "choose_ward": Words(
        "Nơi ở có đúng chỗ ghi trên thẻ không? Mời chọn một ô.",
        "Is the address on the card still right? Please choose one.",
    ),
    "required_of": Words("“{label}” còn trống. Mời ghi hoặc chọn.", "“{label}” is blank. Please fill it in or choose."),
    "number_missing": Words("Chưa có số. Mời ghi số trên giấy.", "The number is missing. Please fill it in."),
    "letters_only": Words(
        "Tên chỉ viết bằng chữ. Mời bỏ số và dấu lạ.", "Names use letters only. Please take out digits and signs."
    ),
    "control": Words(
        "Có ký tự lạ không in được. Mời gõ lại chỗ này.", "There are characters that cannot be printed. Please retype."
    ),
    "too_long": Words(
        "Dài quá {max} chữ, in không hết. Mời viết gọn lại.", "Longer than {max} letters. Please shorten."
    ),
    "date_incomplete": Words(
        "Còn thiếu ngày, tháng hoặc năm. Mời ghi đủ ba ô.", "Day, month or year is missing. Fill in all three."
    ),
    "year_short": Words("Năm ghi đủ bốn chữ số, như {year}.", "Give the year in four digits, such as {year}."),
    "date_digits": Words("Ngày, tháng, năm chỉ ghi bằng số.", "Use digits for day, month and year."),
    "date_not_real": Words(
        "Tháng {month} năm {year} không có ngày {day}. Mời xem lại.", "Month {month} of {year} has no day {day}."
    ),
    "month_not_real": Words("Một năm chỉ có 12 tháng. Mời xem lại tháng.", "A year has 12 months. Check the month."),
    "date_future": Words("Ngày này sau hôm nay. Mời xem lại.", "This date is in the future. Please check it."),
    "date_too_old": Words("Năm {year} xa quá. Mời xem lại năm.", "The year {year} looks too early. Please check it."),
    "id_digits": Words(
        "Số định danh có 12 chữ số, đang có {n}. Mời xem lại trên thẻ.", "The ID number has 12 digits; you have {n}."
    ),
    "id_old": Words(
        "Đây là số chứng minh nhân dân cũ. Mời ghi số 12 chữ số trên thẻ căn cước.",
        "This is the old 9-digit number. Please give the 12 digits of the ID card.",
    ),
    "document_number": Words(
        "Số giấy tờ chỉ gồm chữ cái và chữ số. Mời xem lại.", "The number has letters and digits only. Please check it."
    ),
    "phone": Words(
        "Số điện thoại có 10 chữ số, bắt đầu bằng 0. Mời xem lại.", "Phone numbers have 10 digits and begin with 0."
    ),
    "phone_old": Words(
        "Đây là số cũ 11 chữ số, nay đổi thành {new}. Mời ghi số mới.",
        "This old number is now {new}. Please enter the new one.",
    ),
    "email": Words(
        "Thư điện tử có dạng ten@noi.vn. Mời xem lại, hoặc bỏ trống.",
        "An email looks like name@place.vn. Check it or leave it blank.",
    ),
    "number_range": Words("Mời chọn từ {min} đến {max}.", "Please choose from {min} to {max}."),
    "own_words": Words("Chọn “Khác” thì mời ghi vào ô bên dưới.", "Please write what you mean in the box below."),
    "money": Words("Số tiền chỉ ghi bằng số. Mời xem lại.", "Use digits for the sum. Please check it."),
    "money_range": Words("Mời ghi từ {min} đến {max} đồng.", "Please give a sum from {min} to {max} dong."),
    "time": Words(
        "Giờ từ 0 đến 23, phút từ 0 đến 59. Mời xem lại.", "Hours go from 0 to 23, minutes from 0 to 59. Please check."
    ),
    "place_not_chosen": Words(
        "Chưa chọn xã, phường. Gõ tên cũ cũng được.", "The ward is not chosen yet. Old names work too."
    ),
    "place_detail": Words("Mời ghi số nhà, đường, thôn hoặc tổ.", "Please give the house, street, village or group."),
    "not_listed": Words("Mời chọn trong danh sách.", "Please choose from the list."),
}


class ErrorText(str):
    """The message of an error, which knows the check that failed: a code of `MESSAGES` or the name of a rule."""

    check = ""

    @classmethod
    def of_check(cls, check: str, text: str) -> "ErrorText":
        """Return a message of a check."""
        message = cls(text)
        message.check = check
        return message


@dataclass(frozen=True)
class AnswerError:
    """An error of an answer: a code of `MESSAGES`, and the values of its message.

    `box` is the wrong box of a question with more than one: d, m or y of a date, `ngay_cap.d` of a paper's day of
    issue, `own` beside the options of a choice; empty for the whole question.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    box: str = ""

    def message(self, lang: str) -> ErrorText:
        """Return the message in "vi" or "en"."""
        return ErrorText.of_check(self.code, MESSAGES[self.code].of(lang).format(**self.values))
