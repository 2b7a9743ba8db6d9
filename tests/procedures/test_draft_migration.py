"""Migration of a draft: what was typed, who was typed by hand and which pages are done."""

from dataclasses import replace

from kiosk.procedures import journey
from kiosk.procedures.answers import Draft
from kiosk.procedures.draft_migration import migrate_draft
from kiosk.procedures.model import Procedure
from tests.procedures.form_walk import Branch, walked
from tests.procedures.texts import DAY, procedure

STAY = "1.004194"


def _draft() -> tuple[Draft, Procedure]:
    """Return a finished draft, and the procedure in a new version."""
    form = procedure(STAY)
    return walked(form, Branch({"o_dau": "thue"}, {}, by_hand=True)).draft, replace(form, version="2099-01")


def test_what_was_typed_on_a_page_that_stays_is_kept() -> None:
    old, form = _draft()
    old.typed = {"o_dau_bao_lau": {"noi_dung_de_nghi.dia_chi.detail": "Tổ 99"}, "khong_con": {"a": "b"}}
    assert migrate_draft(old, form, DAY).typed == {"o_dau_bao_lau": {"noi_dung_de_nghi.dia_chi.detail": "Tổ 99"}}


def test_a_person_who_was_typed_by_hand_is_asked_for_no_card() -> None:
    old, form = _draft()
    assert "nguoi_o" in old.by_hand
    old.by_hand.append("khong_con")
    new = migrate_draft(old, form, DAY)
    assert "nguoi_o" in new.by_hand
    assert "khong_con" not in new.by_hand
    assert "nguoi_o.name" in [page.id for page in journey.pages(form, new, DAY)]


def test_a_page_is_done_only_if_it_was_done_before() -> None:
    old, form = _draft()
    every = [page.id for page in journey.pages(form, old, DAY)]
    assert migrate_draft(old, form, DAY).done == every
    left = every[-1]
    old.done.remove(left)
    assert migrate_draft(old, form, DAY).done == every[:-1]
    assert left not in migrate_draft(old, form, DAY).done


def test_a_page_is_done_without_a_question_that_the_card_answers() -> None:
    form = procedure(STAY)
    old = walked(form, Branch({"o_dau": "thue"}, {}, by_hand=False)).draft
    old.put("_nha_tren_the", {"card": "Tổ 5, Vỹ Dạ", "wardCode": "19803"}, "card")
    old.put("thuong_tru_o_day", None)
    assert "nguoi_o" in migrate_draft(old, replace(form, version="2099-01"), DAY).done


def test_the_residence_of_a_card_without_a_house_is_kept() -> None:
    form = procedure("2.000635")
    home = {"provinceCode": "46", "wardCode": "20044", "detail": ""}
    old = Draft(form.code, form.version, answers={"nyc_noi_cu_tru": home}, sources={"nyc_noi_cu_tru": "card"})
    new = migrate_draft(old, replace(form, version="2099-01"), DAY)
    assert new.answers == {"nyc_noi_cu_tru": home}
    unknown = replace(old, answers={"nyc_noi_cu_tru": home | {"wardCode": "99999"}})
    assert migrate_draft(unknown, form, DAY).answers == {}
