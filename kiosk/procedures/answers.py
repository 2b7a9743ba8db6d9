"""A form being filled in: the draft, its answers by path, and what follows from them.

Nothing derived is ever kept: copies, defaults, words for dates and derived situations are computed from what was
answered (`complete`), so that a changed answer changes all that hangs on it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from kiosk.procedures import conditions, kinds
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.kinds import dates
from kiosk.procedures.kinds.places import PLACE_KINDS
from kiosk.procedures.model import CopyRule, Field, Procedure, Situation

OATH = "oath"
THIS_WARD = "here"
"""The default of a ward: this one."""
UNSAID: tuple[Any, ...] = (None, "", [], {})
"""What stands for an answer that was not given."""
DERIVE_SOURCES = ("ward.committee", "ward.police", "ward.economy", "ward.short", "today", OATH)
"""What a field may derive from, besides the words of a date."""


@dataclass(frozen=True)
class Office:
    """The ward that receives the form, as the printed form names it."""

    committee: str
    police: str
    short: str
    ward_code: str
    province_code: str
    economy: str = ""
    seats: Mapping[str, int] = field(default_factory=dict)
    """Seats that are left in the classes of the ward, by session."""

    @property
    def place(self) -> dict[str, str]:
        """The ward as an answer."""
        return {"provinceCode": self.province_code, "wardCode": self.ward_code, "detail": ""}


@dataclass
class Draft:
    """What a citizen has said so far; sealed as a whole in the store."""

    code: str
    version: str
    answers: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    """How an answer came: card, hand, officer."""
    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    """Page -> what stood in its boxes when it could not be kept: nothing typed is lost."""
    done: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    """Doubts that the citizen has looked at and left as they are."""

    def as_json(self) -> dict[str, Any]:
        """Return the draft as JSON takes it."""
        return asdict(self)

    def get(self, path: str) -> Any:
        """Return the answer at `key`, `group.part` or `list.0.column`; None when there is none."""
        return value_at(self.answers, path)

    def put(self, path: str, value: Any, source: str = "hand") -> None:
        """Keep an answer at a path; None takes it out."""
        key, *rest = path.split(".")
        if not rest:
            _put(self.answers, key, value)
        else:
            self.answers[key] = _grafted(self.answers.get(key), rest, value)
        if value is None:
            self.sources.pop(path, None)
        else:
            self.sources[path] = source


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def _grafted(holder: Any, rest: list[str], value: Any) -> Any:
    name, *deeper = rest
    if name.isdigit():
        rows = list(holder or [])
        rows += [{} for _ in range(int(name) + 1 - len(rows))]
        rows[int(name)] = _grafted(rows[int(name)], deeper, value) if deeper else value
        return rows
    table = dict(holder or {})
    _put(table, name, _grafted(table.get(name), deeper, value) if deeper else value)
    return table


def field_at(procedure: Procedure, path: str) -> Field | None:
    """Return the field at a path, under that path as its key."""
    key, *rest = path.split(".")
    found = procedure.by_key.get(key)
    for name in rest:
        if found is None:
            return None
        if not name.isdigit():
            found = next((part for part in found.fields if part.key == name), None)
    if found is None or not rest:
        return found
    return Field(**{**found.__dict__, "key": path})


def derived_situations(procedure: Procedure, answers: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the derived situations ("over 60 days") that can be known."""
    found = {item.key: _derived(item, answers, today) for item in procedure.situations if not item.options}
    return {key: value for key, value in found.items() if value is not None}


def _derived(item: Situation, answers: Mapping[str, Any], today: date) -> str | None:
    if item.older_than:
        days = conditions.days_old(value_at(answers, item.older_than["key"]), today)
        return None if days is None else str(item.older_than["yes" if days > item.older_than["days"] else "no"])
    if item.age_under:
        age = conditions.years_old(value_at(answers, item.age_under["key"]), today)
        return None if age is None else str(item.age_under["yes" if age < item.age_under["years"] else "no"])
    if item.sex_of:
        paper = value_at(answers, item.sex_of["key"])
        return None if paper is None else str(item.sex_of["yes" if sex_of(paper) else "no"])
    return None


def complete(procedure: Procedure, given: Mapping[str, Any], office: Office, today: date) -> dict[str, Any]:
    """Return the answers with all that follows from them: copies, defaults, words, the office, the day.

    An answer whose field does not apply in this situation is left out, and so is what only helped to ask
    (keys that begin with an underscore).
    """
    answers = with_situations(procedure, {key: value for key, value in given.items() if not key.startswith("_")}, today)
    for item in procedure.conditional_fields:
        if not holds(item.when, answers, today):
            answers.pop(item.key, None)
        elif item.default is not None and item.key not in answers:
            answers[item.key] = office.place if item.default == THIS_WARD else item.default
    values = (office.committee, office.police, office.economy, office.short, today.isoformat(), True)
    told = dict(zip(DERIVE_SOURCES, values, strict=True))
    for item in procedure.derived_fields:
        answers[item.key] = _derived_from(item.derive or {}, answers, told)
    return answers


def with_situations(procedure: Procedure, given: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the answers with what is copied and which situations follow: what conditions are judged by.

    A situation may hang on a copied answer (the age of who is also the applicant), a copy on a situation.
    """
    answers = dict(given) | derived_situations(procedure, given, today)
    for copy in procedure.copies:
        if holds(copy.when, answers, today):
            _copy(copy, answers)
    return answers | derived_situations(procedure, answers, today)


def _copy(copy: CopyRule, answers: dict[str, Any]) -> None:
    if copy.value is not None:
        value = copy.value
    elif copy.source.startswith("sex_of:"):
        value = sex_of(value_at(answers, copy.source.removeprefix("sex_of:")))
    else:
        value = value_at(answers, copy.source)
    _put(answers, copy.to, value)


def sex_of(paper: Any) -> str | None:
    """Return "nam" or "nu" from the fourth digit of an id number (Decree 137/2015, article 13), or None."""
    number = str(paper.get("so", "") if isinstance(paper, Mapping) else paper or "")
    if len(number) != 12 or not number.isdigit():
        return None
    return "nu" if int(number[3]) % 2 else "nam"


def _derived_from(rule: Mapping[str, Any], answers: Mapping[str, Any], told: Mapping[str, Any]) -> Any:
    if "date_in_words" in rule:
        return dates.in_words(str(answers.get(rule["date_in_words"]) or ""))
    return told[rule["from"]]


def is_answered(procedure: Procedure, path: str, answers: Mapping[str, Any]) -> bool:
    """Return whether a field holds a whole answer."""
    value = value_at(answers, path)
    if value in UNSAID:
        return False
    item = field_at(procedure, path)
    if item is not None and item.kind in PLACE_KINDS:
        return bool(value.get("wardCode") or value.get("card"))
    return not (item and item.kind == "group") or all(
        value_at(answers, part.key) is not None for part in kinds.parts_of(item) if part.required
    )
