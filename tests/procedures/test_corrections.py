# ruff: noqa: E501 - a correction a line
"""The corrections of November 2026, each with the test that holds it.

A line is `id | what is right | test`; a test of `?` waits. A second line of the same id may name another test.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.procedures.texts import FILES, texts

TABLE = """
c01 | 1.001612 is filed in any ward of the city | tests/journeys/test_business.py::test_another_ward_of_the_city_is_taken_here
c02 | the page says compared only where the ward compared | tests/pages/officer/test_compare.py::test_the_last_press_says_what_pages_and_papers_say_now
c03 | silence is no proof: a fact without seen does not load | tests/procedures/test_documents.py::test_a_fact_that_does_not_say_how_it_was_read_is_an_error
c04 | residence rests on TT 116/2026, not on the repealed circulars | ?
c05 | CT01 with eight notes and four signature columns | ?
c06 | no temporary stay inside the commune of permanent residence | ?
c07 | proof of dwelling by situation; close relatives need none | ?
c08 | the rental contract must be notarised; area of dwelling | ?
c09 | a child under 6 who joins its parents needs no proof and no opinions | ?
c10 | the closed list of 54 relations | ?
c11 | police files get no receipt of form 01 or 03 | ?
c12 | 1.010041 in one working day, three if verified | ?
c13 | 1.010041 is done in VNeID; the ward switches the counter on | ?
c14 | 1.010041 names article 16 of TT 116/2026; a hint is no source | ?
c15 | 1.004194 by list costs 10,000 a person | ?
c16 | residence filed online is free with the five papers until 2027-02-28 | ?
c02 | the page says compared only where the ward compared | ?
c03 | silence is no proof: a fact without seen is memory | ?
c04 | residence rests on TT 116/2026, not on the repealed circulars | tests/procedures/test_residence_facts.py::test_residence_rests_on_documents_in_force_and_names_no_repealed_one
c05 | CT01 with eight notes and four signature columns | tests/procedures/test_ct01.py::test_four_signature_columns_begin_with_their_date_line
c05 | CT01: its lines and its notes in the words of the form | tests/procedures/test_ct01.py::test_every_line_has_the_words_and_the_order_of_the_form
c06 | no temporary stay inside the commune of permanent residence | tests/journeys/test_same_ward.py::test_a_card_of_this_ward_leads_to_the_counter_before_a_number_is_drawn
c07 | proof of dwelling by situation; close relatives need none | tests/procedures/test_residence_facts.py::test_papers_of_a_temporary_stay_follow_the_home
c08 | the rental contract must be notarised; area of dwelling | tests/procedures/test_residence_facts.py::test_permanent_residence_in_a_rented_home_needs_a_notarised_contract_and_floor_area
c09 | a child under 6 who joins its parents needs no proof and no opinions | tests/procedures/test_residence_facts.py::test_a_child_under_6_brings_no_proof_and_no_opinion_of_head_and_owner
c10 | the closed list of 54 relations | tests/procedures/test_ct01.py::test_the_relations_to_the_head_are_the_closed_list_of_the_circular
c11 | police files get no receipt of form 01 or 03 | tests/pages/officer/test_police_receipts.py::test_an_accepted_stay_has_no_form_01
c12 | 1.010041 in one working day, three if verified | tests/procedures/test_residence_facts.py::test_the_certificate_takes_one_working_day_or_three_if_verified
c13 | 1.010041 is done in VNeID; the ward switches the counter on | tests/journeys/test_online_way.py::test_an_unanswered_switch_sends_people_to_ask
c14 | 1.010041 names article 16 of TT 116/2026; a hint is no source | tests/procedures/test_residence_facts.py::test_the_certificate_names_article_16_and_a_hint_names_no_document
c15 | 1.004194 by list costs 10,000 a person | tests/procedures/test_residence_facts.py::test_a_filing_has_one_fee_at_the_counter_and_online
c16 | residence filed online is free with the five papers until 2027-02-28 | tests/procedures/test_residence_facts.py::test_the_waiver_is_a_hint_for_online_filings_between_its_dates
c17 | copies are waived for online filings of 2.000635 only | ?
c18 | 1.004873 hints at its online waiver | ?
c19 | only the three groups of the law are exempt of civil-status fees | ?
c20 | amounts of the city council are the ward's settings | ?
c17 | copies: only 2.000635 online | tests/journeys/test_local_fees.py::test_the_desk_cannot_give_an_online_waiver
c18 | 1.004873 hints at its online waiver | tests/journeys/test_local_fees.py::test_a_waiver_is_a_hint_up_to_its_last_day
c19 | three groups of the law are exempt | tests/journeys/test_local_fees.py::test_the_law_spares_three_groups_in_civil_status
c20 | amounts of the council are settings | tests/journeys/test_local_fees.py::test_an_amount_has_its_resolution
c21 | social support names decree 335/2026 | tests/procedures/test_social.py::test_c21_decree_335_is_named
c22 | no fixed amount of 500,000 turns anybody away | tests/procedures/test_social.py::test_c22_amounts_are_the_wards
c23 | 1.001776 takes ten working days | tests/procedures/test_social.py::test_c23_it_takes_ten_days
c24 | 1.001776 lists the birth certificate by situation | tests/procedures/test_social.py::test_c24_births_are_proved
c25 | funeral support of social pensioners is 1.014028 | tests/procedures/test_social.py::test_c25_1_014028_is_apart
c26 | no paper that the official list does not ask | tests/procedures/test_social.py::test_c26_no_other_paper_is_asked
c27 | 1.014027 has its official title | tests/procedures/test_social.py::test_c27_the_title_is_official
c28 | 1.014027 prints five boxes of line 7 in full | tests/procedures/test_social.py::test_c28_five_boxes_are_printed
c29 | 1.014027: neither poor nor near-poor | tests/procedures/test_social.py::test_c29_the_third_box_is_official
c30 | 1.014027: line 9 is a place | tests/procedures/test_social.py::test_c30_line_9_is_a_place
c31 | 1.014027: part II in official words | tests/procedures/test_social.py::test_c31_part_two_is_official
c32 | 1.014027: the oath in official words | tests/procedures/test_social.py::test_c32_the_oath_is_official
c33 | civil status at any residence; told early | tests/procedures/test_civil.py::test_nobody_is_turned_away_for_a_home_in_another_ward
c34 | four powers of attorney only | tests/journeys/test_signature.py::test_another_authorisation_is_a_contract
c35 | foreign papers without legalisation | tests/journeys/test_certified_copy.py::test_exceptions_of_legalisation_are_named
c36 | certification has its full names | tests/procedures/test_certification.py::test_names_are_full
c37 | 1.000656 names no term for a verification | tests/procedures/test_civil.py::test_a_death_that_must_be_verified_has_no_term_in_print
c38 | 1.000656 line by line | tests/procedures/test_civil_forms.py::test_lines_are_those_of_the_form
c39 | copies stand after the oath | tests/procedures/test_civil.py::test_copies_stand_after_the_oath
c40 | 2.000635: optional at the counter | tests/procedures/test_civil.py::test_a_copy_asks_for_no_ethnic_group_and_no_nationality
c41 | 1.004873: the ward switches its clause on | tests/procedures/test_civil.py::test_the_clause_on_marriage_is_switched_on_by_the_ward
c42 | 1.000894 rests on NĐ 07/2025 | tests/procedures/test_civil.py::test_the_single_status_paper_rests_on_decree_07_2025
c43 | all documents of the records | tests/procedures/test_civil.py::test_civil_status_names_the_documents_of_its_records
c44 | the combined procedure and its portal | tests/procedures/test_civil.py::test_the_combined_procedure_is_named_with_its_portal
c45 | an officer keeps copies only of papers that are handed in | tests/pages/officer/test_papers.py::test_only_a_paper_that_is_submitted_can_be_kept_as_a_copy
c46 | a fingerprint after reading aloud | tests/procedures/test_civil.py::test_who_cannot_write_gives_a_fingerprint
c47 | 1.001612: persons and the italic block | tests/procedures/test_official_lines.py::test_italics_are_in_italics
c48 | 1.001612: fax, mail, website, no fixed place | tests/procedures/test_official_lines.py::test_lines_are_those_of_the_form
c49 | 1.001612: line 5.4 with both boxes open | tests/papers/test_household_form.py::test_tax_method_stays_open
c50 | 1.001612: ten columns of line 7 | tests/papers/test_household_form.py::test_members_have_a_landscape_sheet
c51 | 1.001612: four commitments in official words | tests/procedures/test_official_lines.py::test_lines_are_those_of_the_form
c52 | 1.001612: the fee is not paid back | tests/journeys/test_business.py::test_the_fee_is_not_paid_back
c53 | 1.001612: three cases of authorisation | tests/journeys/test_business.py::test_three_authorisations_are_listed
c54 | a card issued since 2024-07-01 is a Thẻ căn cước | tests/procedures/test_kinds.py::test_a_card_is_printed_under_the_name_of_its_day_or_issuer
c55 | nothing says that TT 03/2025 replaces TT 01/2023 | tests/procedures/test_corrections.py::test_nothing_says_that_circular_03_replaces_circular_01_of_2023
c56 | form 06 is made by the city's case system | tests/procedures/test_corrections.py::test_readme_and_day_page_say_who_makes_form_06
c57 | the card is for checking who stands there | tests/procedures/test_civil.py::test_the_card_is_for_checking_who_stands_there
c58 | online means the national portal or VNeID | tests/procedures/test_corrections.py::test_online_is_the_national_portal_or_vneid
c59 | the version of a form is chosen by the day of acceptance | tests/procedures/test_versions.py::test_a_case_goes_on_under_the_law_of_the_day_of_its_acceptance
c60 | Thuỷ and Thủy find the same wards; the official spelling is printed | tests/vietnam/test_ward_map.py::test_both_spellings_of_thuy_find_the_same_ward
c61 | social pension is named so; tiền già is a search word | ?
c60 | Thuỷ and Thủy find the same wards; the official spelling is printed | ?
c60 | Thuỷ and Thủy find the same wards; the official spelling is printed | ?
c60 | Thuỷ and Thủy find the same wards; the official spelling is printed | tests/vietnam/test_ward_map.py::test_both_spellings_of_thuy_find_the_same_ward
c61 | social pension is named so; tiền già is a search word | ?
c61 | social pension; tiền già is a search word | tests/procedures/test_social.py::test_c61_old_words_are_only_searched
c62 | birth and death notices name their circulars | tests/procedures/test_corrections.py::test_birth_and_death_notices_name_their_circulars
"""
WAITING = "?"
ENTRIES = [tuple(part.strip() for part in line.split(" | ")) for line in TABLE.strip().splitlines()]
NAMED = [(name, test) for name, _, test in ENTRIES if test != WAITING]
IDS = [f"c{number:02}" for number in range(1, 63)]


@cache
def functions_of(path: Path) -> frozenset[str]:
    """Return the names of the test functions of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_correction_has_an_entry_and_nothing_else_has() -> None:
    assert sorted({name for name, _, _ in ENTRIES}) == IDS


