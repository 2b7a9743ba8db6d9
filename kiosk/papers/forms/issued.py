"""Which official paper an act of the desk has, and what of its kept words stands where on it."""

from collections.abc import Callable, Mapping
from datetime import date

from kiosk import clock
from kiosk.dossiers.case_summary import RELATIONS, RESULT_AT, Case, Handed, Words
from kiosk.papers.forms import acceptance, extension, handover, refusal, stop, supplement
from kiosk.records.decisions import Decision, DecisionKind


def _accepted(case: Case, found: Decision, told: Words) -> bytes:
    papers = tuple(Handed(*one) for one in told["papers"])
    place = RESULT_AT[str(found.facts["place"])]
    due = clock.read(str(found.facts["due"]))
    paper = acceptance.Acceptance(papers, told["sets"], told["term"], found.at, due, place, told["fees"])
    return acceptance.pdf(case, paper)


def _supplement(case: Case, _found: Decision, told: Words) -> bytes:
    return supplement.pdf(case, told["items"], told["reason"])


def _refused(case: Case, _found: Decision, told: Words) -> bytes:
    return refusal.pdf(case, told["reason"])


def _extended(case: Case, found: Decision, told: Words) -> bytes:
    received, before, due = (clock.read(str(found.facts[name])) for name in ("received", "before", "due"))
    return extension.pdf(case, extension.Extension(received, before, due, told["reason"]))


def _stopped(case: Case, found: Decision, told: Words) -> bytes:
    asked_on = date.fromisoformat(str(found.facts["asked_on"]))
    return stop.pdf(case, stop.Stop(asked_on, told["stage"], told["reason"], told["returned"]))


def _handed_out(case: Case, found: Decision, told: Words) -> bytes:
    relation = RELATIONS[str(found.facts["relation"])]
    return handover.pdf(case, handover.Handover(told["what"], told["taken_by"], relation, found.at))


SHEETS: Mapping[DecisionKind, Callable[[Case, Decision, Words], bytes]] = {
    "accepted": _accepted,
    "supplement": _supplement,
    "refused": _refused,
    "extended": _extended,
    "stopped": _stopped,
    "handed_out": _handed_out,
}
