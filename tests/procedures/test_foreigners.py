"""Cases with a foreign national: the forms of citizens stop right after that person, and lead to an officer."""

from typing import Any

import pytest

from kiosk.procedures import journey
from kiosk.procedures.answers import Draft, complete
from kiosk.procedures.checks import CheckContext, failed_checks
from kiosk.procedures.model import Check
from tests.procedures.form_walk import OFFICE, PASSPORT, Branch, begin
from tests.procedures.texts import DAY, procedure

CARD = {"loai": "can_cuoc", "so": "046093000456"}
PERSONS = [
    ("1.001193", "nguoi_me", "me_giay_to_tuy_than", "quoc_tich", "me_quoc_tich", "2.000528"),
    ("1.001193", "nguoi_cha", "cha_giay_to_tuy_than", "quoc_tich", "cha_quoc_tich", "2.000528"),
    ("1.000656", "nguoi_mat", "nc_giay_to_tuy_than", "quoc_tich", "nc_quoc_tich", "1.001766"),
    ("1.005461", "nguoi_mat", "nc_giay_to", "quoc_tich", "nc_quoc_tich", "2.000497"),
    ("1.000894", "ben_nam", "nam_giay_to_tuy_than", "quoc_tich", "nam_quoc_tich", "2.000806"),
    ("1.004746", "ben_nu", "nu_giay_to", "quoc_tich", "nu_quoc_tich", "2.000513"),
    ("1.001022", "nguoi_nhan", "a_giay_to", "nguoi_nhan_them", "a_quoc_tich", "2.000779"),
    ("1.001022", "nguoi_duoc_nhan", "b_giay_to", "nguoi_duoc_nhan_them", "b_quoc_tich", "2.000779"),
    ("1.004772", "nguoi_me", "me_giay_to_tuy_than", "quoc_tich_me", "me_quoc_tich", "1.000893"),
    ("1.004884", "nguoi_cha", "cha_giay_to", "quoc_tich_cha", "cha_quoc_tich", "2.000522"),
]
"""(procedure, page of a person, key of the paper, page that asks for the nationality, its key, code of such a case)."""
AFTER_BOTH = {"nguoi_me": "nguoi_cha", "ben_nu": "ben_nam"}
"""Pages of a person whose nationality is asked after a second person, on one page for both."""


def errors(code: str, answers: dict[str, Any], step: str = "") -> list[Check]:
    form = procedure(code)
    full = complete(form, answers, OFFICE, DAY)
    failed = failed_checks(form, full, CheckContext(today=DAY, office=OFFICE), step)
    return [check for check in failed if check.rule == "all_citizens"]


@pytest.mark.parametrize(("code", "person", "paper", "page", "nationality", "foreign"), PERSONS)
def test_the_page_after_a_person_with_a_passport_asks_for_the_nationality_and_leads_to_an_officer(
    code: str, person: str, paper: str, page: str, nationality: str, foreign: str
) -> None:
    walk = begin(
        procedure(code), Branch(_situations(code), {paper: PASSPORT, "nyc_quan_he": _somebody_else(code)}, by_hand=True)
    )
    pages = []
    while (at := walk.open_page()) and at.step.id != page:
        pages.append(at.step.id)
        walk.answer(at)
    assert at is not None, pages
    assert pages[-1] in {person, AFTER_BOTH.get(person)} if page == "quoc_tich" else pages[-1] == person
    walk.answer(at)
    assert errors(code, walk.draft.answers, page) == []
    (error,) = errors(code, walk.draft.answers | {nationality: "US"}, page)
    assert (error.level, error.officer) == ("error", True)
    assert f"(mã {foreign})" in error.say.vi
    assert "Mời lấy số" in error.say.vi


def _situations(code: str) -> dict[str, str]:
    return {
        item.key: next(option.id for option in item.options if not option.officer)
        for item in procedure(code).situations
        if item.options
    }


def _somebody_else(code: str) -> str:
    item = procedure(code).by_key.get("nyc_quan_he")
    options = item.options if item else ()
    return next((option.id for option in options if option.id not in {"ban_than", "me", "cha"}), "")


@pytest.mark.parametrize("code", ["1.001193", "1.000656", "1.005461", "1.000894", "1.004746"])
def test_a_foreign_nationality_chosen_beside_a_card_leads_to_an_officer_too(code: str) -> None:
    form = procedure(code)
    situation = next(item for item in form.situations if item.citizens)
    papers = (situation.citizens or {})["papers"]
    answers = dict.fromkeys(papers, "Trần An") | dict.fromkeys(papers.values(), CARD)
    keys = form.by_step["quoc_tich_theo_the"].fields
    assert errors(code, answers | dict.fromkeys(keys, "VN")) == []
    (error,) = errors(code, answers | dict.fromkeys(keys, "LA"), "quoc_tich_theo_the")
    assert error.officer


@pytest.mark.parametrize("code", ["1.004772", "1.004884"])
@pytest.mark.parametrize(("who", "page"), [("ban_than", "gioi_tinh"), ("me", "nguoi_duoc_khai")])
def test_a_birth_registered_late_asks_the_person_first(code: str, who: str, page: str) -> None:
    (error,) = errors(code, {"nyc_quan_he": who, "nd_quoc_tich": "US"})
    assert error.at == page
    assert nationality_page(code, who).startswith(page)


def nationality_page(code: str, who: str) -> str:
    """Return the first page that asks for the nationality, of a person without a card."""
    draft = Draft(code=code, version="", answers={"nyc_quan_he": who, "nyc_giay_to_tuy_than": PASSPORT})
    pages = journey.pages(procedure(code), draft, DAY)
    return next(page.id for page in pages if "nd_quoc_tich" in page.step.fields)


def test_nobody_is_asked_for_the_nationality_of_a_parent_without_papers() -> None:
    for code in ("1.004772", "1.004884"):
        draft = Draft(code=code, version="", answers={"nyc_quan_he": "ban_than", "me_tinh_trang": "da_mat"})
        pages = [page.step.id for page in journey.pages(procedure(code), draft, DAY)]
        assert not {"quoc_tich_me", "quoc_tich_cha"} & set(pages)