def test_every_correction_is_held_by_a_test() -> None:
    held = {name for name, _ in NAMED}
    assert [name for name in IDS if name not in held] == []


@pytest.mark.parametrize(("name", "test"), NAMED)
def test_the_named_test_exists(name: str, test: str) -> None:
    module, _, function = test.partition("::")
    assert function.startswith("test_"), name
    assert function in functions_of(ROOT / module), name


# --- corrections that belong to no one procedure


def _texts(*patterns: str) -> dict[str, str]:
    paths = [path for pattern in patterns for path in ROOT.glob(pattern) if "static/vendor" not in str(path)]
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in paths}


def test_nothing_says_that_circular_03_replaces_circular_01_of_2023() -> None:
    texts = _texts("README.md", "docs/*.md", "kiosk/**/*.py", "kiosk/**/*.toml", "templates/**/*.html")
    assert len(texts) > 300
    assert [name for name, text in texts.items() if re.search(r"thay[^.\n]{0,20}01/2023", text)] == []


def test_readme_and_day_page_say_who_makes_form_06() -> None:
    assert "Form 06 (the route of a dossier between offices) is made by the city's case system" in _flat("README.md")
    assert "(mẫu 06) do hệ thống một cửa của thành phố lập" in _flat("templates/officer/day.html")


