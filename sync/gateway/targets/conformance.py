"""Conformance suite of forward targets: every request with every fault, a kill at every labelled point, and a long run.

The suite forwards made-up dossiers through a gateway of its own to a twin, breaks one request or ends the process, and
lets the gateway go on. At the end the twin must hold one dossier, each file once, each action once, and the official
number that the gateway knows; and it must have got no request that its system forbids.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sync.encoding import sha256_hex
from sync.gateway import events, files, forward_steps, forwarding, kiosks, submissions
from sync.gateway.app import create_app
from sync.gateway.context import GatewayContext
from sync.gateway.forward_worker import ForwardWorker
from sync.gateway.forwarding import ForwardPace
from sync.gateway.kiosks import Kiosk
from sync.gateway.settings import Enrolment, GatewaySettings
from sync.gateway.submissions import BatchContext
from sync.gateway.targets.twin import PROCEDURE_CODE, UNIT_CODE, TargetTwin
from sync.parcel import FileChunk

POINTS = ("begun", "answered", "verified")
_MAX_ROUNDS = 60
_PACE = ForwardPace(interval=0.0, lease=60.0, first=30.0, longest=100.0, slow_first=1.0, slow_longest=5.0)
_KIOSK = Kiosk("PK03", UNIT_CODE)
_LONG_NAME = "Tôn Nữ " + "Thị Mẫu " * 24


class Killed(BaseException):
    """The process ends at a labelled point; nothing of it goes on."""


@dataclass(frozen=True)
class CaseResult:
    """A case of the suite by name, and what was wrong; nothing if it passed."""

    name: str
    problems: tuple[str, ...]


class ExaminedGateway:
    """A gateway without a server, with a clock that the suite moves."""

    def __init__(self, folder: Path) -> None:
        self.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        self._numbers = 0
        self._ids = 0
        app = create_app(
            GatewaySettings(
                database=str(folder / "examined.db"),
                now=lambda: self.now,
                token=self._made_up_id,
                practice=True,
            )
        )
        self.context: GatewayContext = app.extensions["gateway"]
        with self.context.engine.begin() as db:
            enrolment = Enrolment("ABCDE-FGHJK", _KIOSK.kiosk_id, UNIT_CODE)
            kiosks.add_code(db, enrolment, self.now, may_replace=False)
            kiosks.enrol(db, enrolment, bytes(32), self.now)

    def submit(self, *, has_number: bool, file_count: int, full_name: str = "Lê Văn Thử") -> str:
        """Receive a dossier with files, accepted by the desk; return its submission's id."""
        self._numbers += 1
        subject = self._made_up_id()
        contents = [f"scan {subject} {n}".encode() for n in range(file_count)]
        body = _body(subject, self._numbers, full_name)
        body["documents"] = [_document(self._made_up_id(), n, content) for n, content in enumerate(contents)]
        number = {"officialNo": f"{UNIT_CODE}-261124-{self._numbers:04d}"} if has_number else {}
        with self.context.engine.begin() as db:
            self._receive(db, body)
            for content in contents:
                key = files.FileKey(_KIOSK.kiosk_id, sha256_hex(content))
                files.append_piece(db, key, FileChunk(0, content, is_last=True), self.now)
            self._decide(db, subject, 1, "accepted", **number)
        return subject

    def correct(self, subject: str) -> str:
        """Receive a correction of a dossier, and accept it."""
        correction = self._made_up_id()
        with self.context.engine.begin() as db:
            row = self._find(db, subject)
            body = _body(correction, self._numbers, "Hồ Thị Mẫu")
            self._receive(db, {**body, "revision": 2, "supersedes": subject, "receiptNo": row.receipt_no})
            self._decide(db, correction, 2, "accepted")
        return correction

    def add_paper(self, subject: str) -> None:
        """Receive a paper that the desk has scanned for an accepted dossier."""
        content = f"later scan {subject}".encode()
        with self.context.engine.begin() as db:
            self._decide(db, subject, 2, "document", document=_document(self._made_up_id(), 9, content))
            key = files.FileKey(_KIOSK.kiosk_id, sha256_hex(content))
            files.append_piece(db, key, FileChunk(0, content, is_last=True), self.now)
            receipt_no = self._find(db, subject).receipt_no
            forwarding.on_files_complete(db, kiosk_id=_KIOSK.kiosk_id, receipts=[receipt_no], now=self.now)

    def states(self) -> dict[str, int]:
        """Return the number of forwards by state."""
        with self.context.engine.begin() as db:
            return {state: count for state, count in forwarding.count_by_state(db).items() if count}

    def redeliver(self, subject: str) -> None:
        """Let every step of a dossier be verified again."""
        with self.context.engine.begin() as db:
            row = self._find(db, subject)
            forwarding.redeliver(db, _KIOSK.kiosk_id, row.receipt_no, self.now)

    def file_by_hand(self, subject: str) -> None:
        """Record that a person has changed a dossier at the other side."""
        with self.context.engine.begin() as db:
            row = self._find(db, subject)
            forwarding.file_by_hand(db, row, str(row.official_no), self.now)

    def official_no(self, subject: str) -> str | None:
        """Return the official number that the gateway knows."""
        with self.context.engine.begin() as db:
            official_no: str | None = self._find(db, subject).official_no
            return official_no

    def doubtful(self, subjects: list[str]) -> int:
        """Return the number of steps of these dossiers of which nobody knows."""
        count = 0
        with self.context.engine.begin() as db:
            for subject in subjects:
                row = self._find(db, subject)
                steps = forward_steps.list_steps(db, _KIOSK.kiosk_id, row.receipt_no)
                count += sum(step.state == "doubtful" for step in steps)
        return count

    def _made_up_id(self) -> str:
        """Return another id each time, in the form of a UUID."""
        self._ids += 1
        digits = sha256_hex(str(self._ids).encode())
        return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-8{digits[15:18]}-{digits[18:30]}"

    def _find(self, db: Any, subject: str) -> Any:
        """Return a dossier of the suite's own."""
        row = submissions.find_submission(db, _KIOSK, subject)
        if row is None:
            raise LookupError(subject)
        return row

    def _receive(self, db: Any, body: dict[str, Any]) -> None:
        text = json.dumps(body, ensure_ascii=False)
        envelope = {"submissionId": body["submissionId"], "digest": sha256_hex(text.encode()), "body": text}
        batch = BatchContext(_KIOSK, self.now, "practice")
        result = submissions.receive_submissions(db, batch, [envelope])[0]
        if result["outcome"] != "created":
            raise ValueError(f"the made-up dossier was not taken: {result}")

    def _decide(self, db: Any, subject: str, seq: int, kind: str, **members: object) -> None:
        event = {
            "eventId": self._made_up_id(),
            "submissionId": subject,
            "seq": seq,
            "kind": kind,
            "officer": "CB01",
            "at": f"2026-11-24T09:{seq:02d}:00+07:00",
            **members,
        }
        events.receive_events(db, BatchContext(_KIOSK, self.now, "practice"), [event])


