"""Drafts of a form: answers by path, and the values computed from them.

Computed values are never stored: copies, defaults, dates in words and derived situations are computed from the given
answers (`complete`), so that a changed answer changes all that depends on it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from kiosk.procedures import conditions, kinds
from kiosk.procedures.conditions import holds, value_at
from kiosk.procedures.kinds import dates
from kiosk.procedures.kinds.documents import NATIONAL_PAPERS
from kiosk.procedures.kinds.places import ADDRESS_PARTS, PLACE_KINDS, is_place
from kiosk.procedures.model import CopyRule, Field, Procedure, Situation

HAND = "hand"
OFFICER = "officer"
"""Sources of a typed answer: the citizen, or an officer (`Draft.givers` says which one)."""
OATH = "oath"
THIS_WARD = "here"
"""Default of a ward field: this ward."""
SEX_OF = "sex_of:"
"""Source of a copy: the sex in the number of an identity paper."""
NATIONALITY_OF = "nationality_of:"
"""Source of a copy: the nationality that an identity paper proves."""
CITIZEN = "VN"
"""The nationality of a citizen, as answers store it."""
WARD_SOURCES = ("ward.committee", "ward.police", "ward.economy", "ward.short")
NOT_FOR_MARRIAGE = "ward.not_for_marriage"
"""Whether the ward writes on a certificate of marital status that it is not for a marriage."""
DERIVE_SOURCES = (*WARD_SOURCES, "today", OATH, NOT_FOR_MARRIAGE)
"""Sources of a derived field, besides a date in words."""

AMOUNTS = ("social_pension",)
"""Amounts that differ from ward to ward and are settings, never figures of a procedure file."""

_EMPTY: tuple[Any, ...] = (None, "", [], {})


def is_empty(answer: Any) -> bool:
    """Return whether an answer counts as not given; `False` and 0 are answers."""
    return answer in _EMPTY


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
    """Free seats in the classes of the ward, by session id."""
    amounts: Mapping[str, int] = field(default_factory=dict)
    """Amounts of `AMOUNTS` that the ward has entered in kiosk.toml, in dong a month; the others are not known."""

    not_for_marriage: bool = False
    """Whether a certificate of marital status for another purpose says that it is not for a marriage."""

    @property
    def place(self) -> dict[str, str]:
        """The ward as an answer."""
        return {"provinceCode": self.province_code, "wardCode": self.ward_code, "detail": ""}


@dataclass
class Draft:
    """The answers so far; sealed as a whole in the store, under the names of these fields."""

    code: str
    version: str
    answers: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    """Path -> source of the answer: card, hand, kept, officer."""
    givers: dict[str, str] = field(default_factory=dict)
    """Path -> code of the officer who gave the answer, where its source is officer."""
    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    """Page -> text of its boxes that had errors, so that nothing typed is lost."""
    done: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    """Warnings that the citizen has seen and left."""
    help: dict[str, str] = field(default_factory=dict)
    """Facts about the help of an officer, by name: see kiosk/dossiers/assistance.py."""
    read_back: list[str] = field(default_factory=list)
    """Steps that an officer has read back to the citizen."""
    writer: str = field(default="", init=False, repr=False, compare=False)
    """Code of the officer who types now; empty while the citizen does. Not stored: each write sets it."""

    def as_json(self) -> dict[str, Any]:
        """Return the draft as a JSON object."""
        stored = asdict(self)
        del stored["writer"]
        return stored

    def get(self, path: str) -> Any:
        """Return the answer at `key`, `group.part` or `list.0.column`; None when there is none."""
        return value_at(self.answers, path)

    def put(self, path: str, value: Any, source: str = HAND) -> None:
        """Set the answer at a path, and its source; None deletes it.

        An answer that is typed again as it was keeps its source: a page posts all its answers, also those that the
        person who typed did not change.
        """
        is_same = path in self.sources and self.get(path) == value
        key, *rest = path.split(".")
        if not rest:
            _put(self.answers, key, value)
        else:
            self.answers[key] = _with_value(self.answers.get(key), rest, value)
        if value is None:
            self._set_source(path, "")
        elif source != HAND or not is_same:
            self._set_source(path, OFFICER if source == HAND and self.writer else source)

    def public_sources(self) -> dict[str, str]:
        """Return the sources without those of helper answers."""
        return {path: source for path, source in self.sources.items() if not path.startswith("_")}

    def public_givers(self) -> dict[str, str]:
        """Return the givers without those of helper answers."""
        return {path: officer for path, officer in self.givers.items() if not path.startswith("_")}

    def _set_source(self, path: str, source: str) -> None:
        self.sources.pop(path, None)
        self.givers.pop(path, None)
        if source:
            self.sources[path] = source
        if source == OFFICER:
            self.givers[path] = self.writer

    def remove_row(self, key: str, index: int) -> None:
        """Remove a row of a list; the rows below move up with their sources."""
        rows = list(self.answers.get(key) or [])
        if index >= len(rows):
            return
        del rows[index]
        _put(self.answers, key, rows or None)
        self.sources = _without_row(self.sources, key, index)
        self.givers = _without_row(self.givers, key, index)
        if not rows:
            self._set_source(key, "")


def _without_row(table: Mapping[str, str], key: str, index: int) -> dict[str, str]:
    """Return values by path without those of a row of a list; the paths of the rows below move up."""
    kept: dict[str, str] = {}
    for path, value in table.items():
        name, _, rest = path.partition(".")
        row, _, column = rest.partition(".")
        if name != key or not (row.isascii() and row.isdigit()) or int(row) < index:
            kept[path] = value
        elif int(row) > index:
            kept[f"{key}.{int(row) - 1}.{column}"] = value
    return kept


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def _with_value(answer: Any, path: list[str], value: Any) -> Any:
    """Return a copy of a group or list of rows with a value at a path inside it."""
    name, *rest = path
    if name.isascii() and name.isdigit():
        rows = list(answer or [])
        rows += [{} for _ in range(int(name) + 1 - len(rows))]
        rows[int(name)] = _with_value(rows[int(name)], rest, value) if rest else value
        return rows
    table = dict(answer or {})
    _put(table, name, _with_value(table.get(name), rest, value) if rest else value)
    return table


def field_at(procedure: Procedure, path: str) -> Field | None:
    """Return the field at a path, with that path as its key, or None."""
    key, *rest = path.split(".")
    item = procedure.by_key.get(key)
    for name in rest:
        if item is None:
            return None
        if not (name.isascii() and name.isdigit()):
            item = next((part for part in item.fields if part.key == name), None)
    if item is None or not rest:
        return item
    return Field(**{**item.__dict__, "key": path})


def place_of_part(procedure: Procedure, path: str) -> str:
    """Return the key of the place whose part a path names (`tru_so.ward`); "" for another path."""
    key, _, name = path.rpartition(".")
    item = field_at(procedure, key) if key and name in ADDRESS_PARTS else None
    return key if item is not None and item.kind in PLACE_KINDS else ""


def derived_situations(procedure: Procedure, answers: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the derived situations ("over 60 days") that these answers decide."""
    derived = {item.key: _situation(item, answers, today) for item in procedure.situations if not item.options}
    return {key: value for key, value in derived.items() if value is not None}


