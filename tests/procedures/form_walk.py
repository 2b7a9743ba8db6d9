"""A walk through a form in process: every page is answered with the samples of its kinds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import timedelta
from itertools import product
from typing import Any

from kiosk.procedures import journey, kinds
from kiosk.procedures.answers import Draft, Office, field_at
from kiosk.procedures.base import Condition
from kiosk.procedures.conditions import holds, leaf_conditions
from kiosk.procedures.examples import EXAMPLE_AMOUNTS
from kiosk.procedures.journey import FormPage
from kiosk.procedures.kinds.choices import OTHER
from kiosk.procedures.model import Field, Procedure, Situation
from tests.procedures.texts import DAY

OFFICE = Office(
    committee="Ủy ban nhân dân phường Phú Xuân",
    police="Công an phường Phú Xuân",
    economy="Phòng Kinh tế, Hạ tầng và Đô thị phường Phú Xuân",
    short="phường Phú Xuân",
    ward_code="19753",
    province_code="46",
    amounts=EXAMPLE_AMOUNTS,
)
PASSPORT = {"loai": "ho_chieu", "so": "C1234567"}
SCANNED = {
    "full_name": "Nguyễn Thị Mẫu",
    "date_of_birth": "1996-03-12",
    "year_of_birth": "1996",
    "issued": "10/05/2021, Cục Cảnh sát quản lý hành chính về trật tự xã hội",
    "sex": "nu",
    "residence": {"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 6", "card": "Tổ 6, Phú Hậu"},
}


@dataclass(frozen=True)
class Branch:
    """Given answers of a walk; the others are samples."""

    situations: Mapping[str, str]
    answers: Mapping[str, Any]
    by_hand: bool = False

    def __str__(self) -> str:
        parts = [f"{key}={value}" for key, value in (*self.situations.items(), *self.answers.items())]
        return "-".join([*parts, "hand" if self.by_hand else "card"]).replace(" ", "")


# --- branches


def conditions(record: Any) -> Iterator[Condition]:
    """Yield every condition with a key, anywhere in a procedure."""
    if isinstance(record, Condition):
        yield from leaf_conditions((record,))
    elif is_dataclass(record):
        for item in fields(record):
            yield from conditions(getattr(record, item.name))
    elif isinstance(record, tuple):
        for inner in record:
            yield from conditions(inner)


def branches(procedure: Procedure) -> list[Branch]:
    """Return every combination of situations, each with every answer of a condition, by card and by hand."""
    chosen_options = [_chosen(situation) for situation in procedure.situations]
    derived = [list(_derivations(situation)) for situation in procedure.situations if not situation.options]
    choices = [("", None), *_condition_answers(procedure)]
    result = []
    for chosen in product(*filter(None, chosen_options)):
        for dates, (key, value), by_hand in product(product(*derived), choices, (False, True)):
            answers = dict(dates) | ({key: value} if key else {})
            result.append(Branch(dict(chosen), answers, by_hand))
    return result


def _chosen(situation: Situation) -> list[tuple[str, str]]:
    return [(situation.key, option.id) for option in situation.options if not option.officer]


def _condition_answers(procedure: Procedure) -> Iterator[tuple[str, Any]]:
    """Yield (key, value) of every answer that changes a condition."""
    known = list(conditions(procedure))
    for key in dict.fromkeys(condition.key for condition in known):
        item = field_at(procedure, key)
        if item is not None:
            yield from ((key, value) for value in _values(item))
    for key, years in dict.fromkeys(
        (condition.key, condition.age_under or condition.age_at_least) for condition in known
    ):
        if years:
            yield from ((key, f"{DAY.year - years}-{end}") for end in ("11-25", "11-24"))


def _values(item: Field) -> list[Any]:
    """Return the options of a field; none for a typed one."""
    if item.kind == "boolean":
        return [True, False]
    options = [option.id for option in item.options]
    if item.kind == "choice_text":
        return [*(option for option in options if option != "khac"), "Lời riêng"]
    return [[option] for option in options] if item.kind == "multichoice" else options if item.kind == "choice" else []


def _derivations(situation: Situation) -> Iterator[tuple[str, Any]]:
    """Yield (key, value) for which a derived situation is `yes`, and for which it is `no`."""
    if situation.older_than:
        days = int(situation.older_than["days"])
        yield from ((situation.older_than["key"], (DAY - timedelta(days=ago)).isoformat()) for ago in (days + 1, days))
    if situation.age_under:
        years = int(situation.age_under["years"])
        yield from ((situation.age_under["key"], f"{DAY.year - years}-{end}") for end in ("11-25", "11-24"))
    if situation.sex_of:
        yield from (
            (situation.sex_of["key"], paper) for paper in ({"loai": "can_cuoc", "so": "046196000123"}, PASSPORT)
        )
    if situation.citizens:
        paper = next(iter(situation.citizens["papers"].values()))
        yield from ((paper, answer) for answer in ({"loai": "can_cuoc", "so": "046196000123"}, PASSPORT))


# --- the walk


@dataclass
class Walk:
    """A form that is filled in, with its pages in order."""

    procedure: Procedure
    branch: Branch
    draft: Draft
    seen: list[str]

    def open_page(self) -> FormPage | None:
        return journey.first_unfinished(self.procedure, self.draft, DAY)

    def answer(self, page: FormPage) -> None:
        """Answer a page and mark it as done."""
        person = journey.person_on(self.procedure, page)
        if person is not None and not page.part and not self.branch.by_hand:
            for name, key in person.fills.items():
                self.draft.put(key, self._scanned(name, key), "card")
        if page.step.rows and not page.part and self.draft.get(page.step.rows) is None:
            self._fill_rows(page.step.rows)
        for item in journey.fields_on(self.procedure, page, self.draft.answers):
            known = journey.answers_with_situations(self.procedure, self.draft, DAY)
            if holds(item.when, known, DAY):
                self._post(item)
        self.draft.done.append(page.id)
        self.seen.append(page.id)

    def _fill_rows(self, key: str) -> None:
        """Add one row to a required list; other lists stay empty."""
        item = self.procedure.by_key[key]
        known = journey.answers_with_situations(self.procedure, self.draft, DAY)
        asks = (check for check in self.procedure.checks if check.rule == "at_least_rows" and key in check.keys)
        if journey.is_required(item, known, DAY) or next(asks, None):
            self.draft.put(key, kinds.of(item).sample(item))

    def _scanned(self, name: str, key: str) -> Any:
        if key in self.branch.answers:
            return self.branch.answers[key]
        if name == "id":
            return kinds.of(self.procedure.by_key[key]).sample(self.procedure.by_key[key])
        return SCANNED[name]

    def _post(self, item: Field) -> None:
        """Answer a field like a page: posted, parsed, stored."""
        chosen = {**self.branch.situations, **self.branch.answers}
        value = chosen.get(item.key, kinds.of(item).sample(item))
        if item.kind == "choice_text" and value == OTHER:
            value = "Theo lời người khai"  # that option only opens the text box
        parsed = kinds.of(item).parse(item, posted_boxes(item, value), value, DAY)
        assert parsed.error is None, (item.key, parsed.error)
        assert parsed.value == value, (item.key, parsed.value, value)
        self.draft.put(item.key, parsed.value)


def begin(procedure: Procedure, branch: Branch) -> Walk:
    draft = Draft(procedure.code, procedure.version, answers=dict(branch.situations))
    if branch.by_hand:
        draft.by_hand = [step.id for step in procedure.steps if step.person]
    return Walk(procedure=procedure, branch=branch, draft=draft, seen=[])


def walked(procedure: Procedure, branch: Branch) -> Walk:
    """Walk up to the check page, then the pages after it, then the pages that their answers added."""
    walk = begin(procedure, branch)
    _finish_pages(walk)
    for step in procedure.steps:
        page = journey.find_page(procedure, walk.draft, DAY, step.id)
        if step.place == "review" and page is not None:
            walk.answer(page)
    _finish_pages(walk)
    return walk


def _finish_pages(walk: Walk) -> None:
    while page := walk.open_page():
        assert page.id not in walk.seen, f"{page.id} comes twice after {walk.seen}"
        walk.answer(page)


def posted_boxes(item: Field, value: Any) -> dict[str, str]:
    """Return the boxes of a page with this value."""
    key = item.key
    if item.kind == "group":
        pairs = ((part, value.get(part.key.rpartition(".")[2])) for part in kinds.parts_of(item))
        return {
            box: text
            for part, answer in pairs
            if answer is not None
            for box, text in posted_boxes(part, answer).items()
        }
    return BOXES[item.kind](key, value) if item.kind in BOXES else {key: str(value)}


def date_boxes(key: str, value: str) -> dict[str, str]:
    year, month, day = (*value.split("-"), "", "")[:3]
    return {f"{key}.d": day, f"{key}.m": month, f"{key}.y": year}


def _id_document_boxes(key: str, value: Any) -> dict[str, str]:
    paper = {f"{key}.loai": value["loai"], f"{key}.so": value["so"]}
    return paper | date_boxes(f"{key}.ngay_cap", value.get("ngay_cap", ""))


def _choice_text_boxes(key: str, value: str) -> dict[str, str]:
    """Return the boxes of an option (its id has no blanks) or of own words."""
    return {key: value} if value.isidentifier() else {key: "khac", f"{key}.own": value}


def _place_boxes(key: str, value: Any) -> dict[str, str]:
    return {f"{key}.detail": value["detail"]}


BOXES: dict[str, Callable[[str, Any], dict[str, str]]] = {
    "date": date_boxes,
    "time": lambda key, value: dict(zip((f"{key}.h", f"{key}.min"), value.split(":"), strict=True)),
    "boolean": lambda key, value: {key: "co" if value else "khong"},
    "multichoice": lambda key, value: {f"{key}.{option}": option for option in value},
    "choice_text": _choice_text_boxes,
    "id_document": _id_document_boxes,
    "address": _place_boxes,
    "place": _place_boxes,
    "ward": lambda key, value: {},
}