class ConformanceSuite:
    """Examines the target of a twin; `folder` takes the gateway's store."""

    def __init__(self, twin: TargetTwin, folder: Path) -> None:
        self._twin = twin
        self.gateway = ExaminedGateway(folder)

    def run(self, dossiers: int = 100) -> Iterator[CaseResult]:
        """Run every case, the long run with so many dossiers at the end."""
        yield self._case("no fault")
        for request in self._twin.requests:
            for fault in self._twin.faults:
                yield self._case(f"{fault} at {request}", request=request, fault=fault)
        yield from self._kill_cases()
        yield self._case("a name of 200 letters", full_name=_LONG_NAME[:200])
        yield self._case("without files", file_count=0)
        yield self._correction_case()
        yield self._late_paper_case()
        yield self._long_run(dossiers)

    def close(self) -> None:
        """Close the gateway."""
        self.gateway.context.close()

    def _kill_cases(self) -> Iterator[CaseResult]:
        for point in POINTS:
            for turn in range(1, len(self._twin.requests) + 1):
                yield self._case(f"killed when {point}, time {turn}", kill=(point, turn))
        for request in self._twin.requests:
            yield self._case(f"lost at {request}, then killed", request=request, fault="lost", kill=("verified", 1))

    def _case(
        self,
        name: str,
        *,
        request: str = "",
        fault: str = "",
        kill: tuple[str, int] | None = None,
        file_count: int = 2,
        **changes: str,
    ) -> CaseResult:
        self._twin.reset()
        subject = self.gateway.submit(has_number=not self._twin.gives_number, file_count=file_count, **changes)
        if fault:
            self._twin.break_next(request, fault)
        self.forward(kill)
        problems = self.problems([subject], file_count)
        self.gateway.redeliver(subject)
        self.forward()
        problems += [f"sent again: {problem}" for problem in self.problems([subject], file_count)]
        return CaseResult(name, tuple(problems))

    def _correction_case(self) -> CaseResult:
        self._twin.reset()
        subject = self.gateway.submit(has_number=not self._twin.gives_number, file_count=1)
        self.forward()
        self.gateway.correct(subject)
        if not self._takes_changes:
            return self._person_case("corrected, by a person", subject, decisions=2)
        self._twin.break_next("dossier", "lost")
        self.forward()
        counts = self._twin.count()
        problems = [f"{counts.dossiers} dossiers"] * (counts.dossiers != 1)
        problems += [f"{counts.forbidden} forbidden requests"] * bool(counts.forbidden)
        return CaseResult("corrected, answer lost", tuple(problems))

    def _late_paper_case(self) -> CaseResult:
        """Add a paper to a dossier that is there, and break the request before it has an effect."""
        self._twin.reset()
        subject = self.gateway.submit(has_number=not self._twin.gives_number, file_count=1)
        self.forward()
        self.gateway.add_paper(subject)
        if not self._takes_changes:
            return self._person_case("a later paper, by a person", subject, decisions=1)
        self._twin.break_next("dossier", "down")
        self.forward()
        return CaseResult("a later paper, connection lost", tuple(self.problems([subject], 2)))

    @property
    def _takes_changes(self) -> bool:
        return getattr(self._twin, "takes_changes", True)

    def _person_case(self, name: str, subject: str, decisions: int) -> CaseResult:
        """Check that a change which the system cannot take waits for a person and sends nothing."""
        self.forward()
        states = self.gateway.states()
        problems = [f"no person is asked: {states}"] * (states.get("refused") != 1)
        self.gateway.file_by_hand(subject)
        return CaseResult(name, (*problems, *self.problems([subject], 1, decisions)))

    def _long_run(self, dossiers: int) -> CaseResult:
        self._twin.reset()
        self._twin.break_often(0.05)
        has_number = not self._twin.gives_number
        subjects = [self.gateway.submit(has_number=has_number, file_count=1) for _ in range(dossiers)]
        self.forward(rounds=dossiers * 4 + _MAX_ROUNDS)
        self._twin.break_often(0.0)
        return CaseResult(f"{dossiers} dossiers, 5 % faults", tuple(self.problems(subjects, 1)))

    def forward(self, kill: tuple[str, int] | None = None, rounds: int = _MAX_ROUNDS) -> None:
        """Forward until nothing is due; a killed process is followed by a new one after its lease."""
        reached = _killer(kill) if kill else None
        target = self._twin.open_target()
        for _ in range(rounds):
            worker = ForwardWorker(self.gateway.context, target, _PACE, reached)
            try:
                while worker.step():
                    pass
            except Killed:
                target.close()
                target = self._twin.open_target()
                reached = None
            if not {"due", "sending"} & set(self.gateway.states()):
                break
            self.gateway.now += timedelta(seconds=101)
        target.close()

    def problems(self, subjects: list[str], file_count: int, decisions: int = 1) -> list[str]:
        """Compare what the twin holds with what it must hold after so many acceptances of each dossier."""
        counts = self._twin.count()
        actions = self._twin.actions_each * len(subjects) * decisions
        doubtful = self.gateway.doubtful(subjects)
        expected_files = file_count * len(subjects) if self._twin.takes_files else 0
        problems = []
        if open_states := {state: n for state, n in self.gateway.states().items() if state not in ("done", "dropped")}:
            problems.append(f"not forwarded: {open_states}")
        if counts.dossiers != len(subjects):
            problems.append(f"{counts.dossiers} dossiers instead of {len(subjects)}")
        if counts.files != expected_files:
            problems.append(f"{counts.files} files instead of {expected_files}")
        if not actions - doubtful <= counts.actions <= actions:
            problems.append(f"{counts.actions} actions instead of {actions}")
        if counts.forbidden:
            problems.append(f"{counts.forbidden} forbidden requests")
        numbers = {self.gateway.official_no(subject) for subject in subjects}
        if self._twin.numbers() and self._twin.numbers() != numbers:
            problems.append("other official numbers than there")
        return problems


