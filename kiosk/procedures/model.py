"""Procedure file format: one frozen record for each kind of table.

A text that a citizen reads is a `Words`: Vietnamese and English are side by side in the file (`ask`, `ask_en`), and a
file without one of them does not load. A new word of the format is a field here, a reader in kiosk/
(tests/project/test_format.py) and a line in docs/procedures.md.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal

from kiosk.procedures.base import Fact, When, Words


@dataclass(frozen=True)
class AnswerOption(Fact):
    """One answer of a choice: `id` is stored, `value` is printed on the official form, `label` is shown."""

    id: str
    label: Words
    value: str = ""
    hint: Words | None = None
    officer: bool = False
    """The kiosk cannot continue with this answer: it shows `say` and offers a ticket for the officer."""
    say: Words | None = None
    procedure: str = ""
    """With `officer`: code of the procedure that this answer belongs to; the kiosk opens it in place of a ticket."""


@dataclass(frozen=True)
class Situation(Fact):
    """A question that decides which papers and pages are needed: asked before the form, or derived from an answer."""

    key: str
    ask: Words | None = None
    options: tuple[AnswerOption, ...] = ()
    older_than: Mapping[str, Any] | None = None
    """Derived, `{key, days, yes, no}`: the id `yes` when the date is more than `days` days ago, else `no`."""
    age_under: Mapping[str, Any] | None = None
    """Derived, `{key, years, yes, no}`: from a birth date."""
    sex_of: Mapping[str, Any] | None = None
    """Derived, `{key, yes, no}`: whether the sex can be read from the number of an identity paper."""
    citizens: Mapping[str, Any] | None = None
    """Derived, `{papers = {name key = paper key}, yes, no}`: whether each named person has a paper of a citizen."""


@dataclass(frozen=True)
class PaperToBring(Fact):
    """A paper to bring; `kind` is nop (submitted), xuat_trinh (shown) or ghi_to_khai (signed on the form)."""

    id: str
    kind: Literal["nop", "xuat_trinh", "ghi_to_khai"]
    name: Words
    bring: Words
    short: Words | None = None
    """Name of at most 32 letters for the page before the form; None: `name`."""
    spared: tuple[Literal["on_file", "vneid", "uncertified", "kin_uncertified"], ...] = ()
    """What spares the paper or its certification; `bring` says it in a sentence."""
    optional: bool = False
    copy: bool = False
    """With `nop`: the law asks for a copy, so form 01 lists it as "bản sao"."""
    when: When = ()
    cards: tuple[str, ...] = ()
    """Identity numbers of the persons whose card this is: a scanned card is only shown at the counter."""


@dataclass(frozen=True)
class CouncilResolution:
    """Resolution of the city council that sets a fee; outside its dates the amount counts as not known."""

    number: str
    date_: date
    """Day of the resolution, as it is cited; not its first day."""
    from_: date | None = None
    to: date | None = None
    """Last day on which the amount holds."""


@dataclass(frozen=True)
class Waiver(Fact):
    """Waiver that only a filing in another channel gives: a hint with dates, never an exemption at the desk."""

    say: Words
    channel: Literal["online"]
    from_: date | None = None
    to: date | None = None
    """Last day on which it is given."""


@dataclass(frozen=True)
class FeeRate:
    """A rate of a fee: the first whose `when` holds gives the amount, in place of that of the fee."""

    label: Words
    """Why the amount is this one: "Người ở phường này"."""
    amount: int
    online: int | None = None
    when: When = ()


@dataclass(frozen=True)
class Fee(Fact):
    """A fee in dong; `amount` is None where the city council sets it and the ward has not entered it."""

    id: str
    name: Words
    amount: int | None = None
    """Amount at the desk; where the fee has rates, that of all other cases."""
    online: int | None = None
    """Amount where the applicant files alone online, where it differs."""
    rates: tuple[FeeRate, ...] = ()
    resolution: CouncilResolution | None = None
    """Where the amount of the ward is from; needed in the override of a fee without an amount."""
    per: str = ""
    """Key of what multiplies the fee: a number, a multichoice or list (by its entries), a list whose `pages` are
    counted; empty: once."""
    days: tuple[str, ...] = ()
    """Keys of two dates whose days multiply the fee too, both days included."""
    pages: Mapping[str, Any] | None = None
    """`{column, copies, first, then, most}`: see `fees.total`."""
    unit: Words | None = None
    """Name of the counted thing; empty: copies."""
    each: Words | None = None
    """Words after the amount of one: "một giấy."; empty: the unit, or a copy, if wanted."""
    exempt: Words | None = None
    options: tuple[AnswerOption, ...] = ()
    """Exemptions as the desk asks them: `label` names the people, `value` the paper that proves it."""
    local_options: tuple[AnswerOption, ...] = ()
    """Exemptions that the resolution of the city adds to those of the law."""
    waivers: tuple[Waiver, ...] = ()
    from_: date | None = None
    to: date | None = None
    """Last day of the fee."""
    when: When = ()


@dataclass(frozen=True)
class ProcessingTime(Fact):
    """Processing time, in words and in working days."""

    text: Words
    days: int
    """0: the same day; received after 15:00, the next working day (`vietnam.calendar`)."""
    when: When = ()


@dataclass(frozen=True)
class Field:
    """One key of the official form."""

    key: str
    kind: str
    label: Words
    official: str = ""
    """Vietnamese label on the paper form; empty: `label.vi`."""
    required: bool = False
    required_when: When = ()
    when: When = ()
    """Asked only where this holds; elsewhere the answer is left out."""
    options: tuple[AnswerOption, ...] = ()
    quick: tuple[str, ...] = ()
    """Option ids shown at once; a button opens the others."""
    more: Words | None = None
    """Words of that button; empty: "Khác"."""
    partial: bool = False
    low: int | None = None
    high: int | None = None
    """Greatest number; letters of a text, rows of a list; 0 for a date: not after today."""
    default: Any = None
    """Answer until another is given; a text may name the ward: "Tại {ward.committee}"."""
    derive: Mapping[str, Any] | None = None
    """`{from = "ward.committee" | "ward.police" | "ward.short" | "today" | "oath"}` or `{date_in_words = key}`."""
    fields: tuple["Field", ...] = ()
    """Parts of a group, columns of a group_list."""
    keyboard: str = ""
    """Keyboard in place of the kind's: "digits" for figures stored as text (an account number)."""
    figures_for: tuple[str, ...] = ()
    """Column of a list whose rows are named by a choice: in rows with these answers the keyboard opens with figures."""
    capitals: bool = False
    """Printed in capitals (the name of a business); a person's name always is."""
    in_only_row: bool | None = None
    """Answer of a column in the only row of its list (the only business is the main one): it is not asked there."""
    asked: bool = True
    """False: signed or written by hand on the paper, never asked on the screen."""
    hint: Words | None = None
    example: Words | None = None
    unit: Words | None = None
    """Name of the counted thing on the check page; empty: copies."""
    echo: Words | None = None
    suggest: Mapping[str, Any] | None = None
    """Small buttons: `{surname = [keys]}`, `{birth_places = true}`, `{home_of = [[vi, en, key], ...]}` (an address with
    its house number), `{today = [vi, en]}`, `{after = key, months = [[vi, en, months], ...]}`; `{here = true}`: this
    ward is filled in. `birth_places_when` and `home_when` (`{key = [answers]}`) offer them in these situations only;
    `{write = true}`: a place that no list has may be written in own words."""
    unknown: Words | None = None
    missing: Words | None = None


