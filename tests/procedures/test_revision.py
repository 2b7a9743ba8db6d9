"""A submitted form as a draft again: what was computed is left out, so that it follows a correction."""

from kiosk.procedures import revision
from kiosk.procedures.answers import complete
from kiosk.procedures.conditions import holds
from tests.procedures.form_walk import OFFICE, branches, walked
from tests.procedures.texts import DAY, procedure

COPY = "2.000635"


def test_a_form_that_is_opened_again_has_no_computed_answers() -> None:
    form = procedure(COPY)
    given = dict(walked(form, branches(form)[0]).draft.answers)
    whole = complete(form, given, OFFICE, DAY)
    derived = {item.key for item in form.fields if item.derive}
    assert derived & whole.keys(), "the form as it was submitted has them"
    draft = revision.reopen(form, whole, sources={}, today=DAY)
    assert not derived & draft.answers.keys()
    situations = {item.key for item in form.situations if not item.options}
    assert not situations & draft.answers.keys()
    assert {key for key in draft.answers if whole.get(key) is not None} <= whole.keys()


def test_what_a_card_answered_is_not_asked_again() -> None:
    """The home on a card is not filed: it counts as answered where the form does not hold the question without it."""
    form = procedure("1.004194")
    asked = form.by_key["thuong_tru_o_day"]
    by_card = revision.reopen(form, {"ho_ten": "Lê Thị Bưởi"}, sources={}, today=DAY)
    assert not holds(asked.when, by_card.answers, DAY)
    typed = revision.reopen(form, {"ho_ten": "Lê Thị Bưởi", "thuong_tru_o_day": False}, sources={}, today=DAY)
    assert holds(asked.when, typed.answers, DAY)
    assert "_nha_tren_the" not in complete(form, by_card.answers, OFFICE, DAY)


def test_a_card_that_leaves_the_question_open_is_kept_when_another_officer_has_corrected() -> None:
    form = procedure("1.004194")
    base = {"ho_ten": "Lê Thị Bưởi"}
    draft = revision.reopen(form, base, sources={}, today=DAY)
    draft.put("ho_ten", "Lê Thị Bòng")
    last = revision.reopen(form, base | {"thuong_tru_o_day": False}, sources={}, today=DAY)
    rebased = revision.rebase(form, draft, base=base, last=last, today=DAY)
    assert complete(form, rebased.answers, OFFICE, DAY)["thuong_tru_o_day"] is False
    assert rebased.answers["ho_ten"] == "Lê Thị Bòng"
