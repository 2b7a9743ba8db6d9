"""View models of the form's pages: questions, rows, notices, with all texts in the reader's language.

Templates only lay out: every text, state and URL is computed before it gets here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Option:
    """An option that can be chosen."""

    id: str
    label: str
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class EventTile:
    """A life event on the page of procedures."""

    id: str
    label: str
    hint: str
    address: str


@dataclass(frozen=True)
class Suggestion:
    """A small button that puts a text into a field, such as a parent's surname."""

    label: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question of a page.

    `part` names templates/parts/questions/<part>.html:
        text | longtext | date | time | choice | choice_text | multichoice | number | money | place | ethnicity |
        document | boolean
    `keyboard`: name | text | figures | digits | date | phone | id | email | code | number
    `value`: a string for text, number, money, phone, email and id; {"d", "m", "y"} for a date; {"h", "min"} for a time;
        the id of the chosen option for a choice; the person's own words for a choice_text; {"title", "note", "detail"}
        in words for a place (empty if nothing is chosen).
    `error` is shown between label and input; `note` is the answer read back ("Thứ Năm, ngày mười hai, ...").
    """

    part: str
    key: str
    label: str
    value: Any = ""
    official: str = ""
    hint: str = ""
    example: str = ""
    optional: bool = False
    keyboard: str = "text"
    options: tuple[Option, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    error: str = ""
    wrong_box: str = ""
    """Id of the box that the error is about; empty for an error of all boxes."""
    note: str = ""
    echo: str = ""
    """Label of the live copy of a name ("Trên giấy khai sinh sẽ ghi"); empty: no copy."""
    low: int = 0
    high: int = 99
    unknown: str = ""
    """Label of the button that leaves the question empty ("Không nhớ"); empty: not allowed."""
    more: tuple[Option, ...] = ()
    """Options behind a button."""
    more_label: str = ""
    """Label of that button; empty: "Khác"."""
    pick: str = ""
    """Label of the button that opens the picker ("Dân tộc khác")."""
    own_ward: str = ""
    """Label of the button that chooses this ward for an address ("Ở phường Phú Xuân"); empty: no such button."""
    digits: Mapping[str, int] = field(default_factory=dict)
    """How many digits the number has, by type of paper; under "" for a question without types. Empty: any number."""
    takes_year: bool = False
    """Whether a date may be a year alone."""
    apart: bool = False
    """Whether the question is shown only where the ethnic groups of a page differ."""


@dataclass(frozen=True)
class PersonFact:
    """A fact about a person. `change` is the URL of its page; `secret` is shown after a touch on "Hiện"."""

    label: str
    value: str
    big: bool = False
    change: str = ""
    secret: str = ""


@dataclass(frozen=True)
class OldWardChoice:
    """Question about a ward of the card that was merged: the ward of today is offered, never assumed."""

    key: str
    old: str
    new: str
    since: str
    options: tuple[Option, ...]
    ask: str
    """"Nay vẫn ở đó phải không?"; of a person who died, whether it was the last home."""
    error: str = ""


@dataclass(frozen=True)
class PersonBlock:
    """A person of the form: waiting for a card, or read (with facts)."""

    waiting: bool
    ask_card: str
    """Sentence above the picture: "Xin đưa thẻ căn cước của mẹ vào ô sáng dưới màn hình"."""
    facts: tuple[PersonFact, ...] = ()
    by_card: bool = False
    old_ward: OldWardChoice | None = None
    scan_post: str = ""
    scan_poll: str = ""
    rescan_post: str = ""
    by_hand_post: str = ""
    skip_label: str = ""
    """Label of the button that skips the person ("Không khai phần mẹ"); empty: not allowed."""
    skip_post: str = ""
    same_label: str = ""
    """Label of the button for a person whom the form already has ("Tôi ở riêng, tôi là chủ hộ")."""
    same_post: str = ""
    reader_down: bool = False
    scan_version: int = 0
    """Version of the card inbox at rendering; the page reloads when `scan_poll` returns another one."""
    kept: str = ""
    """Masked details of the last visit that a touch fills in; empty: none."""


@dataclass(frozen=True)
class Notice:
    """A notice. kind: info | ok | warn | bad; `lead` is bold. `lead` and `text` are plain text."""

    kind: str
    lead: str
    text: str = ""
    icon: str = ""
    go: tuple[str, str] = ("", "")
    """URL and label of a button."""
    fill: tuple[str, str, str] = ("", "", "")
    """Id of an input, and value and label of a button that fills it."""


@dataclass(frozen=True)
class GroupRow:
    """A row of a repeated group, such as a household member."""

    title: str
    text: str
    change: str
    """URL of the row's own page; empty if the row is filled in on this one."""
    remove_post: str
    questions: "tuple[Question, ...]" = ()
    index: int = 0


@dataclass(frozen=True)
class CountRow:
    """A thing of a counted list: a choice, or one that was named by hand; without copies it can be added.

    Attributes:
        index: its row in the list; None for a choice that is not in it.
        others: the other columns of the row as (name, value), sent along unchanged.
    """

    id: str
    label: str
    index: int | None = None
    pages: str = ""
    copies: str = ""
    most: int = 0
    """Copies, or pages where those are asked, at most."""
    amount: str = ""
    others: tuple[tuple[str, str], ...] = ()
    name: str = ""
    """Name of the box that is counted."""