def distinct_labels(fields: Sequence[Field]) -> dict[str, str]:
    """Return labels of fields in one list, by key: the official label, or the label of the page where two are equal.

    A paper has "Dân tộc" once under the child and once under each parent; in one list they would look alike.
    """
    official = {item.key: item.official or item.label.vi for item in fields}
    counts = Counter(official.values())
    return {item.key: item.label.vi if counts[official[item.key]] > 1 else official[item.key] for item in fields}


@dataclass(frozen=True)
class CopyRule:
    """An answer copied from another one, or set to a value by a condition: never asked twice."""

    to: str
    source: str = ""
    value: Any = None
    """Instead of a source: the answer at `to` where `when` holds."""
    when: When = ()


@dataclass(frozen=True)
class PersonStep:
    """A page that one card scan fills."""

    role: Words
    """"mẹ", as in "Xin đưa thẻ căn cước của mẹ ..."."""
    fills: Mapping[str, str]
    """Value of the card (full_name, date_of_birth, year_of_birth, sex, id, issued, residence) -> key of the field."""
    applies: When = ()
    """The applicant is the first person of the file for whom this holds. Where it holds for none, nothing is stored for
    another visit: nobody can consent for somebody else."""
    skip: Words | None = None
    same: Words | None = None
    again: bool = False
    """The card of this person may be read again for a row of a list: a head of household who moves too."""
    same_sets: Mapping[str, Any] = field(default_factory=dict)
    """Answers that the "same person" button sets."""
    died: bool = False
    """The person has died: the residence on the card is asked about as the last one."""


