"""Which official paper an act of the desk has, and what of its kept words stands where on it."""

from collections.abc import Callable, Mapping
from datetime import date

from kiosk import clock
from kiosk.dossiers.case_summary import RELATION_LABELS, RESULT_PLACE_LABELS, CaseSummary, DecisionWords, ReceivedPaper
from kiosk.papers.forms import acceptance, extension, handover, refusal, stop, supplement
from kiosk.records.decisions import Decision, DecisionKind


def _accepted(case: CaseSummary, found: Decision, told: DecisionWords) -> bytes:
    papers = tuple(ReceivedPaper(*one) for one in told["papers"])
    place = RESULT_PLACE_LABELS[str(found.facts["place"])]
    due = clock.parse_timestamp(str(found.facts["due"]))
    paper = acceptance.Acceptance(
        papers=papers,
        sets=told["sets"],
        term=told["term"],
        received_at=found.at,
        due_at=due,
        result_at=place,
        fees=told["fees"],
    )
    return acceptance.pdf(case, paper)


def _supplement(case: CaseSummary, _found: Decision, told: DecisionWords) -> bytes:
    return supplement.pdf(case, told["items"], told["reason"])


def _refused(case: CaseSummary, _found: Decision, told: DecisionWords) -> bytes:
    return refusal.pdf(case, told["reason"])


def _extended(case: CaseSummary, found: Decision, told: DecisionWords) -> bytes:
    received, before, due = (clock.parse_timestamp(str(found.facts[name])) for name in ("received", "before", "due"))
    return extension.pdf(
        case, extension.Extension(received_at=received, old_due_at=before, new_due_at=due, reason=told["reason"])
    )


def _stopped(case: CaseSummary, found: Decision, told: DecisionWords) -> bytes:
    asked_on = date.fromisoformat(str(found.facts["asked_on"]))
    return stop.pdf(
        case, stop.Stop(asked_on=asked_on, stage=told["stage"], reason=told["reason"], returned=told["returned"])
    )


def _handed_out(case: CaseSummary, found: Decision, told: DecisionWords) -> bytes:
    relation = RELATION_LABELS[str(found.facts["relation"])]
    return handover.pdf(
        case, handover.Handover(what=told["what"], taken_by=told["taken_by"], relation=relation, at=found.at)
    )


SHEETS: Mapping[DecisionKind, Callable[[CaseSummary, Decision, DecisionWords], bytes]] = {
    "accepted": _accepted,
    "supplement": _supplement,
    "refused": _refused,
    "extended": _extended,
    "stopped": _stopped,
    "handed_out": _handed_out,
}