@dataclass(frozen=True)
class CountedList:
    """A list with minus and plus at each thing, and the sum of its fee by the procedure's file.

    On the last page, which a card files, only what was chosen is listed, with its pages to count.
    """

    rows: tuple[CountRow, ...]
    post: str
    words: str
    """"2 giấy, 4 bản"; empty without any."""
    total: str
    rule: str
    """Rule of the fee, in full."""
    notes: tuple[str, ...] = ()
    """Notes of the procedure: what cannot be certified."""
    is_full: bool = False
    """The list has as many rows as it may have: nothing can be added."""


@dataclass(frozen=True)
class StepPage:
    """One page of a form."""

    id: str
    title: str
    official: str
    help: str
    post: str
    back: str
    submit_label: str
    """Label of the main button: "Tiếp tục", "Đúng rồi"."""
    part_name: str
    """Name of the part of the form that the page belongs to."""
    number: int
    """Number of that part, of `total`."""
    total: int
    procedure: str
    questions: tuple[Question, ...] = ()
    person: PersonBlock | None = None
    notices: tuple[Notice, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    """(id of the input, message), in the order of the page."""
    rows: tuple[GroupRow, ...] = ()
    add_label: str = ""
    add_post: str = ""
    adds: tuple[Option, ...] = ()
    """Rows that one touch adds, if the rows are filled in on this page."""
    counted: CountedList | None = None
    """The counted list of the page; on the last page before a card files the form, its sum."""
    photographed: int | None = None
    """Pages that were taken of its originals, on the page of the sum; None where nothing is photographed."""
    unknown_label: str = ""
    unknown_post: str = ""
    keyboard_open: bool = False
    example: str = ""
    read_back_url: str = ""
    """URL that answers a date before it is posted (templates/parts/said_back.html); empty without a date to answer."""
    date_message: Notice | None = None
    """Message below the boxes of that date."""
    possible_messages: tuple[Notice, ...] = ()
    """Messages that it can get: the page keeps room for each of them."""

    @property
    def all_questions(self) -> tuple[Question, ...]:
        """The questions of the page and of its rows."""
        questions = list(self.questions)
        for row in self.rows:
            questions += row.questions
        return tuple(questions)


@dataclass(frozen=True)
class ListPrint:
    """The printed list of papers: the number of the next copy (0: no more), and where the last one's state is asked.

    `paper_url` is empty before the first copy.
    """

    copy: int
    paper_url: str


@dataclass(frozen=True)
class MissingItem:
    """A missing or doubtful answer, or a paper to bring; numbered through the page."""

    number: int
    title: str
    text: str
    go: str = ""


@dataclass(frozen=True)
class CheckRow:
    """A row of the check page: one step of the form."""

    group: str
    name: str
    lines: tuple[str, ...]
    change: str


@dataclass(frozen=True)
class PickerRow:
    """A row of the picker; the name is split around the matching part."""

    id: str
    before: str
    match: str
    after: str
    note: str
    note_match: str = ""
    """The matching part of the note ("gồm xã Phú Xuân cũ")."""


@dataclass(frozen=True)
class PickerPage:
    """The picker of a place, an ethnic group or a country."""

    title: str
    official: str
    post: str
    rows_url: str
    back: str
    query: str
    rows: tuple[PickerRow, ...]
    status: str
    procedure: str = ""
    part_name: str = ""
    number: int = 0
    total: int = 0
    unknown: str = ""
    chosen: str = ""
    detail: str = ""
    detail_label: str = ""
    """Label of the box beside the chosen ward, or of the box for own words."""
    error: str = ""
    """Message over that box."""
    write_label: str = ""
    """Label of the button to write a place that no list has; empty: not allowed."""
    writes: bool = False
    """The place is written in own words: no list is shown."""
    hint: str = ""
    """Placeholder of the search box."""
    icon: str = "pin"


@dataclass(frozen=True)
class ProcedureTile:
    """A procedure of the list or search: its name, split around the matching part, and a line."""

    code: str
    before: str
    match: str
    after: str
    line: str
    address: str
    event: str = ""
    """Life event, which gives the icon."""


@dataclass(frozen=True)
class DonePage:
    """The page after Submit."""

    procedure: str
    number: str
    receipt_no: str
    qr_svg: str
    ahead: str
    """"Còn 6 người phía trước" (with a range of minutes once today's pace is known)."""
    steps: tuple[tuple[str, str], ...]
    delivery_notice: Notice
    seconds: int
    also: str = ""
    paper_url: str = ""
    """URL of the state of the slip's paper."""
    slip_words: Mapping[str, str] = field(default_factory=dict)
    """State of that paper -> what the page says."""
    title: str = ""
    """Title if there is no ticket ("Đã ghi tên vào lớp học")."""
    opinion: str = ""
    """URL of the page that asks for an opinion; empty once this visit has given one."""
    pay: str = ""
    """Words of the way to the code of the fee; empty where nothing can be transferred."""
    total: int = field(default=8)


@dataclass(frozen=True, kw_only=True)
class PayPage:
    """The page with the code of the visit's own fee; once the money has come (`is_here`) it has none."""

    procedure: str
    state: str
    """State of the transfer; when the server answers another one, the page loads itself again."""
    is_here: bool
    number: str
    ahead: str
    label: str
    amount: str
    qr_svg: str
    purpose: str
    steps: tuple[tuple[str, str], ...]
    notice: Notice
    warning: str
    seconds: int