@dataclass(frozen=True)
class FormStep:
    """One page of the form: one question, some fields."""

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
    counts: bool = False
    """The touchscreen shows every choice of the list's first column, with minus and plus for its copies."""
    rows_none: Words | None = None
    rows_add: Words | None = None
    row_ask: Words | None = None
    """Title of the page of one row ("Người cùng ở"); absent: the step's title."""
    unknown: Words | None = None
    """One button that leaves the optional fields of the page empty."""
    derived: Words | None = None
    """Where the answers of the page come from when nobody gave them ("theo giấy tờ tùy thân"), on the check page."""


@dataclass(frozen=True)
class Check(Fact):
    """A validation rule over answers: `rule` names a function of `kiosk.procedures.checks`."""

    id: str
    rule: str
    keys: tuple[str, ...]
    level: Literal["error", "warn"]
    at: str
    say: Words
    args: Mapping[str, Any] = field(default_factory=dict)
    when: When = ()
    officer: bool = False
    """The kiosk cannot continue where this error is right: it offers a ticket for the officer beside the message."""
    ticket: bool = False
    """A rule about the place of filing: it is told on the page that decides it, with a button for a ticket."""
    passes: Mapping[str, Any] | None = None
    """Example answers that satisfy the check; `kiosk procedure check` tries them (examples.py)."""
    fails: Mapping[str, Any] | None = None
    """Example answers that break the check."""


POLICE_SERIES = "C-CONGAN"
"""Queue series of the ward's police."""


@dataclass(frozen=True)
class ProcedureNote(Fact):
    """A sentence for a situation, shown before the form."""

    say: Words
    id: str = ""
    """Name by which a later version removes the note (`without`)."""
    when: When = ()


@dataclass(frozen=True)
class Certifies:
    """Certification by a procedure: the register, and the keys of the answers that a line of it needs.

    Attributes:
        register: the register of the year whose numbers it takes.
        paper: key of the name of the paper; for copies, of the list of papers.
        pages: key of the number of pages; for copies the fee says the column.
    """

    register: Literal["copies", "signature", "translation", "transaction"]
    paper: str
    pages: str = ""


@dataclass(frozen=True)
class OnlineWay(Fact):
    """The online way of a procedure that a counter may not take; the ward says in kiosk.toml whether its counter does.

    Source: the national portal lists some procedures with the online channel only.
    """

    say: Words
    """First sentence before the form."""
    ask: Words
    """Added to it until the ward has said whether the counter takes the procedure."""
    only: Words
    """In place of the form where the counter does not take it."""


@dataclass(frozen=True)
class DeclarationLine(Fact):
    """A line of the declaration: text with {keys}, or cells of a table (see kiosk/papers/declaration.py)."""

    text: str = ""
    cells: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    """With the `cells` of a head: shares of the columns of a table that is filled in by hand, in small print."""
    table: str = ""
    """Key of a group_list, printed as a table here."""
    number_head: str = "TT"
    """Head of the table's column of row numbers, as the form has it ("STT")."""
    annex: bool = False
    """The table is too wide for the form: its rows are on a landscape sheet that is added to it."""
    each: str = ""
    """Key of a group_list: the line is printed once for each row; `{list.column}` is the answer of the row."""
    bold: bool = False
    italic: bool = False
    oath: bool = False
    boxes: str = ""
    """Key of an id number printed in twelve boxes."""
    indent: bool = False
    above_signature: bool = False
    """Printed above place, date and signature, though it follows the oath."""
    when: When = ()


