"""Papers of the visitor's form that may be photographed or scanned, and where their pages lead.

Of a form that is filled in, they are the papers that are handed in; the list is offered after the questions. Of a form
that certifies copies, they are the originals; the camera comes between the counted list and the sum. All can be left
out: the first touch on "Bỏ qua" leaves out all originals, as long as none has a page.
"""

from dataclasses import dataclass, replace
from typing import Literal

from flask import url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import draft_pages
from kiosk.base.errors import NotFound
from kiosk.base.i18n import translator
from kiosk.dossiers import checklist, original_pictures
from kiosk.dossiers.sealed_drafts import OpenedDraft
from kiosk.pages.access import context, has_paper_camera, has_paper_scanner, visitor
from kiosk.pages.citizen.open_form import open_form, redirect_if_unfinished
from kiosk.procedures import fees, journey, kinds
from kiosk.procedures.journey import FormPage
from kiosk.procedures.model import Procedure
from kiosk.records import scans
from kiosk.records.scans import DraftPage
from kiosk.vietnam.money import format_money


@dataclass(frozen=True)
class PhotographedPaper:
    """A paper of the form's list, the pages that were taken of it, and whether camera or scanner take more.

    Pages whose paper is no longer asked for are those of one paper more, "Giấy khác": they can be seen and removed.
    """

    id: str
    name: str
    pages: tuple[DraftPage, ...]
    is_taken: bool
    cost: "CopyCost | None" = None
    """Cost of its copies, of an original."""
    device: Literal["camera", "feeder"] = "camera"
    """What takes its pages at this touchscreen: the camera where it has one, else the scanner."""

    @property
    def take_url(self) -> str:
        """URL where pages of it are taken."""
        return url_for(f"citizen.{self.device}", paper=self.id)


@dataclass(frozen=True)
class CopyCost:
    """Copies of an original, what they cost with its pages as they are, and what one page more costs, in words."""

    copies: int
    amount: str
    more: str


@dataclass(frozen=True)
class PhotographedForm:
    """The visitor's form, and the papers that may be photographed."""

    opened: OpenedDraft
    procedure: Procedure
    papers: tuple[PhotographedPaper, ...]

    @property
    def count(self) -> int:
        """Pages of all papers."""
        return sum(len(paper.pages) for paper in self.papers)

    @property
    def has_originals(self) -> bool:
        """Whether the papers are originals that are certified."""
        return original_pictures.list_field(self.procedure) is not None

    def find(self, paper_id: str) -> PhotographedPaper:
        """Return a paper of the list.

        Raises:
            NotFound: the form asks for no such paper.
        """
        paper = next((paper for paper in self.papers if paper.id == paper_id), None)
        if paper is None:
            raise NotFound
        return paper

    def find_for(self, paper_id: str, *, has_device: bool) -> PhotographedPaper:
        """Return a paper of the list that a device of this screen takes.

        Raises:
            NotFound: the form asks for no such paper, or the screen has no such device.
        """
        paper = self.find(paper_id)
        if not (paper.is_taken and has_device):
            raise NotFound
        return paper

    def place(self, paper: PhotographedPaper) -> int:
        """Return the number of a paper in the list, from 1."""
        return self.papers.index(paper) + 1

    @property
    def end_url(self) -> str:
        """URL after the papers: the check page, or of originals the page of the sum while that is open."""
        page = journey.first_unfinished(self.procedure, self.opened.draft, context().clock.today())
        return url_for("citizen.step", page=page.id) if self.has_originals and page else url_for("citizen.check")

    @property
    def back_url(self) -> str:
        """URL before the papers: the list of what to bring, or the counted list of originals."""
        step = _counted_step(self.procedure) if self.has_originals else None
        return url_for("citizen.step", page=step) if step else url_for("citizen.missing", bring=1)

    def url_after(self, paper: PhotographedPaper) -> str:
        """Return the URL of the camera for the next paper without a page; after the last one, of the list or sum."""
        later = next((other for other in self.papers[self.place(paper) :] if other.is_taken and not other.pages), None)
        if later is not None and self.count < draft_pages.MAX_PAGES:
            return later.take_url
        return self.end_url if self.has_originals else url_for("citizen.papers")

    def skip_url(self, paper: PhotographedPaper) -> str:
        """Return the URL after a paper that is left out: past all originals, while none has a page."""
        return self.end_url if self.has_originals and not self.count else self.url_after(paper)

    @property
    def redirection(self) -> Answer | None:
        """Redirect to the first unfinished page before the papers; None where there is none."""
        page = journey.first_unfinished(self.procedure, self.opened.draft, context().clock.today())
        is_open = self.has_originals and (page is None or not page.step.counts)
        return None if is_open else redirect_if_unfinished(self.opened, self.procedure)

    @property
    def part(self) -> tuple[int, int]:
        """Number of the part of the form that the papers belong to, and of all parts."""
        step = _counted_step(self.procedure) if self.has_originals else None
        page = FormPage(self.procedure.by_step[step]) if step else None
        today = context().clock.today()
        return journey.page_number(self.procedure, self.opened.draft, today=today, page=page)


