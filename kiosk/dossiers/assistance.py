"""Help of an officer with a form: the reasons, who came, and what must be there before the form is submitted.

`Draft.help` holds the facts: `reason`, `words` (own words of the reason), `comes` (who is at the counter), `submitter`
(name of who came for the applicant) and `signature`. `Draft.read_back` holds the steps that were read back.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from kiosk.context import Context
from kiosk.procedures import journey, revision
from kiosk.procedures.answers import Draft
from kiosk.procedures.conditions import holds
from kiosk.procedures.model import FormStep, Procedure

Reason = Literal["eyes", "hands", "unused", "other"]
REASONS: Mapping[Reason, str] = {
    "eyes": "Mắt kém",
    "hands": "Tay yếu",
    "unused": "Chưa quen",
    "other": "Ý khác",
}
"""Reasons for the help of an officer."""
Comes = Literal["self", "kin", "other"]
COMES: Mapping[Comes, str] = {
    "self": "Chính người khai",
    "kin": "Người thân ruột đi thay",
    "other": "Người khác đi thay",
}
"""Relation of the person at the counter to the applicant."""
SignatureWay = Literal["sign", "fingerprint", "witnesses"]
Need = Literal["answers", "read_back", "reason", "submitter", "signature"]
"""Kinds of missing parts that keep a form from being submitted."""
LONGEST_WORDS = 80


class NotReady(Exception):  # noqa: N818 - read in a sentence
    """A form that cannot be submitted yet: `step` is the first one that lacks `need`, None for the form as a whole."""

    def __init__(self, need: Need, step: str) -> None:
        super().__init__(f"{step} lacks {need}")
        self.need = need
        self.step = step


REVIEW = "review"
"""Name of the last page at the desk: all answers, the oath, how it is signed. No step of a form has this name."""


def asked_steps(context: Context, procedure: Procedure, draft: Draft) -> list[FormStep]:
    """Return the steps that the answers need, in order: at the desk each is one page."""
    today = context.clock.today()
    known = journey.answers_with_situations(procedure, draft, today)
    return [step for step in procedure.steps if step.place == "page" and holds(step.when, known, today)]


def open_steps(context: Context, procedure: Procedure, draft: Draft) -> set[str]:
    """Return the ids of the steps that are not filled in."""
    return {step.id for step in revision.unfinished_steps(procedure, draft, context.clock.today())}


def require_ready(context: Context, procedure: Procedure, draft: Draft) -> None:
    """Require that all is filled in, read back and said.

    Raises:
        NotReady: the first page that lacks something.
    """
    lacking = open_steps(context, procedure, draft)
    steps = [step.id for step in asked_steps(context, procedure, draft)]
    for step in steps:
        if step in lacking:
            raise NotReady("answers", step)
    for step in steps:
        if step not in draft.read_back:
            raise NotReady("read_back", step)
    need = _missing_fact(draft.help)
    if need:
        raise NotReady(need, REVIEW)
    if REVIEW not in draft.read_back:
        raise NotReady("read_back", REVIEW)


def _missing_fact(facts: Mapping[str, str]) -> Need | None:
    """Return the first fact about the help that nobody has said."""
    if facts.get("reason") not in REASONS or (facts["reason"] == "other" and not facts.get("words")):
        return "reason"
    if facts.get("comes", "self") != "self" and not facts.get("submitter"):
        return "submitter"
    return None if facts.get("signature") in get_args(SignatureWay) else "signature"
