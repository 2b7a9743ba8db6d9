"""Composers of the official paper of each kind of decision, from the words stored with the decision."""

from collections.abc import Callable, Mapping
from datetime import date

from kiosk.base import clock
from kiosk.dossiers.case_summary import RELATION_LABELS, RESULT_PLACE_LABELS, CaseSummary, DecisionWords, ReceivedPaper
from kiosk.papers.forms import acceptance, extension, handover, refusal, stop, supplement
from kiosk.records.decisions import Decision, DecisionKind
from printers.sheet import Sheet


def _accepted(case: CaseSummary, decision: Decision, words: DecisionWords) -> tuple[Sheet, ...]:
    papers = tuple(ReceivedPaper(name=name, kind=kind, count=count) for name, kind, count in words["papers"])
    place = RESULT_PLACE_LABELS[str(decision.facts["place"])]
    due = clock.parse_timestamp(str(decision.facts["due"]))
    paper = acceptance.Acceptance(
        papers=papers,
        sets=words["sets"],
        term=words["term"],
        received_at=decision.at,
        due_at=due,
        result_at=place,
        fees=words["fees"],
    )
    return acceptance.sheets(case, paper)


def _supplement(case: CaseSummary, _decision: Decision, words: DecisionWords) -> tuple[Sheet, ...]:
    return (supplement.sheet(case, words["items"], words["reason"]),)


def _refused(case: CaseSummary, _decision: Decision, words: DecisionWords) -> tuple[Sheet, ...]:
    return (refusal.sheet(case, words["reason"]),)


def _extended(case: CaseSummary, decision: Decision, words: DecisionWords) -> tuple[Sheet, ...]:
    received, before, due = (clock.parse_timestamp(str(decision.facts[name])) for name in ("received", "before", "due"))
    paper = extension.Extension(received_at=received, old_due_at=before, new_due_at=due, reason=words["reason"])
    return (extension.sheet(case, paper),)


def _stopped(case: CaseSummary, decision: Decision, words: DecisionWords) -> tuple[Sheet, ...]:
    asked_on = date.fromisoformat(str(decision.facts["asked_on"]))
    paper = stop.Stop(asked_on=asked_on, stage=words["stage"], reason=words["reason"], returned=words["returned"])
    return (stop.sheet(case, paper),)


def _handed_out(case: CaseSummary, decision: Decision, words: DecisionWords) -> tuple[Sheet, ...]:
    relation = RELATION_LABELS[str(decision.facts["relation"])]
    paper = handover.Handover(what=words["what"], taken_by=words["taken_by"], relation=relation, at=decision.at)
    return (handover.sheet(case, paper),)


COMPOSERS: Mapping[DecisionKind, Callable[[CaseSummary, Decision, DecisionWords], tuple[Sheet, ...]]] = {
    "accepted": _accepted,
    "supplement": _supplement,
    "refused": _refused,
    "extended": _extended,
    "stopped": _stopped,
    "handed_out": _handed_out,
}
