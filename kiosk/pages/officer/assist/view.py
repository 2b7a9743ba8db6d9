"""View models of the page on which an officer fills in a form for a citizen: pages, sources, counts, what is left."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import url_for

from kiosk.acts import draft_turns
from kiosk.acts.desk_drafts import AssistedDraft
from kiosk.dossiers import assistance, checklist
from kiosk.dossiers.assistance import REVIEW
from kiosk.pages.access import context
from kiosk.procedures import journey
from kiosk.procedures.model import FormStep
from kiosk.records import sessions, tickets

SOURCE_WORDS = {"card": "thẻ", "hand": "người dân", "kept": "giữ lần trước"}
SOURCE_ICONS = {"card": "card", "hand": "hand", "kept": "clock", "officer": "pencil"}
REVIEW_TITLE = "Xem lại và nộp"
NEEDS = {
    "answers": "Chưa nộp được: trang “{title}” chưa khai xong.",
    "read_back": "Chưa nộp được: trang “{title}” chưa đọc lại cho người dân nghe.",
    "reason": "Chưa nộp được: chưa chọn vì sao khai giúp.",
    "submitter": "Chưa nộp được: chưa ghi họ tên người đi thay.",
    "signature": "Chưa nộp được: chưa chọn người dân ký hay điểm chỉ.",
}


@dataclass(frozen=True)
class AnswerSource:
    """Source of an answer: a key of `SOURCE_ICONS`, its icon and its words."""

    kind: str
    icon: str
    words: str


@dataclass(frozen=True)
class PageLink:
    """A page of the form in the list at the left."""

    id: str
    title: str
    url: str
    state: Literal["done", "present", "open"]
    line: str
    is_read_back: bool
    number: int


@dataclass(frozen=True)
class CardLine:
    """A person of the form whose card can be read, and whether it was."""

    words: str
    state: str
    is_read: bool


@dataclass(frozen=True)
class TurnBox:
    """Whose turn it is in a draft that a screen has too; `screen` is that screen's name, empty where it has gone."""

    number: int
    is_here: bool
    is_asked: bool
    screen: str


@dataclass(frozen=True)
class AssistFrame:
    """The parts around the questions of a page."""

    draft_id: str
    title: str
    origin: str
    number: str
    pages: tuple[PageLink, ...]
    cards: tuple[CardLine, ...]
    counts: tuple[tuple[AnswerSource, int], ...]
    left: str
    """Words for what is not filled in or not read back; empty when nothing is left."""
    next_page: PageLink | None
    papers: tuple[str, ...]
    facts: Mapping[str, str]
    is_mine: bool
    """True if this officer may type now."""
    is_other_officer: bool
    turn: TurnBox | None
    """None for a draft that was begun at the desk."""
    holder: str
    reasons: Mapping[assistance.Reason, str]
    read_back_count: int

    @property
    def present(self) -> PageLink:
        """The page that is shown."""
        return next(page for page in self.pages if page.state == "present")


def frame(assisted: AssistedDraft, page_id: str, names: Mapping[str, str], actor: str) -> AssistFrame:
    """Return the frame of a page of a draft at the desk."""
    draft = assisted.draft
    steps = assistance.asked_steps(context(), assisted.procedure, draft)
    lacking = assistance.open_steps(context(), assisted.procedure, draft)
    pages = _page_links(assisted, steps, lacking=lacking, page_id=page_id, names=names)
    at = next((index for index, page in enumerate(pages) if page.state == "present"), len(pages) - 1)
    unread = [page for page in pages if not page.is_read_back]
    desk = assisted.desk
    turn = turn_box(desk.draft_id)
    return AssistFrame(
        draft_id=desk.draft_id,
        title=assisted.procedure.short.vi,
        origin=_origin(assisted),
        number=_number(assisted),
        pages=tuple(pages),
        cards=tuple(_card_lines(assisted, steps, page_id)),
        counts=_counts(assisted, names),
        left=_left(len(lacking), len(unread)),
        next_page=pages[at + 1] if at + 1 < len(pages) else None,
        papers=_papers(assisted),
        facts=draft.help,
        is_mine=desk.actor == actor and (turn is None or turn.is_here),
        is_other_officer=desk.actor != actor,
        turn=turn,
        holder=names.get(desk.actor, desk.actor),
        reasons=assistance.REASONS,
        read_back_count=len(pages) - len(unread),
    )


def turn_box(draft_id: str) -> TurnBox | None:
    """Return whose turn it is in a draft that a screen has too; None for a draft that was begun at the desk."""
    turn = draft_turns.find_turn(context(), draft_id)
    if turn is None or not turn.is_at_desk:
        return None
    with context().store.read() as db:
        session = sessions.of_draft(db, draft_id)
        screen = sessions.screen_of(db, session.id) if session else ""
    name = (screen or "màn hình ngoài sảnh") if session else ""
    return TurnBox(number=turn.turn, is_here=turn.holder == "desk", is_asked=turn.is_asked, screen=name)


def source_of(assisted: AssistedDraft, key: str, names: Mapping[str, str]) -> AnswerSource | None:
    """Return the source of an answer; None where nobody has given it yet."""
    draft = assisted.draft
    path = next((path for path in draft.sources if path == key or path.startswith(f"{key}.")), "")
    kind = draft.sources.get(path, "")
    if not kind:
        return None
    words = SOURCE_WORDS.get(kind) or f"cán bộ {_short(names.get(draft.givers.get(path, ''), ''))}".strip()
    return AnswerSource(kind=kind, icon=SOURCE_ICONS.get(kind, "pencil"), words=words)


