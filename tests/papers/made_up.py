"""Made-up answers to any procedure: typical ones, the longest, and only the required ones.

Forms are tested with these three; no person in them exists.
"""

from collections.abc import Callable, Mapping
from typing import Any

from kiosk.procedures import kinds
from kiosk.procedures.model import Field, Procedure

POLICE = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
NAMES = (
    "Nguyễn Thị Diệu Hiền", "Trần Văn Phước", "Lê Thị Ngọc Bích", "Hồ Văn Thuận", "Phan Minh Châu",
    "Võ Thị Kim Liên", "Đặng Quang Huy", "Hoàng Thị Hạnh", "Bùi Gia Bảo",
)  # fmt: skip
BIRTH_DAYS = ("1996-03-12", "1993-09-02", "1958-11-20", "1984-07-22", "1990-01-30")
RECENT_DAYS = ("2026-11-12", "2026-11-14", "2026-11-16", "2026-11-20")
NUMBERS = ("046196000123", "046093000456", "046158000789", "046084000987", "046190000321")
HOMES = (("19753", "Tổ 5"), ("19774", "Số 12 đường Chu Văn An"), ("19753", "Kiệt 20, thôn Hạ"))
LONG_NAME = "Công Tằng Tôn Nữ Hoàng Thị Ngọc Diễm Phương Khuê Trinh Quỳnh"
LONG_WORDS = "Nhà văn hóa tổ dân phố số 12, kiệt 35 đường Trần Hưng Đạo nối dài, cạnh chợ Đông Ba và bến đò Thừa Phủ cũ"
LETTERS = "ABCDEGHIKLMNOPQRSTUVXY"
Maker = Callable[[Field, int], Any]


def home(at: int, detail: str = "") -> dict[str, str]:
    ward, line = HOMES[at % len(HOMES)]
    return {"provinceCode": "46", "wardCode": ward, "detail": detail or line}


def card(number: str) -> dict[str, str]:
    return {"loai": "can_cuoc", "so": number, "ngay_cap": "2021-05-10", "noi_cap": POLICE}


def _day(item: Field, at: int) -> str:
    days = BIRTH_DAYS if "sinh" in item.key and not item.key.startswith("con_") else RECENT_DAYS
    return days[at % len(days)]


def _longest(item: Field, _: int) -> str:
    return max(item.options, key=lambda option: len(option.value or option.label.vi)).id


TYPICAL: dict[str, Maker] = {
    "person_name": lambda _, at: NAMES[at % len(NAMES)],
    "date": _day,
    "id_number": lambda _, at: NUMBERS[at % len(NUMBERS)],
    "id_document": lambda _, at: card(NUMBERS[at % len(NUMBERS)]),
    "address": lambda _, at: home(at),
    "place": lambda _, at: home(at),
    "phone": lambda *_: "0905000123",
    "email": lambda *_: "hien.mau@example.vn",
    "number": lambda item, _: max(2, item.low or 0),
}
LONGEST: dict[str, Maker] = {
    **TYPICAL,
    "person_name": lambda *_: LONG_NAME,
    "text": lambda item, _: LONG_WORDS[: item.high or len(LONG_WORDS)].strip(),
    "longtext": lambda item, _: f"{LONG_WORDS}; {LONG_WORDS}; {LONG_WORDS}"[: item.high or 500].strip(),
    "address": lambda _, at: home(at, LONG_WORDS),
    "place": lambda _, at: home(at, LONG_WORDS),
    "email": lambda *_: "cong.tang.ton.nu.hoang.thi.ngoc.diem@phuong-phu-xuan.example.vn",
    "choice": _longest,
    "choice_text": lambda *_: LONG_WORDS,
    "multichoice": lambda item, _: [option.id for option in item.options],
    "boolean": lambda *_: True,
    "number": lambda item, _: item.high or 99,
    "money": lambda item, _: item.high or 987_654_321_000,
}
DISTINCT: dict[str, Maker] = {
    **TYPICAL,
    "person_name": lambda _, at: f"Nguyễn Mẫu {LETTERS[at]}",
    "text": lambda item, _: f"lời {item.key}",
    "longtext": lambda item, _: f"lời {item.key}",
    "choice_text": lambda item, _: f"lời {item.key}",
    "date": lambda _, at: f"1990-01-{at + 1:02d}",
    "id_number": lambda _, at: f"0461960001{at:02d}",
    "id_document": lambda _, at: card(f"0461960002{at:02d}"),
    "address": lambda _, at: home(at, f"Tổ {at + 101}"),
    "place": lambda _, at: home(at, f"Tổ {at + 201}"),
    "number": lambda _, at: 3 + at,
}
LONG_LIST_ROWS = 14


def typical(procedure: Procedure) -> dict[str, Any]:
    """Return typical answers to all fields."""
    return _make_answers(procedure, TYPICAL, rows=2)


def distinct(procedure: Procedure) -> dict[str, Any]:
    """Return typical answers without two equal texts, names, dates or places, so that a missing one is noticed."""
    return _make_answers(procedure, DISTINCT, rows=2)


def longest(procedure: Procedure) -> dict[str, Any]:
    """Return the longest answers, and more rows than the form has."""
    return _make_answers(procedure, LONGEST, rows=LONG_LIST_ROWS)


def least(procedure: Procedure) -> dict[str, Any]:
    """Return only the required answers."""
    required = {item.key for item in procedure.fields if item.required or item.required_when}
    chosen = {situation.key for situation in procedure.situations}
    return {key: value for key, value in typical(procedure).items() if key in required | chosen}


def _make_answers(procedure: Procedure, makers: Mapping[str, Maker], rows: int) -> dict[str, Any]:
    answers: dict[str, Any] = {
        situation.key: situation.options[0].id for situation in procedure.situations if situation.options
    }
    seen: dict[str, int] = {}
    for item in procedure.fields:
        if item.asked and not item.derive:
            answers[item.key] = _answer(item, makers, rows=rows, seen=seen)
    return answers


def _answer(item: Field, makers: Mapping[str, Maker], *, rows: int, seen: dict[str, int]) -> Any:
    """Return an answer, another one for each field of a kind."""
    if item.kind == "group":
        return _parts(item, makers, rows=rows, seen=seen)
    if item.kind == "group_list":
        return [_parts(item, makers, rows=rows, seen=seen) for _ in range(rows)]
    at = seen.get(item.kind, 0)
    seen[item.kind] = at + 1
    return makers[item.kind](item, at) if item.kind in makers else kinds.of(item).sample(item)


def _parts(item: Field, makers: Mapping[str, Maker], *, rows: int, seen: dict[str, int]) -> dict[str, Any]:
    return {part.key: _answer(part, makers, rows=rows, seen=seen) for part in item.fields if part.asked}
