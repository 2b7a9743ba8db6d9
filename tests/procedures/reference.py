"""docs/procedures-reference.md: every key, kind, rule and closed list of the format. `make reference` writes it.

Tables and types come from kiosk/procedures/model.py, rules and their arguments from the rules, so that only the meaning
of a key is written here, in Vietnamese for the officer who writes a procedure.
"""

import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date
from typing import Any, Literal

from kiosk.config import ROOT
from kiosk.procedures import kinds
from kiosk.procedures.answers import AMOUNTS, DERIVE_SOURCES
from kiosk.procedures.base import Words
from kiosk.procedures.checks import RULES, TAKES
from kiosk.procedures.life_events import shipped_events
from kiosk.procedures.model import Procedure
from kiosk.procedures.shared_parts import choice_sets
from kiosk.procedures.toml_dataclasses import OTHER_LANGUAGES, toml_fields
from kiosk.procedures.value_checks import CARD_KINDS

PAGE = ROOT / "docs" / "procedures-reference.md"
TITLES = {
    "Procedure": "Đầu tệp",
    "ProcessingTime": "`[[time]]`: thời hạn",
    "Fee": "`[[fee]]`: phí, lệ phí",
    "CouncilResolution": "`resolution`: nghị quyết của Hội đồng nhân dân",
    "Waiver": "`[[fee.waiver]]`: miễn, giảm khi nộp trực tuyến",
    "FeeRate": "`[[fee.rate]]`: bậc phí",
    "PaperToBring": "`[[paper]]`: giấy phải mang",
    "Field": "`[[field]]`, `[[field.field]]`: ô của tờ khai",
    "AnswerOption": "`options`: lựa chọn",
    "FormStep": "`[[step]]`: trang trên màn hình",
    "PersonStep": "`[step.person]`: trang quét thẻ",
    "Situation": "`[[situation]]`: câu hỏi trước khi khai",
    "CopyRule": "`[[copy]]`: ô lấy lại từ ô khác",
    "Check": "`[[check]]`: điều phải đúng",
    "ProcedureNote": "`[[note]]`: lời dặn",
    "OnlineWay": "`[online]`: làm trên mạng",
    "Certifies": "`certifies`: chứng thực gì, sổ nào",
    "Declaration": "`[declaration]`: tờ khai in ra",
    "EnclosedForm": "`[[enclosed]]`: giấy in kèm tờ khai",
    "DeclarationLine": "`[[declaration.line]]`, `[[enclosed.line]]`: dòng của tờ khai",
    "Signature": "`[[declaration.signature]]`, `[[enclosed.signature]]`: khối ký",
    "Condition": "`when`: điều kiện",
}
MEANINGS = {
    "sources": "mã các văn bản làm căn cứ (documents.toml)",
    "article": "chỗ trong văn bản: Điều 6.1",
    "seen": "đã đọc ở đâu",
    "when": "chỉ khi các điều kiện đúng",
    "id": "tên riêng, chữ không dấu",
    "key": "khóa của ô, chữ không dấu, như trong biểu mẫu điện tử",
    "Procedure.code": "mã thủ tục trên Cổng Dịch vụ công quốc gia",
    "Procedure.id": "tên riêng của biểu mẫu",
    "Procedure.version": "bản: tệp cùng mã, cùng bản thì thay nhau",
    "effective_from": "ngày đầu áp dụng",
    "effective_to": "ngày cuối áp dụng",
    "Procedure.name": "tên đầy đủ của thủ tục",
    "short": "tên ngắn, trên phiếu và ở quầy",
    "plain": "tên theo lời nói thường, trên ô chọn",
    "Procedure.line": "một dòng nói thủ tục cho ai",
    "series": "dãy số thứ tự, trong kiosk.toml",
    "event": "việc trong đời (events.toml)",
    "law": "mã các văn bản cho dòng căn cứ",
    "checked_on": "ngày soát tệp; ví dụ của [[check]] thử như vào ngày này",
    "search": "từ để tìm, từ 15 trở lên",
    "done": "việc phải làm sau khi khai, từng câu hai thứ tiếng",
    "done_title": "tên trang khi khai xong",
    "portal": "gửi lên hệ thống tỉnh, hay không gửi",
    "queue": "có lấy số thứ tự không",
    "by_card": "đưa thẻ ở trang cuối là nộp: không có trang giấy phải mang, không có trang xem lại",
    "also": "câu thêm dưới danh sách giấy",
    "opening": "câu đầu trang giấy phải mang",
    "summary": "một dòng tóm tắt hồ sơ, với {khóa}",
    "desk": "câu nhắc cán bộ trên trang hồ sơ",
    "minutes": "số phút để khai",
    "languages": "tiếng khác của tệp: mọi chữ phải có tiếng ấy (ask_fr)",
    "time": "thời hạn",
    "fee": "phí, lệ phí",
    "paper": "giấy phải mang",
    "Procedure.field": "ô của tờ khai",
    "Field.field": "phần của nhóm, cột của danh sách",
    "step": "trang",
    "situation": "câu hỏi trước khi khai",
    "copy": "ô lấy lại",
    "check": "điều phải đúng",
    "note": "lời dặn",
    "Procedure.online": "làm trên mạng",
    "certifies": "chứng thực gì: máy cấp số của sổ chứng thực trong năm, in lời chứng",
    "declaration": "tờ khai in ra",
    "enclosed": "giấy in kèm tờ khai",
    "EnclosedForm.when": "chỉ in khi các điều kiện đúng",
    "EnclosedForm.title": "tên giấy, chữ hoa",
    "EnclosedForm.line": "dòng",
    "ProcessingTime.text": "thời hạn bằng chữ",
    "ProcessingTime.when": "thời hạn của trường hợp nào; không ghi là của mọi trường hợp",
    "ProcessingTime.days": "số ngày làm việc; 0 là trong ngày",
    "Fee.name": "tên khoản thu",
    "Fee.amount": "số tiền ở quầy; có bậc phí thì là mức của các trường hợp còn lại; không ghi là do Hội đồng nhân dân",
    "FeeRate.amount": "số tiền của bậc",
    "FeeRate.online": "số tiền của bậc khi tự nộp trực tuyến",
    "FeeRate.label": "vì sao là mức này: người dân và quầy đều thấy",
    "FeeRate.when": "bậc dùng khi các điều kiện đúng; bậc đúng đầu tiên được dùng",
    "rate": "bậc phí, xem dưới",
    "Fee.days": "hai ô ngày: nhân với số ngày, kể cả hai ngày đó",
    "Fee.online": "số tiền khi tự nộp trực tuyến",
    "resolution": "nghị quyết quy định số tiền của phường",
    "per": "khóa của ô số, ô chọn nhiều hay danh sách để nhân lên; có pages thì đếm trang",
    "pages": "tính theo trang: { column, copies, first, then, most }",
    "unit": "đơn vị đếm: trang, bản",
    "each": "chữ sau số tiền của một cái",
    "exempt": "diện miễn để người dân đọc",
    "Fee.options": "diện miễn để cán bộ chọn; value là giấy phải xem",
    "local_options": "diện miễn thêm của thành phố",
    "waiver": "lời nhắc về miễn, giảm khi nộp trực tuyến",
    "from": "từ ngày",
    "to": "đến hết ngày",
    "CopyRule.to": "khóa của ô được điền",
    "number": "số nghị quyết",
    "date": "ngày nghị quyết",
    "channel": "cách nộp được miễn, giảm",
    "say": "câu cho người dân",
    "PaperToBring.kind": "nop: nộp; xuat_trinh: đưa xem; ghi_to_khai: ký trên tờ khai",
    "PaperToBring.name": "tên giấy",
    "PaperToBring.short": "tên ngắn, không quá 32 chữ cái, ở trang trước khi khai; tên dài hơn thì phải có",
    "PaperToBring.spared": "khi nào khỏi nộp, khỏi chứng thực, hiện cạnh tên: on_file là cán bộ tra được, "
    "vneid là có VNeID, uncertified là không phải công chứng, kin_uncertified là người thân ruột không cần chứng thực",
    "PaperToBring.cards": "các ô số định danh của những người có thẻ; thẻ đã quét thì không đòi mang nữa",
    "bring": "lời dặn mang giấy",
    "optional": "có thì mang",
    "PaperToBring.copy": "giấy nộp là bản sao: Giấy tiếp nhận ghi “bản sao”",
    "Field.kind": "loại ô, xem Loại ô",
    "label": "chữ trên màn hình",
    "Field.official": "chữ trên tờ khai; không ghi thì như label",
    "FormStep.official": "chữ của mẫu, hiện nhỏ trên trang",
    "required": "bắt buộc",
    "required_when": "bắt buộc khi các điều kiện đúng",
    "options": "danh sách lựa chọn, hoặc tên danh sách chung",
    "quick": "id các lựa chọn hiện ngay",
    "more": "chữ trên nút mở các lựa chọn còn lại",
    "partial": "ngày được thiếu ngày, tháng",
    "low": "số nhỏ nhất",
    "high": "số lớn nhất; ô chữ: số chữ cái; danh sách: số dòng (không ghi là 20); ô ngày: 0 là không sau hôm nay",
    "default": "câu ghi sẵn; nơi chốn: here là phường này",
    "derive": "máy điền: { from = ... } hoặc { date_in_words = ô ngày }",
    "keyboard": "bàn phím khác: digits",
    "figures_for": "cột chữ: dòng có cột đầu là một trong các id này thì bàn phím mở ra các số",
    "capitals": "in chữ hoa",
    "asked": "false: chỉ có trên giấy, không hỏi",
    "in_only_row": "câu trả lời của cột khi bảng chỉ có một dòng; khi đó không hỏi",
    "hint": "câu nhỏ dưới ô",
    "Field.example": "ví dụ trong ô",
    "FormStep.example": "ví dụ trên trang",
    "echo": "câu đọc lại điều vừa chọn",
    "suggest": "nút gợi ý, xem Gợi ý",
    "unknown": "chữ trên nút bỏ trống",
    "missing": "câu nhắc khi chưa trả lời",
    "AnswerOption.value": "chữ in trên tờ khai",
    "AnswerOption.officer": "máy không khai tiếp được: đọc say, mời lấy số",
    "procedure": "với officer: mã thủ tục mở thay cho lấy số",
    "ask": "câu hỏi",
    "FormStep.title": "tên nhóm ở trang xem lại",
    "fields": "khóa các ô của trang",
    "help": "lời giảng",
    "person": "trang quét thẻ",
    "place": "page: trang thường; review: sau trang xem lại",
    "rows": "khóa của danh sách mà trang điền từng dòng",
    "counts": "hiện mọi lựa chọn của cột đầu, mỗi lựa chọn có nút bớt, thêm số bản",
    "rows_none": "chữ trên nút không có ai",
    "rows_add": "chữ trên nút thêm dòng",
    "row_ask": "câu hỏi của trang một dòng",
    "derived": "câu nói máy đã suy ra điều gì",
    "role": "người của trang: mẹ, cha",
    "fills": "điều trên thẻ điền vào ô nào",
    "applies": "người ấy là người nộp khi các điều kiện đúng",
    "skip": "chữ trên nút không có người này",
    "same": "chữ trên nút chính là người trước",
    "same_sets": "ô mà nút ấy điền",
    "died": "người này đã mất: hỏi nơi ở trên thẻ là nơi ở cuối cùng",
    "again": "thẻ của người này được quét lại cho một dòng của danh sách",
    "older_than": "suy ra: { key, days, yes, no }",
    "age_under": "tuổi dưới; ở situation: { key, years, yes, no }",
    "sex_of": "suy ra: { key, yes, no }, số giấy có cho biết nam nữ không",
    "citizens": "suy ra: { papers = { ô tên = ô giấy tờ }, yes, no }",
    "source": "khóa của ô lấy từ đó; sex_of:ô, nationality_of:ô",
    "CopyRule.value": "thay cho source: câu trả lời điền vào",
    "rule": "tên điều kiểm, xem Điều kiểm",
    "keys": "khóa các ô được kiểm",
    "level": "error: phải sửa; warn: nhắc",
    "at": "id của trang hiện lời nhắc; check: trang xem lại",
    "args": "giá trị của điều kiểm",
    "Check.officer": "mời lấy số cạnh lời nhắc, khi điều ấy là thật",
    "ticket": "chữ về việc lấy số",
    "passes": "câu trả lời đúng, để máy thử",
    "fails": "câu trả lời sai, để máy thử",
    "only": "câu thay tờ khai khi quầy không nhận",
    "Certifies.register": "sổ: bản sao, chữ ký, chữ ký người dịch, giao dịch",
    "Certifies.paper": "khóa của ô ghi tên giấy; bản sao thì là danh sách giấy",
    "Certifies.pages": "khóa của ô số trang",
    "OnlineWay.ask": "câu thêm khi phường chưa ghi at_counter",
    "Declaration.title": "tên tờ khai, chữ hoa",
    "issued_by": "văn bản ban hành mẫu",
    "Declaration.line": "dòng",
    "signature": "khối ký",
    "form_code": "số mẫu, góc trên",
    "subtitle": "dòng dưới tên",
    "footnotes": "chú thích, bắt đầu bằng (1)",
    "place_and_date": "dòng nơi, ngày",
    "DeclarationLine.text": "một dòng chữ với {khóa}",
    "cells": "một hàng của bảng hai người",
    "widths": "bề rộng các cột",
    "table": "khóa của danh sách, in thành bảng",
    "number_head": "đầu cột số thứ tự",
    "annex": "dòng in ở tờ đính kèm",
    "DeclarationLine.each": "khóa của danh sách: mỗi dòng in một lần",
    "bold": "chữ đậm",
    "italic": "chữ nghiêng",
    "oath": "lời cam đoan",
    "boxes": "khóa của số định danh, in trong 12 ô",
    "indent": "lùi vào",
    "above_signature": "in trên chữ ký",
    "Signature.title": "chức danh",
    "Signature.note": "dòng trong ngoặc",
    "Signature.name": "khóa của tên in dưới chữ ký",
    "date_line": "ngày riêng trên khối ký",
    "under": "dòng chấm dưới chữ ký",
    "Condition.key": "khóa của ô hay của situation",
    "is": "là",
    "in": "là một trong",
    "not": "không là",
    "not_in": "không là một trong",
    "has": "ô chọn nhiều có chọn",
    "age_at_least": "đủ tuổi",
    "days_over": "ngày đã qua quá bấy nhiêu ngày",
    "days_at_most": "ngày đã qua không quá bấy nhiêu ngày",
    "answered": "true: đã trả lời; false: chưa",
    "any": "một trong các điều kiện",
}
"""`Record.key` or key -> its meaning."""
ARGS = {
    "number": "số",
    "words": "danh sách chữ",
    "column": "cột",
    "sex": "nam hoặc nu",
    "day": '"2026-11-24"',
    "amount": "tên số tiền",
    "value": "giá trị",
}


