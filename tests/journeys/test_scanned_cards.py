"""A card that was scanned in this visit is not among the papers to bring: it is only shown to the officer."""

import re

import pytest

import printers.spool
from kiosk.papers import missing, slip
from kiosk.procedures.loader import read_catalogue
from printers.document import Document
from printers.render.text import render
from tests.journeys import submission_checks
from tests.journeys.people import submit
from tests.journeys.typical import TODAY, Case
from tests.journeys.walker import Walker

MARRIAGE = "1.000894"
CARDS = "Căn cước của cả hai người"
SCANNED = "Máy đã quét. Đưa cán bộ xem ở quầy."
ONE = "Máy mới quét một thẻ. Mang đủ thẻ để cán bộ xem."


class OneCard(Case):
    """A case whose first person alone has a card."""

    def _person(self, page: object) -> None:
        super()._person(page)  # type: ignore[arg-type]
        self.cards = False


def at_check(walker: Walker, cards: str) -> Walker:
    """Fill in a marriage with both cards, one or none."""
    case = OneCard if cards == "one" else Case
    return case(walker, MARRIAGE, cards=cards != "none").until_check()


@pytest.mark.parametrize(
    ("cards", "words", "title"),
    [("both", SCANNED, "Không cần mang thêm giấy tờ"), ("one", ONE, "Cần mang 1"), ("none", "", "Cần mang 1")],
)
def test_the_page_of_papers_says_which_cards_were_scanned(walker: Walker, cards: str, words: str, title: str) -> None:
    at_check(walker, cards)
    walker.go(f"/need/{MARRIAGE}")
    assert title in walker.words
    assert CARDS in walker.words
    assert (SCANNED in walker.words, ONE in walker.words) == (words == SCANNED, words == ONE)


def test_the_check_page_counts_no_card_that_was_scanned(walker: Walker) -> None:
    at_check(walker, "both")
    assert "Cần mang" not in walker.words


def test_the_check_page_counts_cards_that_nobody_scanned(walker: Walker) -> None:
    at_check(walker, "none")
    assert "Cần mang 1 loại giấy tờ" in walker.words


@pytest.mark.parametrize(
    ("cards", "line"),
    [
        ("both", f"{CARDS}: máy đã quét, đưa cán bộ xem"),
        ("one", f"{CARDS}: mới quét một thẻ, mang đủ"),
        ("none", CARDS),
    ],
)
def test_the_slip_does_not_ask_for_a_card_that_was_scanned(walker: Walker, cards: str, line: str) -> None:
    submit(at_check(walker, cards))
    document = slip.compose(walker.context, submission_checks.only_submission(walker.context).id, {})
    assert document is not None
    assert re.search(rf"{line}(?!:)", words_of(document))


@pytest.mark.parametrize(("cards", "words"), [("both", SCANNED), ("one", ONE), ("none", "Để cán bộ đối chiếu người.")])
def test_the_printed_list_says_which_cards_were_scanned(walker: Walker, cards: str, words: str) -> None:
    at_check(walker, cards)
    walker.go(f"/need/{MARRIAGE}").press(f"/need/{MARRIAGE}/print")
    with walker.context.store.read() as db:
        (number,) = [row["id"] for row in db.query("select id from jobs where kind = 'missing'")]
        job = printers.spool.find_by_id(db, number)
    assert job is not None
    document = missing.compose(walker.context, job.subject, job.facts)
    assert document is not None
    assert words in words_of(document)


def words_of(document: Document) -> str:
    return " ".join(render(document).split())


def test_every_identity_card_of_a_person_in_the_form_has_its_number() -> None:
    for procedure in read_catalogue().all(TODAY):
        persons = {step.person.fills.get("id") for step in procedure.steps if step.person}
        for paper in procedure.papers:
            assert set(paper.cards) <= persons, (procedure.code, paper.id)
    marriage = read_catalogue().in_force(MARRIAGE, TODAY)
    assert marriage is not None
    assert marriage.papers[0].cards == ("nu_giay_to_tuy_than", "nam_giay_to_tuy_than")
