"""Example of a target that a province writes for its own system, and the twin that examines it.

The system is made up: it reserves a number, takes files, takes a dossier, and starts it by an action. It shows what a
target needs: names of steps that change with what they send, a look-up for each step, results matched by id. A package
of a province names its own two openers as entry points (docs/gateway.md, "Forwarding").
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sync.encoding import sha256_hex
from sync.gateway.forward_targets import Dossier, ForwardPlan, StepCheck, StepResult
from sync.gateway.targets.json_call import JsonAnswer, JsonClient
from sync.gateway.targets.twin import (
    LINE_FAULTS,
    TWIN_SECONDS,
    TwinAnswer,
    TwinCounts,
    TwinFaults,
    TwinRequest,
    TwinServer,
    TwinState,
)
from sync.portals.http_client import HttpClient


class ExampleTarget:
    """Target with four kinds of step: `number`, `files`, `dossier`, `action`."""

    name = "example"

    def __init__(self, url: str, seconds: float = 6.0) -> None:
        self._url = url
        self._client = JsonClient(HttpClient(seconds=seconds))

    def plan(self, dossier: Dossier, facts: Mapping[str, str]) -> ForwardPlan:
        """Return the steps; a new revision or other files send the dossier again, never its number or its action."""
        files = sha256_hex(" ".join(document.sha256 for document in dossier.documents).encode())[:12]
        return ForwardPlan(steps=("number", f"files:{files}", f"dossier:{dossier.digest[:12]}-{files}", "action"))

    def run(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepResult:
        """Do a step."""
        kind = step.partition(":")[0]
        if kind == "number":
            return self._reserve(dossier)
        if kind == "files":
            return self._send_files(dossier)
        number = facts["number"]
        if kind == "dossier":
            content = {"receiptNo": dossier.receipt_no, "digest": dossier.digest, "files": json.loads(facts["files"])}
            return _done(self._client.write("POST", f"{self._url}/dossiers/{number}", content))
        return _done(self._client.write("POST", f"{self._url}/dossiers/{number}/action", {"action": "submit"}))

    def verify(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepCheck:
        """Look a step up."""
        kind = step.partition(":")[0]
        if kind == "files":
            return StepCheck("absent")  # files are named by their hash: sending one again changes nothing
        path = f"/receipts/{dossier.receipt_no}" if kind == "number" else f"/dossiers/{facts['number']}"
        answer = self._client.read("GET", self._url + path)
        if isinstance(answer, StepResult):
            return StepCheck("cannot_tell", answer.code)
        if not isinstance(answer.body, dict):
            return StepCheck("cannot_tell", "foreign-answer")
        return _compare(dossier, kind, answer.body, facts)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _reserve(self, dossier: Dossier) -> StepResult:
        answer = self._client.write("POST", f"{self._url}/numbers", {"receiptNo": dossier.receipt_no})
        if isinstance(answer, StepResult):
            return answer
        number = answer.body.get("number") if isinstance(answer.body, dict) else None
        return StepResult("done", fact=number, official_no=number) if number else StepResult("unknown", "no-number")

    def _send_files(self, dossier: Dossier) -> StepResult:
        files = [{"itemId": document.item_id, "sha256": document.sha256} for document in dossier.documents]
        answer = self._client.write("POST", f"{self._url}/files", files)
        if isinstance(answer, StepResult):
            return answer
        rows = answer.body if isinstance(answer.body, list) else []
        ids = self._match(files, rows)
        if set(ids) != {document.item_id for document in dossier.documents}:
            return StepResult("unknown", "files")
        return StepResult("done", fact=json.dumps(ids))

    def _match(self, files: list[dict[str, str]], rows: list[Any]) -> dict[str, str]:
        """Return the system's id of each document, matched by our id and never by position."""
        return {row["itemId"]: row["fileId"] for row in rows}


def _compare(dossier: Dossier, kind: str, there: Mapping[str, Any], facts: Mapping[str, str]) -> StepCheck:
    """Compare a step with what is there."""
    if kind == "number":
        number = there.get("number")
        return StepCheck("present", fact=number, official_no=number) if number else StepCheck("absent")
    if there.get("receiptNo") not in (None, dossier.receipt_no):
        return StepCheck("different", "other-dossier")
    if kind == "action":
        return StepCheck("present" if there.get("actions") else "absent")
    files = json.loads(facts["files"])  # the same form with another paper is another content
    is_same = there.get("digest") == dossier.digest and there.get("files") == files
    return StepCheck("present" if is_same else "absent")


def _done(answer: JsonAnswer | StepResult) -> StepResult:
    if isinstance(answer, StepResult):
        return answer
    if answer.status == 200:
        return StepResult("done")
    return StepResult("refused", str(answer.status), words=json.dumps(answer.body, ensure_ascii=False))