def step_title(assisted: AssistedDraft, page_id: str) -> str:
    """Return the title of a page in the list at the left."""
    if page_id == REVIEW:
        return REVIEW_TITLE
    step = assisted.procedure.by_step.get(page_id.partition(".")[0])
    return step.title.vi if step else ""


def page_url(draft_id: str, page_id: str, **query: Any) -> str:
    """Return the URL of a page of a draft at the desk."""
    if page_id == REVIEW:
        return url_for("officer.assist_review", draft_id=draft_id, **query)
    return url_for("officer.assist_step", draft_id=draft_id, page=page_id, **query)


def first_open(assisted: AssistedDraft) -> str:
    """Return the first page that is not filled in; `REVIEW` where all are."""
    lacking = assistance.open_steps(context(), assisted.procedure, assisted.draft)
    steps = assistance.asked_steps(context(), assisted.procedure, assisted.draft)
    return next((step.id for step in steps if step.id in lacking), REVIEW)


def _page_links(
    assisted: AssistedDraft, steps: list[FormStep], *, lacking: set[str], page_id: str, names: Mapping[str, str]
) -> list[PageLink]:
    draft = assisted.draft
    present = page_id.partition(".")[0]
    links = []
    for number, step in enumerate(steps, 1):
        is_done = step.id not in lacking
        links.append(
            PageLink(
                id=step.id,
                title=step.title.vi,
                url=page_url(assisted.desk.draft_id, step.id),
                state="present" if step.id == present else "done" if is_done else "open",
                line="đang khai" if step.id == present and not is_done else _step_line(assisted, step, is_done, names),
                is_read_back=step.id in draft.read_back,
                number=number,
            )
        )
    state: Literal["present", "open"] = "present" if present == REVIEW else "open"
    return [
        *links,
        PageLink(
            id=REVIEW,
            title=REVIEW_TITLE,
            url=page_url(assisted.desk.draft_id, REVIEW),
            state=state,
            line="",
            is_read_back=REVIEW in draft.read_back,
            number=len(links) + 1,
        ),
    ]


def _step_line(assisted: AssistedDraft, step: FormStep, is_done: bool, names: Mapping[str, str]) -> str:
    """Return who answered how many questions of a step."""
    if not is_done:
        return "chưa khai"
    keys = _keys_of(step)
    counted = Counter(
        source.words
        for key in keys
        if assisted.draft.get(key) is not None and (source := source_of(assisted, key, names)) is not None
    )
    return ", ".join(f"{words} {count}" for words, count in counted.most_common()) or "để trống"


def _keys_of(step: FormStep) -> list[str]:
    person_keys = [key for key in step.person.fills.values() if not key.startswith("_")] if step.person else []
    return list(dict.fromkeys([*person_keys, *step.fields, *([step.rows] if step.rows else [])]))


def _counts(assisted: AssistedDraft, names: Mapping[str, str]) -> tuple[tuple[AnswerSource, int], ...]:
    """Return how many answers each source gave; the situations before the form count too."""
    groups = dict.fromkeys(path.partition(".")[0] for path in assisted.draft.sources if not path.startswith("_"))
    counted = Counter(source for key in groups if (source := source_of(assisted, key, names)) is not None)
    return tuple(counted.most_common())


def _card_lines(assisted: AssistedDraft, steps: list[FormStep], page_id: str) -> list[CardLine]:
    lines = []
    for step in steps:
        if step.person is None:
            continue
        is_read = assisted.draft.sources.get(step.person.fills.get("full_name", "")) == "card"
        is_present = step.id == page_id.partition(".")[0]
        is_skipped = step.id in assisted.draft.skipped
        state = "đã đọc" if is_read else "bỏ qua" if is_skipped else "đang chờ thẻ" if is_present else "ở trang khác"
        lines.append(CardLine(words=f"Thẻ của {step.person.role.vi}", state=state, is_read=is_read))
    return lines


def _papers(assisted: AssistedDraft) -> tuple[str, ...]:
    today = context().clock.today()
    known = journey.answers_with_situations(assisted.procedure, assisted.draft, today)
    return tuple(checklist.paper_name(paper) for paper in checklist.papers_needed(assisted.procedure, known, today))


def _origin(assisted: AssistedDraft) -> str:
    """Return where the draft comes from, and for which number it is."""
    number = _number(assisted)
    desk = assisted.desk
    if desk.begun == "screen":
        words = f"Tiếp bản khai dở ở {desk.origin or 'màn hình ngoài sảnh'}"
    elif desk.begun == "kept":
        words = "Tiếp bản khai người dân gửi giữ"
    else:
        words = "Bản khai mới"
    return f"{words}, số {number}." if number else f"{words}, chưa có số."


def _number(assisted: AssistedDraft) -> str:
    if not assisted.desk.ticket_id:
        return ""
    with context().store.read() as db:
        ticket = tickets.find(db, assisted.desk.ticket_id)
    return ticket.label if ticket else ""


def _left(lacking: int, unread: int) -> str:
    parts = [f"{lacking} trang chưa khai"] if lacking else []
    parts += [f"{unread} trang chưa đọc lại"] if unread else []
    return f"Còn {', '.join(parts)}." if parts else ""


def _short(name: str) -> str:
    """Return the given name of an officer, which comes last in Vietnamese."""
    return name.rpartition(" ")[2]
