"""A submitted form as a draft again: what was computed is left out, so that it follows a correction."""

from kiosk.procedures import revision
from kiosk.procedures.answers import complete
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
