"""Pages of the paper scanner: scan a whole stack, look at its pages, keep them as one PDF for each paper.

The pages wait in memory for the officer who scanned them (`kiosk/paper_scanner`); what is kept is a scan as any other.
Separator sheets between the papers sort the stack; without them all pages are of the paper whose page began the scan.
"""

from dataclasses import dataclass

from flask import Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import attaching, lookups
from kiosk.acts.attaching import PaperFile
from kiosk.base.errors import NotFound
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case import scans, stack_papers
from kiosk.pages.officer.case.current_case import case_in_hand
from kiosk.pages.officer.case.stack_papers import StackPaper
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.paper_scanner import Ending, Source, Stack, StackKey
from kiosk.paper_scanner.separators import code_of
from kiosk.uploads import CheckedUpload, encoding
from kiosk.uploads.limits import MAX_PAGES


@dataclass(frozen=True)
class EndingWords:
    """What happened at the scanner, and what the officer does; `number` stands for the page that comes next."""

    title: str
    advice: str
    is_trouble: bool = True


ENDINGS: dict[Ending, EndingWords] = {
    "done": EndingWords(
        title="Đã quét xong",
        advice="Xem từng trang, rồi bấm Giữ. Còn giấy thì xếp vào khay và quét tiếp.",
        is_trouble=False,
    ),
    "stopped": EndingWords(
        title="Đã dừng máy quét", advice="Các trang đã quét vẫn còn. Quét tiếp hoặc giữ luôn.", is_trouble=False
    ),
    "full": EndingWords(
        title=f"Đã đủ {MAX_PAGES} trang một lần", advice="Giữ các trang này trước, rồi quét phần còn lại."
    ),
    "empty": EndingWords(
        title="Chưa thấy giấy trong khay nạp", advice="Xếp giấy ngay ngắn vào khay, mặt chữ theo hình trên máy."
    ),
    "jam": EndingWords(
        title="Máy quét kẹt giấy ở trang {number}",
        advice="Mở nắp, rút nhẹ tờ giấy ra, vuốt thẳng rồi quét tiếp từ trang đó. Các trang trước vẫn còn.",
    ),
    "open": EndingWords(title="Nắp máy quét đang mở", advice="Đóng nắp lại cho khớp, rồi quét tiếp."),
    "busy": EndingWords(title="Máy quét đang bận", advice="Máy tính khác đang dùng. Chờ một phút rồi quét tiếp."),
    "silent": EndingWords(
        title="Máy quét chưa trả lời", advice="Xem đèn, dây điện và dây mạng của máy quét, rồi thử lại."
    ),
    "absent": EndingWords(
        title="Không thấy máy quét", advice="Bật máy quét, chờ nửa phút rồi thử lại. Vẫn thế thì báo kỹ thuật."
    ),
    "denied": EndingWords(title="Máy quét không cho dùng", advice="Báo kỹ thuật: máy này chưa có quyền mở máy quét."),
    "fault": EndingWords(title="Máy quét trục trặc ở trang {number}", advice="Tắt, bật lại máy quét rồi quét tiếp."),
    "no_feeder": EndingWords(title="Máy quét này không có khay nạp", advice="Đặt tờ giấy lên mặt kính, quét từng tờ."),
    "no_program": EndingWords(
        title="Máy chưa cài chương trình quét", advice="Báo kỹ thuật cài gói sane-utils và sane-airscan."
    ),
}


@officer.post("/ticket/<ticket_id>/scans/<paper>/stack")
@allow("officer")
def scan_stack(ticket_id: str, paper: str) -> Answer:
    """Begin to scan a stack, or scan more of it: from the feeder, or one paper from the glass."""
    opened = case_in_hand(ticket_id).opened
    device = context().config.paper_scanner.device
    if not device:
        raise NotFound("Quầy chưa có máy quét giấy.", "This counter has no paper scanner.")
    key = _key(opened, paper)
    source: Source = "glass" if request.form.get("source") == "glass" else "feeder"
    is_begun = context().paper_scanner.begin(key, device, source, is_sorted=source == "feeder")
    own = context().paper_scanner.stack(key)
    if not is_begun and (own is None or not own.is_running):  # a second press on the own button begins nothing, too
        return make_response(_page(opened, ticket_id, paper, is_taken=True), 409)
    return _to_stack(ticket_id, paper)


@officer.get("/ticket/<ticket_id>/scans/<paper>/stack")
@allow("officer")
def stack(ticket_id: str, paper: str) -> Answer:
    """Show the pages of a stack while they come, and what to do when the scanner stops."""
    opened = case_in_hand(ticket_id).opened
    if _stack(opened, paper) is None:
        return redirect(url_for("officer.scanning", ticket_id=ticket_id, paper=paper))
    return make_response(_page(opened, ticket_id, paper))


@officer.get("/ticket/<ticket_id>/scans/<paper>/stack/live")
@allow("officer")
def stack_live(ticket_id: str, paper: str) -> str:
    """Return the part of the page that changes while the scanner works."""
    opened = case_in_hand(ticket_id).opened
    return render("officer/stack_live.html", **_values(opened, ticket_id, paper))


@officer.get("/ticket/<ticket_id>/scans/<paper>/stack/<int:number>")
@allow("officer")
def stack_page(ticket_id: str, paper: str, number: int) -> Response:
    """Return a page of a stack, from 1, as a picture."""
    found = _stack(case_in_hand(ticket_id).opened, paper)
    if found is None or not 1 <= number <= len(found.pages):
        raise NotFound("Trang này không còn trong máy.", "This page is no longer here.")
    return scans.shown(found.pages[number - 1].page.jpeg, "image/jpeg")