def photographed_pages(opened: OpenedDraft, procedure: Procedure) -> int | None:
    """Return how many pages were taken; None where there are none, and nothing can be photographed here."""
    with context().store.read() as db:
        count = len(scans.pages_of_draft(db, opened.id))
    return count if count or (_takes_papers() and _papers(opened, procedure)) else None


def _takes_papers() -> bool:
    return has_paper_camera() or has_paper_scanner()


def url_of_originals(opened: OpenedDraft, procedure: Procedure) -> str:
    """Return the URL of camera or scanner for the first original without a page; empty where none is asked for."""
    if original_pictures.list_field(procedure) is None or not _takes_papers():
        return ""
    form = _form(opened, procedure)
    first = next((paper for paper in form.papers if paper.is_taken and not paper.pages), None)
    return first.take_url if first and form.count < draft_pages.MAX_PAGES else ""


def photographed_form() -> PhotographedForm:
    """Return the papers of the visitor's form.

    Raises:
        NotFound: no page was taken, and nothing can be photographed here.
    """
    opened, procedure = open_form()
    form = _form(opened, procedure)
    if not form.papers:
        raise NotFound
    return form


def _counted_step(procedure: Procedure) -> str:
    return next((step.id for step in procedure.steps if step.counts), "")


def _form(opened: OpenedDraft, procedure: Procedure) -> PhotographedForm:
    _ = translator(visitor().lang)
    is_taken = _takes_papers()
    device: Literal["camera", "feeder"] = "camera" if has_paper_camera() else "feeder"
    with context().store.read() as db:
        pages = scans.pages_of_draft(db, opened.id)
    wanted = _papers(opened, procedure)
    shown: list[PhotographedPaper] = []
    for paper in wanted:
        own = tuple(page for page in pages if _key(page.paper) == _key(paper.id))
        if is_taken or own:
            shown.append(replace(paper, pages=own, is_taken=is_taken, device=device))
    asked = {_key(paper.id) for paper in wanted}
    others = tuple(page for page in pages if _key(page.paper) not in asked)
    if others:
        other = PhotographedPaper(id=checklist.OTHER_PAPER, name=_("Giấy khác"), pages=others, is_taken=False)
        shown.append(other)
    return PhotographedForm(opened=opened, procedure=procedure, papers=tuple(shown))


_key = original_pictures.key_of


def _papers(opened: OpenedDraft, procedure: Procedure) -> list[PhotographedPaper]:
    """Return the papers that may be photographed, without their pages."""
    today = context().clock.today()
    known = journey.answers_with_situations(procedure, opened.draft, today)
    if original_pictures.list_field(procedure) is not None:
        return _originals(opened, procedure)
    return [
        PhotographedPaper(id=paper.id, name=paper.name.of(visitor().lang), pages=(), is_taken=False)
        for paper in checklist.papers_to_photograph(procedure, known, today)
    ]


def _originals(opened: OpenedDraft, procedure: Procedure) -> list[PhotographedPaper]:
    field = original_pictures.list_field(procedure)
    if field is None:
        return []
    answers = opened.draft.answers
    choice = field.fields[0]
    keys = original_pictures.row_keys(context(), procedure, answers)
    return [
        PhotographedPaper(
            id=original_pictures.paper_id(context(), key),
            name=kinds.of(choice).on_screen(choice, row.get(choice.key), visitor().lang),
            pages=(),
            is_taken=False,
            cost=_cost(procedure, field.key, row),
        )
        for key, row in zip(keys, answers.get(field.key) or (), strict=True)
    ]


def cost_with_pages(form: PhotographedForm, paper: PhotographedPaper, pages: int) -> CopyCost | None:
    """Return the cost of the copies of an original if it has so many pages; None for another paper."""
    field = original_pictures.list_field(form.procedure)
    if field is None or paper.cost is None:
        return None
    answers = form.opened.draft.answers
    keys = original_pictures.row_keys(context(), form.procedure, answers)
    row = answers[field.key][keys.index(_key(paper.id))]
    return _cost(form.procedure, field.key, row, pages=pages)


def _cost(procedure: Procedure, key: str, row: dict[str, object], *, pages: int | None = None) -> CopyCost | None:
    """Return the cost of the copies of a row; None where the fee is not by pages, or the ward has no amount."""
    due = fees.due(procedure, {key: [row]}, context().clock.today())
    fee = next((fee for fee in due if fee.pages and fee.per == key), None)
    if fee is None or fee.pages is None:
        return None
    column = str(fee.pages["column"])
    pages = pages or int(str(row.get(column) or 1))
    amount = fees.total(fee, {key: [row | {column: pages}]})
    longer = fees.total(fee, {key: [row | {column: pages + 1}]})
    if amount is None or longer is None:
        return None
    return CopyCost(
        copies=int(str(row.get(fee.pages["copies"]) or 1)),
        amount=format_money(amount, visitor().lang),
        more=format_money(longer - amount, visitor().lang) if longer > amount else "",
    )