def records() -> list[Any]:
    """Return every record of the format, the outer before the inner."""
    found: list[Any] = [Procedure]
    for record in found:
        for item in toml_fields(record):
            found += [inner for inner in _records_in(item.hint) if inner not in found and inner is not Words]
    return found


def _records_in(hint: Any) -> Iterator[Any]:
    if is_dataclass(hint):
        yield hint
    for inner in typing.get_args(hint):
        yield from _records_in(inner)


def meaning(record: Any, key: str) -> str:
    """Return the meaning of a key; "" for one that nobody has explained."""
    return MEANINGS.get(f"{record.__name__}.{key}", MEANINGS.get(key, ""))


def _type_words(hint: Any) -> str:
    values = [
        value
        for inner in (hint, *typing.get_args(hint))
        if typing.get_origin(inner) is Literal
        for value in typing.get_args(inner)
    ]
    if values:
        return ", ".join(f"`{value}`" for value in values)
    if hint is Words or Words in typing.get_args(hint):
        return "danh sách chữ hai tiếng" if typing.get_origin(hint) is tuple else "chữ hai tiếng"
    names = {str: "chữ", int: "số", bool: "true, false", date: "ngày"}
    plain = next((names[inner] for inner in (hint, *typing.get_args(hint)) if inner in names), "bảng, danh sách")
    if typing.get_origin(hint) is tuple:
        return f"danh sách {plain}" if plain == "chữ" else "các đoạn, danh sách"
    return plain if "Mapping" not in str(hint) else "bảng { }"