@officer.post("/ticket/<ticket_id>/scans/<paper>/stack/stop")
@allow("officer")
def stop_stack(ticket_id: str, paper: str) -> Answer:
    """Stop the scanner; what is scanned stays."""
    context().paper_scanner.stop(_key(case_in_hand(ticket_id).opened, paper))
    return _to_stack(ticket_id, paper)


@officer.post("/ticket/<ticket_id>/scans/<paper>/stack/keep")
@allow("officer")
def keep_stack(ticket_id: str, paper: str) -> Answer:
    """Keep the chosen pages as one PDF of each paper; what is refused stays in the stack."""
    case = case_in_hand(ticket_id)
    opened = case.opened
    found = _stack(opened, paper)
    if found is None:
        return redirect(url_for("officer.scanning", ticket_id=ticket_id, paper=paper), 303)
    sorted_papers = stack_papers.sort(found, opened, scans.paper_of(opened, paper))
    chosen = _chosen(sorted_papers, set(request.form.getlist("keep", type=int)))
    if found.is_running or not chosen:
        words = "Máy còn đang quét. Chờ quét xong rồi giữ." if found.is_running else "Chưa chọn trang nào để giữ."
        return make_response(_page(opened, ticket_id, paper, bad=words), 422)
    scanned = [PaperFile(paper=part.paper, content=_pdf(part)) for part in chosen]
    refused = attaching.attach(context(), opened.submission, scanned, actor=sitting().person.code)
    if refused:
        numbers = {file.number for file in refused}
        for number, part in enumerate(chosen, start=1):
            if number not in numbers:
                found.remove(one.page for one in part.pages)
        return make_response(_page(opened, ticket_id, paper, bad=refused[0].error.vi), 422)
    context().paper_scanner.drop(_key(opened, paper))
    if len(chosen) > 1:
        return redirect(case.access.url("stack-kept"), 303)
    return redirect(url_for("officer.scanning", ticket_id=ticket_id, paper=chosen[0].paper.id), 303)


def _pdf(part: StackPaper) -> CheckedUpload:
    pages = [one.page.page for one in part.pages]
    return CheckedUpload(media="application/pdf", pages=len(pages), content=encoding.pdf_of(pages))


def _chosen(sorted_papers: list[StackPaper], numbers: set[int]) -> list[StackPaper]:
    chosen = (
        StackPaper(paper=one.paper, pages=[page for page in one.pages if page.number in numbers])
        for one in sorted_papers
    )
    return [one for one in chosen if one.pages]


@officer.get("/ticket/<ticket_id>/separators.pdf")
@allow("officer")
def separators_pdf(ticket_id: str) -> Response:
    """Show the separator sheets of the case's papers as PDF, one page each, to print."""
    from kiosk.papers import separator_sheets  # imported late: it would delay each start

    opened = case_in_hand(ticket_id).opened
    papers = stack_papers.separator_papers(opened)
    if not papers:
        raise NotFound("Hồ sơ này không có giấy nào để ngăn.", "This case has no papers to separate.")
    sheets = [separator_sheets.SeparatorSheet(name=one.name, code=code_of(key)) for key, one in papers.items()]
    document = separator_sheets.pdf(sheets, is_practice=context().config.kiosk.practice)
    lookups.record_case_export(context(), opened.submission, "pdf", detail="separators", actor=sitting().person.code)
    return Response(document, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@officer.post("/ticket/<ticket_id>/scans/<paper>/stack/drop")
@allow("officer")
def drop_stack(ticket_id: str, paper: str) -> Answer:
    """Forget a stack that nobody keeps."""
    context().paper_scanner.drop(_key(case_in_hand(ticket_id).opened, paper))
    return redirect(url_for("officer.scanning", ticket_id=ticket_id, paper=paper), 303)


def _key(opened: OpenedSubmission, paper: str) -> StackKey:
    return StackKey(sitting().person.code, opened.submission.receipt_no, scans.paper_of(opened, paper).id)


def _stack(opened: OpenedSubmission, paper: str) -> Stack | None:
    return context().paper_scanner.stack(_key(opened, paper))


def _to_stack(ticket_id: str, paper: str) -> Answer:
    return redirect(url_for("officer.stack", ticket_id=ticket_id, paper=paper), 303)


def _values(
    opened: OpenedSubmission, ticket_id: str, paper_id: str, *, bad: str = "", is_taken: bool = False
) -> dict[str, object]:
    found = _stack(opened, paper_id)
    words = ENDINGS[found.ending] if found is not None and found.ending is not None else None
    first = scans.paper_of(opened, paper_id)
    return {
        "ticket_id": ticket_id,
        "paper": first,
        "sorted_papers": stack_papers.sort(found, opened, first) if found else [],
        "sorted_words": stack_papers.sentences(found, opened, first) if found and not found.is_running else [],
        "stack": found,
        "words": words,
        "title": words.title.format(number=len(found.pages) + 1) if words and found else "",
        "max_pages": MAX_PAGES,
        "bad": bad,
        "is_taken": is_taken,
    }


def _page(opened: OpenedSubmission, ticket_id: str, paper_id: str, *, bad: str = "", is_taken: bool = False) -> str:
    return render("officer/stack.html", **_values(opened, ticket_id, paper_id, bad=bad, is_taken=is_taken))