def _situation(item: Situation, answers: Mapping[str, Any], today: date) -> str | None:
    if item.older_than:
        days = conditions.days_old(value_at(answers, item.older_than["key"]), today)
        return None if days is None else str(item.older_than["yes" if days > item.older_than["days"] else "no"])
    if item.age_under:
        age = conditions.years_old(value_at(answers, item.age_under["key"]), today)
        return None if age is None else str(item.age_under["yes" if age < item.age_under["years"] else "no"])
    if item.sex_of:
        paper = value_at(answers, item.sex_of["key"])
        return None if paper is None else str(item.sex_of["yes" if sex_of(paper) else "no"])
    return _citizens(item.citizens, answers) if item.citizens else None


def _citizens(rule: Mapping[str, Any], answers: Mapping[str, Any]) -> str | None:
    """Return `yes` where each named person has a paper that only citizens get, else `no`; None without a name."""
    papers = [value_at(answers, paper) for name, paper in rule["papers"].items() if value_at(answers, name)]
    if not papers:
        return None
    return str(rule["yes" if all(map(nationality_of, papers)) else "no"])


def complete(procedure: Procedure, given: Mapping[str, Any], office: Office, today: date) -> dict[str, Any]:
    """Return the answers with all computed values: copies, defaults, dates in words, the office, the day.

    Answers of fields that do not apply in this situation are left out, and so are helper answers (keys that begin
    with an underscore) once the conditions are evaluated.
    """
    answers = with_situations(procedure, given, today)
    for item in procedure.conditional_fields:
        if not holds(item.when, answers, today):
            answers.pop(item.key, None)
        elif item.default is not None and item.key not in answers:
            answers[item.key] = default_of(item, office)
    known = {"today": today.isoformat(), OATH: True, NOT_FOR_MARRIAGE: office.not_for_marriage}
    sources = _sources(office) | known
    for item in procedure.derived_fields:
        answers[item.key] = _derived_value(item.derive or {}, answers, sources)
    return {key: value for key, value in answers.items() if not key.startswith("_")}


