"""Papers of a scanned stack: which pages belong to which paper of the case, by the separator sheets between them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.dossiers import checklist, original_pictures
from kiosk.dossiers.certified_copies import listed_papers
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.pages.access import context
from kiosk.pages.officer.case.current_case import SUBMITTED, needed_papers
from kiosk.paper_scanner import Stack
from kiosk.paper_scanner.pages import ScannedPage
from kiosk.records import scans

OTHER = ScannedPaper(checklist.OTHER_PAPER, checklist.OTHER_NAME)


@dataclass(frozen=True)
class NumberedPage:
    """A page of a stack and its number, from 1."""

    number: int
    page: ScannedPage


@dataclass(frozen=True)
class StackPaper:
    """A paper and its pages of a stack, in their order."""

    paper: ScannedPaper
    pages: list[NumberedPage] = field(default_factory=list)


def separator_papers(opened: OpenedSubmission) -> dict[str, ScannedPaper]:
    """Return the papers of a case by the key that their separator sheet names, in the order of the list.

    Originals that are certified come first; their sheet names no setting of the ward.
    """
    keys = original_pictures.row_keys(context(), opened.procedure, opened.answers)
    papers = {
        scans.ORIGINAL + key: ScannedPaper(original_pictures.paper_id(context(), key), listed.name)
        for key, listed in zip(keys, listed_papers(opened), strict=False)  # no papers are listed without an amount
    }
    needed = [paper for paper in needed_papers(opened) if not papers or paper.kind == SUBMITTED]
    return papers | {paper.id: ScannedPaper(paper.id, paper.name.vi) for paper in needed}


def sort(stack: Stack, opened: OpenedSubmission, first: ScannedPaper) -> list[StackPaper]:
    """Return the pages of a stack by paper.

    Args:
        first: the paper of the pages before the first separator sheet.
    """
    papers = separator_papers(opened)
    sorted_papers: dict[str, StackPaper] = {}
    for number, page in enumerate(stack.pages, start=1):
        paper = papers.get(page.separator, OTHER) if page.separator else first
        sorted_papers.setdefault(paper.id, StackPaper(paper)).pages.append(NumberedPage(number, page))
    return list(sorted_papers.values())


def sentences(stack: Stack, opened: OpenedSubmission, first: ScannedPaper) -> list[str]:
    """Return how the pages were sorted, in words; none for a case with one paper and a stack without codes."""
    papers = separator_papers(opened)
    words = _sheet_sentences(stack, papers)
    before = sum(not page.separator for page in stack.pages)
    if not stack.separators and len(papers) > 1:
        words.append(f"Không thấy tờ ngăn: cả xấp vào {_small(first.name)}.")
    elif stack.separators and before:
        words.append(f"{before} trang trước tờ ngăn đầu vào {_small(first.name)}.")
    if foreign := [str(number) for number, page in enumerate(stack.pages, start=1) if page.code.kind == "foreign"]:
        words.append(f"Trang {', '.join(foreign)} có mã QR lạ, không phải tờ ngăn: giữ như trang giấy.")
    return words


def _sheet_sentences(stack: Stack, papers: Mapping[str, ScannedPaper]) -> list[str]:
    if not stack.separators:
        return []
    words = [f"Đã bỏ {len(stack.separators)} tờ ngăn, xếp các trang theo giấy."]
    for key, count in Counter(stack.separators).items():
        name = _small(papers.get(key, OTHER).name)
        if count > 1 and key in papers:
            words.append(f"Có {count} tờ ngăn của {name}: các trang gộp thành một giấy.")
        if not any(page.separator == key for page in stack.pages):
            words.append(f"Sau tờ ngăn của {name} chưa có trang nào.")
    if unknown := sum(key not in papers for key in stack.separators):
        words.append(f"{unknown} tờ ngăn không thuộc hồ sơ này: các trang sau nó vào {_small(OTHER.name)}.")
    return words


def _small(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"
