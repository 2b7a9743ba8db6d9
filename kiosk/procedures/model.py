"""What a procedure file says, as frozen records.

Every text that a citizen reads is a `Words`: Vietnamese and English stand side by side in the file (`ask`, `ask_en`),
and a file in which one is missing does not load. A new word of the format is a field here and a line in
docs/procedures.md.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """One text in the two languages of the screen."""

    vi: str
    en: str

    def of(self, lang: str) -> str:
        """Return the text of "vi" or "en"."""
        return self.en if lang == "en" else self.vi


@dataclass(frozen=True)
class Condition:
    """`{key, is | in | not | not_in | has | age_under | age_at_least}`; a list of them must hold altogether.

    `key` may be `group.part`; `{any = [...]}` stands without a key and holds when one of its conditions does.
    """

    key: str = ""
    is_: Any = None
    in_: tuple[Any, ...] = ()
    not_: Any = None
    not_in: tuple[Any, ...] = ()
    has: Any = None
    """One of several answers (multichoice) was chosen."""
    age_under: int | None = None
    age_at_least: int | None = None
    any_: tuple["Condition", ...] = ()


When = tuple[Condition, ...]


@dataclass(frozen=True)
class Option:
    """One answer of a choice: `id` is kept, `value` stands on the official form, `label` on the screen."""

    id: str
    label: Words
    value: str = ""
    hint: Words | None = None
    officer: bool = False
    """The machine cannot go on with this answer: `say` tells why, and a number for the officer is offered."""
    say: Words | None = None


@dataclass(frozen=True)
class Situation:
    """A question that sorts out which papers and pages are needed; asked before the form or derived from an answer."""

    key: str
    ask: Words | None = None
    options: tuple[Option, ...] = ()
    older_than: Mapping[str, Any] | None = None
    """`{key, days, yes, no}`: derived: the option id when the date is more than `days` old, or not."""
    age_under: Mapping[str, Any] | None = None
    """`{key, years, yes, no}`: derived from a birth date."""
    sex_of: Mapping[str, Any] | None = None
    """`{key, yes, no}`: derived: whether an identity paper's number tells the sex."""


@dataclass(frozen=True)
class PaperToBring:
    """A paper to bring. kind: nop (stays), xuat_trinh (is shown), ghi_to_khai (is signed on the form)."""

    id: str
    kind: Literal["nop", "xuat_trinh", "ghi_to_khai"]
    name: Words
    bring: Words
    optional: bool = False
    when: When = ()
    confidence: str = "seen"


@dataclass(frozen=True)
class Fee:
    """A fee in dong; `amount` None means that the city's level is not known here."""

    id: str
    name: Words
    amount: int | None = None
    per: str = ""
    """Key of the number that multiplies it, or of the list whose `pages` are counted; empty: once."""
    pages: Mapping[str, Any] | None = None
    """`{column, copies, first, then, most}`: see fees.total."""
    unit: Words | None = None
    """What it is multiplied by; empty: copies."""
    each: Words | None = None
    """What stands behind the amount of one: "một giấy."; empty: a copy, if wanted."""
    exempt: Words | None = None
    options: tuple[Option, ...] = ()
    """Who is spared it, as the desk asks: `label` says who, `value` which paper proves it."""
    from_: date | None = None
    to: date | None = None
    when: When = ()
    law: str = ""
    confidence: str = "seen"


@dataclass(frozen=True)
class ProcessingTime:
    """How long it takes, in words, and as working days."""

    text: Words
    days: int
    cutoff: bool = False
    """Handed in after 15:00 counts from the next working day."""
    confidence: str = "seen"


@dataclass(frozen=True)
class Field:
    """One key of the official form."""

    key: str
    kind: str
    label: Words
    official: str = ""
    """The label as the paper has it (Vietnamese); empty: `label.vi` is that label."""
    required: bool = False
    required_when: When = ()
    when: When = ()
    """Left empty (and not asked) unless this holds."""
    options: tuple[Option, ...] = ()
    quick: tuple[str, ...] = ()
    """Option ids shown at once; the others open behind "Khác"."""
    partial: bool = False
    low: int | None = None
    high: int | None = None
    default: Any = None
    derive: Mapping[str, Any] | None = None
    """`{from = "ward.committee" | "ward.police" | "ward.short" | "today" | "oath"}` or `{date_in_words = key}`."""
    fields: tuple["Field", ...] = ()
    """Parts of a group, columns of a group_list."""
    printed: bool = True
    keyboard: str = ""
    """Other keys than the kind's: "digits" for figures that are kept as text (an account number)."""
    capitals: bool = False
    """Written in capitals on paper (the name of a business); a person's name is so without saying."""
    asked: bool = True
    """False: signed or written by hand on the paper, never on the screen."""
    hint: Words | None = None
    example: Words | None = None
    unit: Words | None = None
    """What a number counts, on the check page; empty: copies."""
    echo: Words | None = None
    suggest: Mapping[str, Any] | None = None
    """Small buttons: `{surname = [keys]}`, `{birth_places = true}`, `{home_of = [[vi, en, key], ...]}` (with
    the house for an address),
    `{today = [vi, en]}`, `{after = key, months = [[vi, en, months], ...]}`; `{here = true}`: the ward stands there."""
    unknown: Words | None = None
    missing: Words | None = None
    confidence: str = "seen"


def distinct_labels(fields: Sequence[Field]) -> dict[str, str]:
    """Name fields that a reader sees together, by key: as the paper has them, or as the page asks where two look alike.

    A paper has "Dân tộc" once under the child and once under each parent; side by side that says nothing.
    """
    named = {item.key: item.official or item.label.vi for item in fields}
    often = Counter(named.values())
    return {item.key: item.label.vi if often[named[item.key]] > 1 else named[item.key] for item in fields}