@dataclass(frozen=True)
class Signature:
    """A signature block."""

    title: str
    note: str
    key: str
    when: When = ()
    name: str = ""
    """Key of the name printed below the space; empty: dots."""
    date_line: str = ""
    """Day (and place) above the title, where each block of the form has its own: "Ngày {lam_ngay}", or dots."""
    under: tuple[str, ...] = ()
    """Labels of dotted lines below the space to sign in."""


@dataclass(frozen=True)
class Declaration(Fact):
    """Layout of the printed form; its texts are the Vietnamese of the law."""

    title: str
    issued_by: str
    lines: tuple[DeclarationLine, ...]
    signatures: tuple[Signature, ...]
    form_code: str = ""
    subtitle: str = ""
    footnotes: tuple[str, ...] = ()
    place_and_date: str = ""


@dataclass(frozen=True, kw_only=True)
class EnclosedForm(Declaration):
    """A further printed form of the procedure (a list, a pledge), enclosed with the declaration where `when` holds."""

    id: str
    when: When = ()


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
    series: str
    event: str
    law: tuple[str, ...]
    """Ids of the documents that the page of a citizen names, while they are in force."""
    checked_on: date
    search: tuple[str, ...]
    times: tuple[ProcessingTime, ...]
    fees: tuple[Fee, ...]
    papers: tuple[PaperToBring, ...]
    fields: tuple[Field, ...]
    steps: tuple[FormStep, ...]
    done: tuple[Words, ...]
    done_title: Words
    effective_to: date | None = None
    portal: Literal["kiosk-sync", "none"] = "kiosk-sync"
    queue: bool = True
    """False: nobody comes to the counter for it (a class), so no ticket is drawn."""
    by_card: bool = False
    """The card on the last page files the form at the touchscreen: no page before the form, no check page."""
    situations: tuple[Situation, ...] = ()
    copies: tuple[CopyRule, ...] = ()
    checks: tuple[Check, ...] = ()
    notes: tuple[ProcedureNote, ...] = ()
    online: OnlineWay | None = None
    certifies: Certifies | None = None
    declaration: Declaration | None = None
    enclosed: tuple[EnclosedForm, ...] = ()
    also: Words | None = None
    opening: Words | None = None
    """A sentence above the list of papers, where a bare list would be unkind ("Xin chia buồn ...")."""
    summary: str = ""
    desk: tuple[str, ...] = ()
    """Sentences for the officer, above the answers."""
    minutes: int = 5
    languages: tuple[str, ...] = ()
    """Codes of the languages besides Vietnamese and English that every text of the file has (`ask_fr`)."""

    def is_in_force(self, day: date) -> bool:
        """Return whether the version is in force on a day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    @property
    def has_police_receipts(self) -> bool:
        """Whether the police receive the case: they give their own receipts, no forms of the one-stop office."""
        return self.series == POLICE_SERIES

    def option_elsewhere(self, known: Mapping[str, Any]) -> AnswerOption | None:
        """Return the chosen option with which this form does not continue, here or without an officer."""
        options = ((situation.key, option) for situation in self.situations for option in situation.options)
        return next((option for key, option in options if option.officer and known.get(key) == option.id), None)

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """Fields by key."""
        return {item.key: item for item in self.fields}

    @cached_property
    def labels(self) -> dict[str, str]:
        """Labels of the fields outside their headings, by key."""
        return distinct_labels(self.fields)

    @cached_property
    def by_step(self) -> dict[str, FormStep]:
        """Steps by id."""
        return {item.id: item for item in self.steps}

    @cached_property
    def conditional_fields(self) -> tuple[Field, ...]:
        """Fields with a condition or a default: their value is not always the given answer."""
        return tuple(item for item in self.fields if item.when or item.default is not None)

    @cached_property
    def lists_with_only_row(self) -> tuple[Field, ...]:
        """Lists with a column whose answer is known where there is one row."""
        return tuple(item for item in self.fields if any(part.in_only_row is not None for part in item.fields))

    @cached_property
    def derived_fields(self) -> tuple[Field, ...]:
        """Fields computed from other answers, from the office or from the day."""
        return tuple(item for item in self.fields if item.derive)