def lines() -> Iterator[str]:
    """Yield the lines of the page."""
    yield from ("# Mọi khóa của tệp thủ tục", "", "<!-- `make reference` ghi tệp này; không sửa tay. -->", "")
    yield "Cách viết: [procedures.md](procedures.md). Chữ hai tiếng viết thành `khóa` và `khóa_en`."
    for record in records():
        yield from (
            "",
            f"## {TITLES.get(record.__name__, record.__name__)}",
            "",
            "| khóa | viết gì | bắt buộc | nghĩa |",
            "|---|---|---|---|",
        )
        for item in toml_fields(record):
            needed = "có" if item.is_required else ""
            yield f"| `{item.name}` | {_type_words(item.hint)} | {needed} | {meaning(record, item.name)} |"
    yield from ("", "## Loại ô (`kind`)", "", ", ".join(f"`{name}`" for name in kinds.NAMES))
    yield from ("", "## Điều kiểm (`rule`)", "", "| rule | số ô trong `keys` | loại ô | `args` |", "|---|---|---|---|")
    for name in sorted(RULES):
        takes = TAKES[name]
        count = (
            f"{takes.least}"
            if takes.most == takes.least
            else f"{takes.least} đến {takes.most}"
            if takes.most
            else f"từ {takes.least}"
        )
        kinds_words = "; ".join(", ".join(sorted(group)) or "mọi loại" for group in takes.kinds)
        args = ", ".join(
            f"`{arg}` ({ARGS[given.kind]}{', không bắt buộc' if given.is_optional else ''})"
            for arg, given in takes.args.items()
        )
        yield f"| `{name}` | {count} | {kinds_words} | {args} |"
    yield from ("", "## Danh sách đóng", "")
    for title, names in closed_lists().items():
        yield f"- {title}: {', '.join(f'`{name}`' for name in names)}"


def closed_lists() -> dict[str, list[str]]:
    """Return the closed lists of values that a file may name."""
    return {
        "`derive.from`": list(DERIVE_SOURCES),
        "`fills`, điều trên thẻ": list(CARD_KINDS),
        "số tiền của phường (`amount` của điều kiểm)": list(AMOUNTS),
        "`event`": [event.id for event in shipped_events()],
        "tiếng khác": list(OTHER_LANGUAGES),
        "danh sách lựa chọn chung (choices.toml)": sorted(choice_sets()),
    }


def page() -> str:
    """Return the page."""
    return "\n".join(lines()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
