"""Adapter of the national portal's dossier service (DongBoHoSoMC), as provinces' integration platforms pass it on.

The key is the official number (MaHoSo): a dossier without one waits for the desk. Insert or update is decided by a
look-up just before, so sending a dossier again is safe; a failed look-up is never "not there". A line of progress has
no key and no look-up: after a lost answer it is not repeated but marked as doubtful, because the dossier carries its
status itself. Sources and what was never tried live: docs/portals.md.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from sync.encoding import sha256_hex
from sync.gateway.forward_targets import (
    ConnectionAnswer,
    DocumentFile,
    Dossier,
    ForwardPlan,
    SentDossier,
    StateAnswer,
    StepCheck,
    StepResult,
    TargetConnection,
)
from sync.gateway.targets.dvcqg_items import dossier_item, paper_address, progress_item, read_time
from sync.gateway.targets.json_call import JsonAnswer, JsonClient, connection_answer, says
from sync.gateway.targets.mapping import (
    BadMapping,
    MappingFields,
    TargetMapping,
    check_mapping,
    read_connection,
)
from sync.gateway.targets.numbered import DRY_NUMBER
from sync.portals.http_client import HttpClient, require_https

FIELDS = MappingFields(
    service={
        "url": str,
        "login": str,
        "integration": str,
        "share": str,
        "account": str,
        "password_file": str,
        "dstcode": str,
        "envelope": str,
        "files": str,
        "ca": str,
        "seconds": float,
    },
    required=frozenset({"url", "login", "integration", "account", "password_file", "dstcode"}),
    units=frozenset({"code", "name"}),
    procedures=frozenset({"code", "name", "field_code", "field_name"}),
    fees=frozenset({"code", "kind"}),
)
ENVELOPES = ("session", "array")
STATUS_CODES = {str(code): code for code in range(1, 11)}
"""`TrangThaiHoSo` as the service writes it -> our code; every other one is left out."""
_EXISTS = "đã tồn tại"
_SUCCESS = "thành công"
_SESSION_WORDS = ("session", "phiên", "đăng nhập", "token")
_FOUND = "found"
_NOT_SIGNED_IN = (203, 401, 403)


class DvcqgTarget:
    """Target with the steps `dossier` (insert or update) and `progress-<n>` (a line for each decision of the desk)."""

    def __init__(self, mapping: TargetMapping) -> None:
        connection = read_connection(mapping)
        self.name = mapping.name
        self._mapping = mapping
        self._password = connection.secret
        self._session = ""
        headers = {"Charset": "utf-8", "dstcode": mapping.service["dstcode"]}
        self._client = JsonClient(HttpClient(ca=connection.ca, seconds=connection.seconds), headers)

    def plan(self, dossier: Dossier, facts: Mapping[str, str]) -> ForwardPlan:
        """Return the steps, or what is missing: the official number, or a row of the mapping."""
        if not self._row_code("units", dossier.unit_code):
            return ForwardPlan(waits_for="unit")
        if dossier.procedure_code not in self._mapping.procedures:
            return ForwardPlan(waits_for="procedure")
        if not dossier.official_no:
            return ForwardPlan(waits_for="official-number")
        if dossier.is_number_taken:
            return ForwardPlan(waits_for="number-taken")  # an update would write this dossier over the other one
        if facts.get("dossier", dossier.official_no) != dossier.official_no:
            return ForwardPlan(waits_for="number-changed")  # the portal has it under the former number
        content = json.dumps(dossier_item(dossier, self._mapping), sort_keys=True)
        progress = tuple(f"progress-{decision.seq}" for decision in dossier.decisions)
        return ForwardPlan(steps=(f"dossier:{sha256_hex(content.encode())[:16]}", *progress))

    def run(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepResult:
        """Insert or update a dossier, or add a line of progress."""
        if step.startswith("progress-"):
            seq = int(step.removeprefix("progress-"))
            decision = next(decision for decision in dossier.decisions if decision.seq == seq)
            data = [progress_item(dossier, decision)]
            return _result(self._write(dossier, "CapNhatTienDoHoSoMC", {"data": data}))
        result = self._insert_or_update(dossier)
        return replace(result, fact=dossier.official_no or "")

    def _insert_or_update(self, dossier: Dossier) -> StepResult:
        presence = self._look_up(dossier)
        if isinstance(presence, StepResult):
            return presence
        answer = self._send(dossier, is_update=presence == _FOUND)
        if isinstance(answer, JsonAnswer) and presence != _FOUND and says(_message(answer), _EXISTS):
            answer = self._send(dossier, is_update=True)  # another system has inserted it since the look-up
        return _result(answer)

    def verify(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepCheck:
        """Return `absent` for a dossier: `run` looks it up and replaces what is there; progress has no look-up."""
        return StepCheck("untraceable" if step.startswith("progress-") else "absent")

    def read_state(self, dossier: SentDossier) -> StateAnswer:
        """Look a dossier up; no public program shows what a look-up answers besides the number."""
        if not dossier.official_no or not self._row_code("units", dossier.unit_code):
            return StateAnswer(outcome="unknown", code="no-number")
        rows = self._find_rows(dossier.unit_code, dossier.official_no)
        if isinstance(rows, StepResult):
            return StateAnswer(outcome="later", code=rows.code)
        found = [row for row in rows if _number(row) == dossier.official_no]
        if len(found) != 1:
            return StateAnswer(outcome="unknown", code="absent")
        code = _member(found[0], "trangthaihoso")
        return StateAnswer(
            outcome="known",
            status_code=STATUS_CODES.get(code),
            official_no=dossier.official_no,
            due_at=read_time(_member(found[0], "ngayhentra")),
        )

    def connection(self) -> TargetConnection:
        """Return what it connects to."""
        return read_connection(self._mapping)

    def ask_token(self) -> ConnectionAnswer:
        """Sign in."""
        return connection_answer(self._sign_in())

    def read_catalogue(self) -> ConnectionAnswer:
        """Ask nothing: no public program shows a call for it."""
        return ConnectionAnswer(outcome="no-call")

    def look_up(self) -> ConnectionAnswer:
        """Look up a number that no dossier has, for the first unit of the mapping."""
        unit = next(iter(self._mapping.units), "")
        rows = self._find_rows(unit, DRY_NUMBER) if unit else StepResult("later", "no-unit")
        return connection_answer(rows if isinstance(rows, StepResult) else None)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _row_code(self, table: str, code: str) -> str:
        rows: Mapping[str, Any] = getattr(self._mapping, table)
        return rows[code].get("code") if code in rows else ""

    def _look_up(self, dossier: Dossier) -> str | StepResult:
        """Return whether the service has a dossier: `found` or `absent`; a failure is `later`, never `absent`."""
        rows = self._find_rows(dossier.unit_code, dossier.official_no)
        if isinstance(rows, StepResult):
            return rows
        if not rows:
            return "absent"
        numbers = {_number(row) for row in rows}
        if dossier.official_no in numbers:
            return _FOUND
        return StepResult("refused", "other-dossier", words=f"TraCuuHoSo: {len(numbers)}")

    def _find_rows(self, unit_code: str, number: str | None) -> list[Any] | StepResult:
        """Return the rows of a look-up; its failure is `later`."""
        content = {"service": "TraCuuHoSo", "mahoso": number}
        answer = self._exchange(unit_code, content, is_reading=True)
        if isinstance(answer, StepResult):
            return StepResult("later", answer.code, retry_after=answer.retry_after, words=answer.words)
        if _error_code(answer) != 0:
            return StepResult("later", "look-up", words=_message(answer))
        rows = answer.body.get("result", answer.body.get("data")) or []
        return rows if isinstance(rows, list) else [rows]

    def _send(self, dossier: Dossier, *, is_update: bool) -> JsonAnswer | StepResult:
        content = {"isUpdating": "True" if is_update else "False", "data": [dossier_item(dossier, self._mapping)]}
        return self._write(dossier, "DongBoHoSoMC", content)

    def _write(self, dossier: Dossier, service: str, content: dict[str, Any]) -> JsonAnswer | StepResult:
        return self._exchange(dossier.unit_code, {"service": service, **content}, is_reading=False)

    def _exchange(self, unit_code: str, content: dict[str, Any], *, is_reading: bool) -> JsonAnswer | StepResult:
        """Send a request with a session; after an expired one sign in once more."""
        words = ""
        for _ in range(2):
            failure = self._sign_in() if not self._session else None
            if failure is not None:
                return failure
            answer = self._post(unit_code, content, is_reading=is_reading)
            if isinstance(answer, StepResult):
                return answer
            if answer.status == 200 and not _is_session_error(answer):
                return answer
            if answer.status not in (200, *_NOT_SIGNED_IN):
                return StepResult("refused", str(answer.status), words=_message(answer))
            self._session = ""
            words = _message(answer)
        return StepResult("later", "session", words=words)

    def _post(self, unit_code: str, content: dict[str, Any], *, is_reading: bool) -> JsonAnswer | StepResult:
        service = self._mapping.service
        path = service.get("share") or service["integration"] if is_reading else service["integration"]
        url = service["url"] + path
        unit = self._row_code("units", unit_code)
        if service.get("envelope") == "array" and not is_reading:
            url += f"/{content['service']}?MaDinhDanhDV={quote(unit)}"
            url += f"&isUpdating={content['isUpdating']}" if "isUpdating" in content else ""
            return self._client.write("POST", url, content["data"])
        envelope = {"session": self._session, "madonvi": unit, **content}
        return self._client.read("POST", url, envelope) if is_reading else self._client.write("POST", url, envelope)

    def _sign_in(self) -> StepResult | None:
        service = self._mapping.service
        content = {"username": service["account"], "password": self._password}
        answer = self._client.read("POST", service["url"] + service["login"], content)
        if isinstance(answer, StepResult):
            return answer
        session = answer.body.get("session") if isinstance(answer.body, dict) else None
        if answer.status != 200 or _error_code(answer) != 0 or not isinstance(session, str) or not session:
            return StepResult("later", "sign-in", words=_message(answer))
        self._session = session
        return None


def open_target(content: Mapping[str, Any]) -> DvcqgTarget:
    """Open the target of a mapping file.

    Raises:
        BadMapping: the mapping cannot be used.
        BadPortal: the address has no https.
    """
    mapping = check_mapping(content, FIELDS)
    service = mapping.service
    if service.get("envelope", ENVELOPES[0]) not in ENVELOPES:
        raise BadMapping(f"service.envelope: {' or '.join(ENVELOPES)}")
    require_https(service["url"])
    try:
        paper_address(mapping, DocumentFile(item_id="", document_code="", name="", sha256="", size=0, media_type=""))
    except (LookupError, ValueError):
        raise BadMapping("service.files: {item} and {sha256} are the only braces") from None
    return DvcqgTarget(mapping)


def _result(answer: JsonAnswer | StepResult) -> StepResult:
    """Return the result of a writing request: only error code 0, without words of a conflict, is success."""
    if isinstance(answer, StepResult):
        return answer
    code = _error_code(answer)
    words = _message(answer)
    if code is None:
        return StepResult("unknown", "foreign-answer")
    if code == 0 and not says(words, _EXISTS) and (not words or says(words, _SUCCESS)):
        return StepResult("done")
    return StepResult("refused", f"error{code}", words=words)


def _error_code(answer: JsonAnswer) -> int | None:
    """Return the error code, which comes as number and as text; None for an answer that has none."""
    code = answer.body.get("error_code") if isinstance(answer.body, dict) else None
    try:
        return int(code) if isinstance(code, int | str) else None
    except ValueError:
        return None


def _message(answer: JsonAnswer) -> str:
    message = answer.body.get("message") if isinstance(answer.body, dict) else None
    return message if isinstance(message, str) else ""


def _is_session_error(answer: JsonAnswer) -> bool:
    words = _message(answer).lower()
    return _error_code(answer) not in (0, None) and any(word in words for word in _SESSION_WORDS)


def _number(row: Any) -> str:
    """Return the official number of a row of a look-up."""
    return _member(row, "mahoso")


def _member(row: Any, name: str) -> str:
    """Return a member of a row of a look-up as text, whatever the case of its key."""
    if not isinstance(row, dict):
        return ""
    return next((str(value) for key, value in row.items() if key.lower() == name), "")