def default_of(item: Field, office: Office) -> Any:
    """Return the default answer of a field; `{ward.committee}` in a text becomes the name of this ward's office."""
    if item.default == THIS_WARD:
        return office.place
    if not isinstance(item.default, str):
        return item.default
    text = item.default
    for source, name in _sources(office).items():
        text = text.replace(f"{{{source}}}", name)
    return text


def _sources(office: Office) -> dict[str, Any]:
    names = (office.committee, office.police, office.economy, office.short)
    return dict(zip(WARD_SOURCES, names, strict=True))


def with_situations(procedure: Procedure, given: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return the answers with copies and derived situations: conditions are evaluated on these.

    A situation may depend on a copied answer (the age of a person who is also the applicant), a copy on a situation.
    Situations are therefore computed twice, before and after the copies.
    """
    answers = dict(given) | derived_situations(procedure, given, today)
    for item in procedure.lists_with_only_row:
        rows = answers.get(item.key)
        if isinstance(rows, list) and len(rows) == 1:
            answers[item.key] = [rows[0] | known_in_only_row(item)]
    for copy in procedure.copies:
        if holds(copy.when, answers, today):
            _copy(copy, answers)
    return answers | derived_situations(procedure, answers, today)


def known_in_only_row(item: Field) -> dict[str, Any]:
    """Return the answers of the only row of a list that nobody is asked for."""
    return {part.key: part.in_only_row for part in item.fields if part.in_only_row is not None}


def _copy(copy: CopyRule, answers: dict[str, Any]) -> None:
    if copy.value is not None:
        value = copy.value
    elif copy.source.startswith(SEX_OF):
        value = sex_of(value_at(answers, copy.source.removeprefix(SEX_OF)))
    elif copy.source.startswith(NATIONALITY_OF):
        value = nationality_of(value_at(answers, copy.source.removeprefix(NATIONALITY_OF)))
    else:
        value = value_at(answers, copy.source)
    _put(answers, copy.to, value)


def sex_of(paper: Any) -> str | None:
    """Return "nam" or "nu" from the fourth digit of an id number (Decree 137/2015, article 13), or None."""
    number = str(paper.get("so", "") if isinstance(paper, Mapping) else paper or "")
    if len(number) != 12 or not (number.isascii() and number.isdigit()):
        return None
    return "nu" if int(number[3]) % 2 else "nam"


def nationality_of(paper: Any) -> str | None:
    """Return "VN" for an identity paper that only Vietnamese citizens get, or None."""
    kind = paper.get("loai") if isinstance(paper, Mapping) and paper.get("so") else None
    return CITIZEN if kind in NATIONAL_PAPERS else None


def copy_source(copy: CopyRule) -> str:
    """Return the path that a copy reads, without the rule before it ("sex_of:")."""
    return copy.source.removeprefix(SEX_OF).removeprefix(NATIONALITY_OF)


def _derived_value(rule: Mapping[str, Any], answers: Mapping[str, Any], sources: Mapping[str, Any]) -> Any:
    if "date_in_words" in rule:
        return dates.in_words(str(answers.get(rule["date_in_words"]) or ""))
    return sources[rule["from"]]


def is_answered(procedure: Procedure, path: str, answers: Mapping[str, Any]) -> bool:
    """Return whether a field has a complete answer."""
    value = value_at(answers, path)
    if is_empty(value):
        return False
    item = field_at(procedure, path)
    if item is not None and item.kind in PLACE_KINDS:
        return is_place(item, value)
    if item is None or item.kind != "group":
        return True
    required = (part for part in kinds.parts_of(item) if part.required)
    return all(value_at(answers, part.key) is not None for part in required)