@dataclass(frozen=True)
class CopyRule:
    """An answer taken over from another one, or one that follows from the condition: never asked twice."""

    to: str
    source: str = ""
    value: Any = None
    """Instead of a source: what `to` is wherever `when` holds."""
    when: When = ()


@dataclass(frozen=True)
class PersonStep:
    """A page filled by one scan."""

    role: Words
    """"mẹ": said in "Xin đưa thẻ căn cước của mẹ ..."."""
    fills: Mapping[str, str]
    """full_name, date_of_birth, year_of_birth, sex, id, issued, residence -> key of the field."""
    applies: When = ()
    """The applicant is the first person of the file for whom this holds; where it holds for none, nothing is kept for
    another visit, for nobody can consent for another."""
    skip: Words | None = None
    same: Words | None = None
    same_sets: Mapping[str, Any] = field(default_factory=dict)
    """What the "same person" button answers."""


@dataclass(frozen=True)
class Step:
    """One thing a person would say in one breath."""

    id: str
    ask: Words
    title: Words
    """Group name on the check page."""
    fields: tuple[str, ...] = ()
    official: Words | None = None
    help: Words | None = None
    example: Words | None = None
    person: PersonStep | None = None
    when: When = ()
    place: Literal["page", "review"] = "page"
    rows: str = ""
    """Key of a group_list that this page fills row by row."""
    rows_none: Words | None = None
    rows_add: Words | None = None
    row_ask: Words | None = None
    """Title of the page of one row ("Người cùng ở"); absent: the step's title."""
    unknown: Words | None = None
    """One button that leaves the optional fields of the page empty."""


@dataclass(frozen=True)
class Check:
    """A rule over answers: `rule` names a function of checks.py."""

    id: str
    rule: str
    keys: tuple[str, ...]
    level: Literal["error", "warn"]
    at: str
    say: Words
    args: Mapping[str, Any] = field(default_factory=dict)
    when: When = ()
    passes: Mapping[str, Any] = field(default_factory=dict)
    fails: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ProcedureNote:
    """A sentence for a situation, shown before the form."""

    say: Words
    when: When = ()
    source: str = ""


@dataclass(frozen=True)
class DeclarationLine:
    """A line of the declaration: text with {keys}, or cells of a table; see kiosk/papers/declaration.py."""

    text: str = ""
    cells: tuple[str, ...] = ()
    table: str = ""
    """Key of a group_list that is printed as a table here."""
    each: str = ""
    """Key of a group_list: the line is printed once for each of its rows; `{list.column}` is the row's."""
    bold: bool = False
    oath: bool = False
    boxes: str = ""
    """Key of an id number printed in twelve boxes."""
    indent: bool = False
    when: When = ()
    confidence: str = "seen"


@dataclass(frozen=True)
class Signature:
    """A block to sign in."""

    title: str
    note: str
    key: str
    when: When = ()
    name: str = ""
    """Key of the name that is printed below the space; empty: dots."""


@dataclass(frozen=True)
class Declaration:
    """The layout of the printed form; texts are Vietnamese, as the law has them."""

    title: str
    issued_by: str
    lines: tuple[DeclarationLine, ...]
    signatures: tuple[Signature, ...]
    confidence: str
    form_code: str = ""
    subtitle: str = ""
    footnotes: tuple[str, ...] = ()
    place_and_date: str = ""


@dataclass(frozen=True)
class Procedure:
    """One version of one procedure."""

    code: str
    id: str
    version: str
    effective_from: date
    name: str
    short: Words
    plain: Words
    line: Words
    field_of_work: Words
    series: str
    event: str
    law: str
    source: str
    checked_on: date
    confidence: str
    search: tuple[str, ...]
    times: tuple[ProcessingTime, ...]
    fees: tuple[Fee, ...]
    papers: tuple[PaperToBring, ...]
    fields: tuple[Field, ...]
    steps: tuple[Step, ...]
    done: tuple[Words, ...]
    done_title: Words
    effective_to: date | None = None
    portal: Literal["kiosk-sync", "none"] = "kiosk-sync"
    queue: bool = True
    """False: nobody need come to the counter for it (a class), so no number is drawn."""
    situations: tuple[Situation, ...] = ()
    copies: tuple[CopyRule, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[ProcedureNote, ...] = ()
    declaration: Declaration | None = None
    also: Words | None = None
    opening: Words | None = None
    """A sentence over what the procedure needs, where a plain list would be cold ("Xin chia buồn ...")."""
    summary: str = ""
    minutes: int = 5

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by key."""
        return {item.key: item for item in self.fields}

    @cached_property
    def labels(self) -> dict[str, str]:
        """What a reader calls the fields where they do not stand under a heading, by key."""
        return distinct_labels(self.fields)

    @cached_property
    def has_oath(self) -> bool:
        """Whether the official form has an oath; where it has none, nobody is asked to swear."""
        return self.declaration is not None and any(line.oath for line in self.declaration.lines)

    @cached_property
    def by_step(self) -> dict[str, Step]:
        """The steps by id."""
        return {item.id: item for item in self.steps}

    @cached_property
    def conditional_fields(self) -> tuple[Field, ...]:
        """The fields that are not simply what was answered: some situations have none of them, or a default."""
        return tuple(item for item in self.fields if item.when or item.default is not None)

    @cached_property
    def derived_fields(self) -> tuple[Field, ...]:
        """The fields that follow from others, from the office or from the day."""
        return tuple(item for item in self.fields if item.derive)