def _killer(kill: tuple[str, int]) -> Callable[[str], None]:
    """Return a function that ends the process when a point is reached for the nth time."""
    point, turn = kill
    seen = 0

    def reached(name: str) -> None:
        nonlocal seen
        seen += name == point
        if name == point and seen == turn:
            raise Killed

    return reached


def _body(subject: str, n: int, name: str) -> dict[str, Any]:
    """Return the body of a made-up birth registration."""
    return {
        "submissionId": subject,
        "kioskId": _KIOSK.kiosk_id,
        "receiptNo": f"{_KIOSK.kiosk_id}-261124-{n:04d}-F",
        "revision": 1,
        "supersedes": None,
        "unitCode": UNIT_CODE,
        "procedureCode": PROCEDURE_CODE,
        "channel": "counter",
        "mode": "practice",
        "completedAt": "2026-11-24T08:31:00+07:00",
        "clockTrusted": True,
        "applicant": {"fullName": name, "idType": "cccd", "idNumber": f"0460{n:08d}"},
        "form": {"formId": "khai-sinh", "formVersion": "1", "answers": {"ho_ten": name}},
    }


def _document(item_id: str, n: int, content: bytes) -> dict[str, Any]:
    file = {"sha256": sha256_hex(content), "size": len(content), "mediaType": "image/jpeg"}
    return {"itemId": item_id, "documentCode": f"giay_{n}", "name": f"Giấy {n}", "file": file}
