"""Base of systems that reserve a number, take files one by one, and then take the dossier.

The number is stored before it is used. A dossier is created once: these systems publish no call that changes one. What
the desk corrects after that becomes a step that is refused without a request, so that a person changes it there. Which
content was sent is in the fact of the step `dossier`, after the system's own id. After a lost answer that content is
taken for the present one.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from sync.encoding import sha256_hex
from sync.gateway.forward_targets import (
    ConnectionAnswer,
    DeskDecision,
    DocumentFile,
    Dossier,
    ForwardPlan,
    StepCheck,
    StepResult,
    TargetConnection,
)
from sync.gateway.targets.json_call import JsonClient, TokenSession, connection_answer
from sync.gateway.targets.mapping import TargetMapping, read_connection

DRY_NUMBER = "KIEM-TRA-DUONG-NOI"
"""Number that no dossier has, to examine a look-up."""
MAX_NUMBER = 60
"""Longest official number, in characters."""
NO_CHANGE = "Hệ thống này không có lệnh sửa hồ sơ đã nộp: sửa ở bên đó, rồi bấm Đã làm tay."


class NumberedTarget(ABC):
    """Target with the steps `number`, `file-<item>`, `dossier`, `progress-<n>`, and `change` for a person.

    Attributes:
        has_look_up: the system can be asked for a dossier; else one that was acknowledged is taken to be there.
        reports_progress: the system takes a line for each decision of the desk.
    """

    has_look_up = True
    reports_progress = False

    def __init__(self, mapping: TargetMapping, client: JsonClient, session: TokenSession) -> None:
        self.name = mapping.name
        self.mapping = mapping
        self.client = client
        self.session = session

    @abstractmethod
    def reserve(self, dossier: Dossier) -> StepResult:
        """Reserve a number; its fact is the number."""

    @abstractmethod
    def upload(self, document: DocumentFile, content: bytes) -> StepResult:
        """Send a file; its fact is JSON of what the dossier says about it."""

    @abstractmethod
    def create(self, dossier: Dossier, number: str, facts: Mapping[str, str]) -> StepResult:
        """Create a dossier under its number; its fact is the system's id."""

    @abstractmethod
    def find(self, dossier: Dossier, number: str) -> StepCheck:
        """Return whether a dossier is there under its number; the fact is the system's id."""

    @abstractmethod
    def report(self, dossier: Dossier, decision: DeskDecision, facts: Mapping[str, str]) -> StepResult:
        """Send the line of a decision; only called where `reports_progress`."""

    def plan(self, dossier: Dossier, facts: Mapping[str, str]) -> ForwardPlan:
        """Return the steps, or what is missing: a row of the mapping, or a person's look at the number."""
        if waits_for := self._waits_for(dossier, facts):
            return ForwardPlan(waits_for=waits_for)
        progress = tuple(f"progress-{decision.seq}" for decision in dossier.decisions) if self.reports_progress else ()
        sent = facts.get("dossier", "").partition(" ")[2]
        if not sent:
            files = tuple(f"file-{document.item_id}:{document.sha256[:16]}" for document in dossier.documents)
            return ForwardPlan(steps=("number", *files, "dossier", *progress))
        version = self._version(dossier)
        change = (f"change:{version}",) if version != sent else ()
        return ForwardPlan(steps=("number", "dossier", *progress, *change))

    def run(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepResult:
        """Do a step."""
        kind = step.partition(":")[0]
        if kind == "number":
            result = self.reserve(dossier)
            return StepResult("unknown", "number") if result.outcome == "done" and not result.fact else result
        if kind == "dossier":
            return self._sent(dossier, self.create(dossier, facts["number"], facts))
        if kind == "change":
            return StepResult("refused", "no-change", words=NO_CHANGE)
        if kind.startswith("progress-"):
            seq = int(kind.removeprefix("progress-"))
            return self.report(dossier, next(each for each in dossier.decisions if each.seq == seq), facts)
        document = next(each for each in dossier.documents if f"file-{each.item_id}" == kind)
        content = dossier.read_content(document.sha256)
        return StepResult("later", "file-gone") if content is None else self.upload(document, content)

    def verify(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepCheck:
        """Return whether a step is there.

        A number whose answer was lost is left unused, and an unused file stays unattached: both have no look-up.
        """
        kind = step.partition(":")[0]
        if kind == "number" and (number := facts.get("number")):
            return StepCheck("present", fact=number, official_no=number)
        if kind.startswith("progress-"):
            return StepCheck("untraceable")
        if kind != "dossier":
            return StepCheck("absent")
        if not self.has_look_up and facts.get("dossier"):
            return StepCheck("present")
        check = self.find(dossier, facts["number"])
        version = facts.get("dossier", "").partition(" ")[2] or self._version(dossier)
        return StepCheck("present", fact=f"{check.fact} {version}") if check.presence == "present" else check

    def connection(self) -> TargetConnection:
        """Return what it connects to."""
        return read_connection(self.mapping)

    def ask_token(self) -> ConnectionAnswer:
        """Sign in."""
        return connection_answer(self.session.sign_in())

    def read_catalogue(self) -> ConnectionAnswer:
        """Ask nothing, unless the system has a call for it."""
        return ConnectionAnswer(outcome="no-call")

    def look_up(self) -> ConnectionAnswer:
        """Ask nothing, unless the system has a call for it."""
        return ConnectionAnswer(outcome="no-call")

    def close(self) -> None:
        """Close the connection."""
        self.client.close()

    def file_facts(self, dossier: Dossier, facts: Mapping[str, str]) -> list[tuple[DocumentFile, dict[str, Any]]]:
        """Return each document with what the system said about its file."""
        return [(document, json.loads(facts[f"file-{document.item_id}"])) for document in dossier.documents]

    def unit_code(self, code: str) -> str:
        """Return the system's code of a unit; "" where the mapping has none."""
        return self.mapping.units[code].get("code") if code in self.mapping.units else ""

    def _waits_for(self, dossier: Dossier, facts: Mapping[str, str]) -> str:
        number = facts.get("number")
        if not self.unit_code(dossier.unit_code):
            return "unit"
        if dossier.procedure_code not in self.mapping.procedures:
            return "procedure"
        if number is None and dossier.official_no:
            return "number-typed"  # an officer may have filed it there already
        if number is not None and dossier.official_no not in (None, number):
            return "number-changed"
        return ""

    def _sent(self, dossier: Dossier, result: StepResult) -> StepResult:
        """Return the result of a creation with the content that was sent."""
        if result.outcome not in ("done", "unknown"):
            return result
        fact = f"{result.fact or '-'} {self._version(dossier)}" if result.outcome == "done" else ""
        return StepResult(result.outcome, result.code, fact=fact, words=result.words)

    def _version(self, dossier: Dossier) -> str:
        """Return a version of form and papers; what the desk decides later is no part of it."""
        papers = [(document.item_id, document.sha256) for document in dossier.documents]
        return sha256_hex(json.dumps([dossier.digest, papers]).encode())[:16]


def form_fields(names: Mapping[str, str], answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the answers that the mapping has a field for, as texts; others are not sent."""
    return {names[key]: answers[key] for key in sorted(names) if isinstance(answers.get(key), str) and answers[key]}