def _flat(name: str) -> str:
    return " ".join((ROOT / name).read_text("utf-8").split())


def test_online_is_the_national_portal_or_vneid() -> None:
    """Source: since 2025-07-01 citizens file on the national portal or in VNeID only."""
    said = {name: [words.vi for _, words in texts(form)] for name, form in FILES.items() if form.code != CLASS}
    assert [name for name, lines in said.items() if any("trên mạng" in line for line in lines)] == []
    pages = _texts("templates/citizen/*.html", "kiosk/pages/citizen/*.py", "kiosk/papers/**/*.py")
    assert [name for name, text in pages.items() if "trên mạng" in text] == []
    assert any("Cổng Dịch vụ công quốc gia hoặc VNeID" in line for lines in said.values() for line in lines)


CLASS = "LOCAL-TAPHUAN"
"""The ward's class teaches how to do things online in general."""
NOTICES = [("1.001193", "chứng sinh", "tt22_byt"), ("1.000656", "báo tử của bệnh viện", "tt25_byt")]


@pytest.mark.parametrize(("code", "words", "document"), NOTICES)
def test_birth_and_death_notices_name_their_circulars(code: str, words: str, document: str) -> None:
    papers = [paper for paper in FILES[code].papers if words in paper.name.vi]
    assert papers
    assert all(document in paper.sources for paper in papers)
