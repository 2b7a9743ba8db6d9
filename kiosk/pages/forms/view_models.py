"""What a template is given to show: questions, rows, notices, in the reader's language and ready to print.

A template decides nothing but form: every text, state and address is computed before it gets here.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen. `say` is shown below the row once it is chosen."""

    id: str
    label: str
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A small button that puts a text into a field (a parent's surname) or takes over an answer."""

    label: str
    text: str


@dataclass(frozen=True)
class Question:
    """One input of a page. `part` names templates/parts/questions/<part>.html.

    part: text | longtext | date | time | choice | choice_text | multichoice | number | money | place | ethnicity |
    document | boolean
    keyboard: name | text | digits | date | phone | id | email | code | number
    `value` is a string for text, number, money, phone, email and id; {"d", "m", "y"} for a date, {"h", "min"} for a
    time; the chosen option's id for a choice, one's own words for a choice_text; for a place {"title", "note",
    "detail"} in words ("" when nothing is chosen yet).
    `error` stands between label and input; `note` is what the machine says back ("Thứ Năm, ngày mười hai, ...").
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
    note: str = ""
    echo: str = ""
    """Label over the live echo of a name ("Trên giấy khai sinh sẽ ghi"); empty: no echo."""
    low: int = 0
    high: int = 99
    unknown: str = ""
    """Label of the way out ("Không nhớ"); empty where the form allows none."""
    other_open: bool = False
    """The longer list below the quick options is open (ethnicity, choice with more options)."""
    more: tuple[Option, ...] = ()
    """Options behind "Khác"."""
    pick: str = ""
    """Words of the button that opens the picker of a long list ("Dân tộc khác")."""
    mend: tuple[str, str] = ("", "")
    """Left-over Telex: what stands there, what was probably meant."""
    wrong_boxes: str = "dmy"
    """Which boxes of a date the error is about."""


@dataclass(frozen=True)
class PersonFact:
    """One line read from a card or typed earlier. `change` leads to its page, `secret` hides behind "Hiện"."""

    label: str
    value: str
    big: bool = False
    change: str = ""
    secret: str = ""


@dataclass(frozen=True)
class OldWardChoice:
    """The card names a ward that was merged: the offer, never silent."""

    key: str
    old: str
    new: str
    since: str
    options: tuple[Option, ...]
    error: str = ""


@dataclass(frozen=True)
class PersonBlock:
    """A person of the form: waiting for a card, or read (facts not empty)."""

    waiting: bool
    ask_card: str
    """The sentence over the picture: "Xin đưa thẻ căn cước của mẹ vào ô sáng dưới màn hình"."""
    facts: tuple[PersonFact, ...] = ()
    by_card: bool = False
    old_ward: OldWardChoice | None = None
    scan_post: str = ""
    scan_poll: str = ""
    rescan_post: str = ""
    by_hand_post: str = ""
    skip_label: str = ""
    """Quiet button for "Không khai phần mẹ"; empty where it may not be left out."""
    skip_post: str = ""
    same_label: str = ""
    """First button of a page that may be answered by somebody already known ("Tôi ở riêng, tôi là chủ hộ")."""
    same_post: str = ""
    reader_down: bool = False
    scan_version: int = 0
    """The version at `scan_poll` when the page was made; the page loads anew once it differs."""


@dataclass(frozen=True)
class Notice:
    """A calm word. kind: info | ok | warn | bad; `lead` is bold. `lead` and `text` are plain text."""

    kind: str
    lead: str
    text: str = ""
    icon: str = ""
    go: tuple[str, str] = ("", "")
    """An address and its button's words."""
    confirm: str = ""
    """Name of a checkbox "Tôi xem rồi, vẫn đúng"; empty: none."""
    confirmed: bool = False


@dataclass(frozen=True)
class GroupRow:
    """A row of a repeated group (people who stay too)."""

    title: str
    text: str
    change: str
    """Address of the row's own page; empty where the row is filled in on this one."""
    remove_post: str
    questions: "tuple[Question, ...]" = ()
    index: int = 0


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
    """Words of the main button: "Tiếp tục", "Đúng rồi", "Lưu lại"."""
    number: int
    total: int
    procedure: str
    questions: tuple[Question, ...] = ()
    person: PersonBlock | None = None
    notices: tuple[Notice, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()
    """(id of the field, words), in the order of the page."""
    rows: tuple[GroupRow, ...] = ()
    add_label: str = ""
    add_post: str = ""
    adds: tuple[Option, ...] = ()
    """What a touch adds as a row, where the rows are filled in on this page."""
    unknown_label: str = ""
    unknown_post: str = ""
    keyboard_open: bool = False
    example: str = ""
    read_back_url: str = ""
    """Address that says back what stands in the fields before it is posted (templates/parts/said_back.html)."""

    @property
    def all_questions(self) -> tuple[Question, ...]:
        """What is asked beside the rows and in them."""
        return (*self.questions, *(one for row in self.rows for one in row.questions))


@dataclass(frozen=True)
class PaperRow:
    """A paper to bring. tag: "Nộp" or "Cho xem"."""

    id: str
    tag: str
    stays: bool
    name: str
    text: str
    optional: bool
    lacking: bool = False


@dataclass(frozen=True)
class FactRow:
    """A row with an icon on the page before the form: time, fee, copies."""

    icon: str
    lead: str
    text: str


@dataclass(frozen=True)
class MissingItem:
    """One thing that is missing or doubtful, numbered through."""

    number: int
    title: str
    text: str
    go: str = ""


@dataclass(frozen=True)
class CheckRow:
    """One thing of the check page."""

    group: str
    name: str
    lines: tuple[str, ...]
    change: str


@dataclass(frozen=True)
class PickerRow:
    """A place to pick: `mark` splits the name around what matched (before, match, after)."""

    id: str
    before: str
    match: str
    after: str
    note: str
    note_match: str = ""
    """What matched within the note ("gồm xã Phú Xuân cũ"), as it stands there."""


@dataclass(frozen=True)
class PickerPage:
    """The page that picks a place, an ethnic group or a country."""

    title: str
    official: str
    post: str
    rows_url: str
    back: str
    query: str
    rows: tuple[PickerRow, ...]
    status: str
    procedure: str = ""
    number: int = 0
    total: int = 0
    unknown: str = ""
    chosen: str = ""
    detail: str = ""
    hint: str = ""
    """What may be typed, in the empty search box."""
    icon: str = "pin"


@dataclass(frozen=True)
class ProcedureTile:
    """A procedure found: name with its match marked, and a line."""

    code: str
    before: str
    match: str
    after: str
    line: str
    address: str
    event: str = ""
    """The life event behind it, whose icon it has."""


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
    title: str = ""
    """What is done, where no number is called ("Đã ghi tên vào lớp học")."""
    total: int = field(default=8)