class ExampleTwin:
    """Twin of the made-up system; it answers files in another order, and takes a number or an action only once."""

    requests = ("number", "files", "dossier", "action", "receipt", "read")
    faults = LINE_FAULTS
    gives_number = True
    actions_each = 1
    takes_files = True
    takes_changes = True

    def __init__(self, folder: Path) -> None:
        self.faults_ahead = TwinFaults(self.faults)
        self._state = TwinState(
            folder / "example-twin.db",
            {
                "numbers": "number text, receipt text",
                "files": "id text primary key, item text, sha256 text",
                "dossiers": "number text primary key, receipt text, digest text, files text",
                "actions": "number text",
                "forbidden": "why text",
            },
        )
        self._server = TwinServer(self)

    def open_target(self) -> ExampleTarget:
        """Open the target that is examined."""
        return ExampleTarget(self._server.url, seconds=TWIN_SECONDS)

    def break_next(self, request: str, fault: str) -> None:
        """Let a fault strike the next request of a kind."""
        self.faults_ahead.break_next(request, fault)

    def break_often(self, rate: float) -> None:
        """Let a fault strike this share of all requests."""
        self.faults_ahead.break_often(rate)

    def count(self) -> TwinCounts:
        """Return what it holds and got."""
        with self._state.write() as db:
            held = [json.loads(row[0]) for row in db.execute("select files from dossiers")]
        return TwinCounts(
            dossiers=self._state.count("dossiers"),
            files=sum(map(len, held)),
            actions=self._state.count("actions"),
            forbidden=self._state.count("forbidden"),
        )

    def numbers(self) -> set[str]:
        """Return the official numbers."""
        with self._state.write() as db:
            return {row[0] for row in db.execute("select number from numbers")}

    def reset(self) -> None:
        """Delete all dossiers and counts."""
        self._state.clear()

    def close(self) -> None:
        """Stop answering."""
        self._server.close()

    def kind_of(self, request: TwinRequest) -> str:
        """Return the kind of a request."""
        first, *rest = request.path.strip("/").split("/")
        if request.method == "GET":
            return "receipt" if first == "receipts" else "read"
        if first == "dossiers":
            return "action" if len(rest) == 2 else "dossier"
        return "number" if first == "numbers" else "files"

    def answer(self, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request."""
        kind = self.kind_of(request)
        last = request.path.removesuffix("/action").rpartition("/")[2]
        with self._state.write() as db:
            if kind == "number":
                return _reserve_number(db, request.body["receiptNo"])
            if kind == "files":
                return TwinAnswer([_keep_file(db, item) for item in reversed(request.body)])
            if kind == "receipt":
                row = db.execute("select number from numbers where receipt = ?", [last]).fetchone()
                return TwinAnswer({"number": row[0] if row else None})
            if kind == "dossier":
                return _keep_dossier(db, last, request.body)
            if kind == "action":
                _forbid(db, "action", db.execute("select 1 from actions where number = ?", [last]).fetchone())
                db.execute("insert into actions values (?)", [last])
                return TwinAnswer({})
            return _read_dossier(db, last)


def _reserve_number(db: Any, receipt_no: str) -> TwinAnswer:
    _forbid(db, "number", db.execute("select 1 from numbers where receipt = ?", [receipt_no]).fetchone())
    count = db.execute("select count(*) from numbers").fetchone()[0]
    number = f"{count + 1:06d}-{sha256_hex(receipt_no.encode())[:6]}"
    db.execute("insert into numbers values (?, ?)", [number, receipt_no])
    return TwinAnswer({"number": number})


def _keep_file(db: Any, item: dict[str, str]) -> dict[str, str]:
    file_id = sha256_hex(f"{item['itemId']} {item['sha256']}".encode())[:16]
    db.execute("insert or ignore into files values (?, ?, ?)", [file_id, item["itemId"], item["sha256"]])
    return {"itemId": item["itemId"], "fileId": file_id}


def _keep_dossier(db: Any, number: str, body: dict[str, Any]) -> TwinAnswer:
    for item_id, file_id in body["files"].items():
        row = db.execute("select item from files where id = ?", [file_id]).fetchone()
        _forbid(db, "file of another document", row is None or row[0] != item_id)
    values = [number, body["receiptNo"], body["digest"], json.dumps(body["files"])]
    db.execute("insert or replace into dossiers values (?, ?, ?, ?)", values)
    return TwinAnswer({})


def _read_dossier(db: Any, number: str) -> TwinAnswer:
    row = db.execute("select receipt, digest, files from dossiers where number = ?", [number]).fetchone()
    if row is None:
        return TwinAnswer({})
    actions = db.execute("select count(*) from actions where number = ?", [number]).fetchone()[0]
    return TwinAnswer({"receiptNo": row[0], "digest": row[1], "files": json.loads(row[2]), "actions": actions})


def _forbid(db: Any, why: str, is_forbidden: object) -> None:
    if is_forbidden:
        db.execute("insert into forbidden values (?)", [why])
