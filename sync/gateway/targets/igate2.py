"""Adapter of VNPT iGate 2: token of its realm, ids of the catalogue, number, files, dossier; found again by its number.

Paths and fields are from one public program of 2025. The shapes of the catalogue's and the search's answers, and the
member that holds the reserved number, are inferred; a mapping can name the ids itself, and then no catalogue is asked.
Never tried live: docs/portals.md.
"""

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from sync.gateway.forward_targets import (
    ConnectionAnswer,
    DeskDecision,
    DocumentFile,
    Dossier,
    SentDossier,
    StateAnswer,
    StepCheck,
    StepResult,
)
from sync.gateway.targets.json_call import FilePart, JsonAnswer, JsonClient, TokenSession, connection_answer, words_of
from sync.gateway.targets.mapping import MappingFields, TargetMapping, check_mapping, read_connection
from sync.gateway.targets.numbered import DRY_NUMBER, MAX_NUMBER, NumberedTarget, form_fields
from sync.portals.http_client import HttpClient, require_https

REALM_PATH = "/auth/realms/digo/protocol/openid-connect/token"
CATALOGUE_SECONDS = 86400.0
CATALOGUE_CHECK_SECONDS = 30.0
"""Limit of the examination of all procedures: a request for each, and one for each in each unit."""
FIELDS = MappingFields(
    service={
        "url": str,
        "sign_in": str,
        "client_id": str,
        "password_file": str,
        "account_id": str,
        "number_field": str,
        "ca": str,
        "seconds": float,
    },
    required=frozenset({"url", "sign_in", "client_id", "password_file", "account_id"}),
    units=frozenset({"id", "code", "name"}),
    procedures=frozenset({"id", "code", "process", "eform", "pattern", "receiving"}),
    fees=frozenset(),
)
_PERSON = {"fullname": "fullName", "identityNumber": "idNumber", "birthday": "bornOn", "phoneNumber": "phone"}


class IGateSession(TokenSession):
    """Token of the realm by client credentials, as a form."""

    def __init__(self, client: JsonClient, url: str, client_id: str, secret: str) -> None:
        super().__init__()
        self._client = client
        self._url = url
        self._fields = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}

    def ask(self) -> JsonAnswer | StepResult:
        """Ask for a token."""
        return self._client.read_form(self._url, self._fields)


class IGateTarget(NumberedTarget):
    """Target of VNPT iGate 2; ids of its catalogue are kept for a day."""

    def __init__(self, mapping: TargetMapping, client: JsonClient, session: TokenSession) -> None:
        super().__init__(mapping, client, session)
        self._catalogue: dict[str, tuple[float, Any]] = {}

    def reserve(self, dossier: Dossier) -> StepResult:
        """Reserve a number of the unit's and procedure's pattern."""
        pattern = self._pattern(dossier.unit_code, dossier.procedure_code)
        if isinstance(pattern, StepResult):
            return pattern
        path = f"bt/pattern/{quote(pattern, safe='')}/--get-next-value?"
        url = self._url(path + urlencode({"code": self.unit_code(dossier.unit_code)}))
        answer = self.session.exchange(lambda headers: self.client.write("PUT", url, None, headers))
        if isinstance(answer, StepResult):
            return answer
        number = answer.body.get("value") if isinstance(answer.body, dict) else answer.body
        if not isinstance(number, str) or not 0 < len(number) <= MAX_NUMBER:
            return StepResult("unknown", "number")
        return StepResult("done", fact=number, official_no=number)

    def upload(self, document: DocumentFile, content: bytes) -> StepResult:
        """Send a file; one that was stored with another size is sent again."""
        fields = {"account-id": self.mapping.service["account_id"]}
        part = FilePart(name=document.name, content=content, media_type=document.media_type, fields=fields)
        url = self._url("fi/file/--multiple?uuid=1")
        answer = self.session.exchange(lambda headers: self.client.write_file(url, "files", part, headers))
        if isinstance(answer, StepResult):
            return answer
        try:
            (file,) = answer.body
            kept = {"id": str(file["id"]), "filename": str(file["filename"])[:200], "size": int(file["size"])}
        except (LookupError, TypeError, ValueError):
            return StepResult("unknown", "file")
        return (
            StepResult("done", fact=json.dumps(kept)) if kept["size"] == len(content) else StepResult("unknown", "file")
        )

    def create(self, dossier: Dossier, number: str, facts: Mapping[str, str]) -> StepResult:
        """Submit the dossier with its number and files."""
        process = self._process(dossier.procedure_code)
        if isinstance(process, StepResult):
            return process
        content = self._dossier_item(dossier, facts, process) | {self._number_field: number}
        url = self._url("pa/dossier/--apply-online/")
        answer = self.session.exchange(lambda headers: self.client.write("POST", url, content, headers))
        if isinstance(answer, StepResult):
            return answer
        there = answer.body if isinstance(answer.body, dict) else {}
        if not there.get("id"):
            return StepResult("unknown", "foreign-answer", words=words_of(answer, "message"))
        if there.get("code") not in (None, number):
            return StepResult("refused", "other-dossier", words=words_of(answer, "message"))
        return StepResult("done", fact=str(there["id"]))

    def find(self, dossier: Dossier, number: str) -> StepCheck:
        """Search by the number; a search that fails is never "not there"."""
        rows = self._search(number)
        if isinstance(rows, StepResult):
            return StepCheck("cannot_tell", rows.code)
        found = [str(row.get("id")) for row in rows if isinstance(row, dict) and row.get("code") == number]
        if len(found) > 1:
            return StepCheck("different", "other-dossier")
        return StepCheck("present", fact=found[0]) if found else StepCheck("absent")

    def read_catalogue(self) -> ConnectionAnswer:
        """Ask for the process of each procedure, and for its pattern of numbers in each unit, unless its row has them.

        Each procedure is asked for with the first unit, then the other units one procedure after the other. What is
        left when the time is over is counted in `not_asked`.
        """
        ends = time.monotonic() + CATALOGUE_CHECK_SECONDS
        first = next(iter(self.mapping.units), "")
        pairs = [(unit, code) for code in self.mapping.procedures for unit in self.mapping.units]
        pairs.sort(key=lambda pair: pair[0] != first)
        missing: dict[str, list[str]] = {}
        for index, (unit, code) in enumerate(pairs):
            if time.monotonic() > ends:
                is_each_asked = index >= len(self.mapping.procedures)
                return self._catalogue_answer(missing, len(pairs) - index if is_each_asked else None)
            pattern = self._pattern(unit, code)
            process = self._process(code)
            failures = [found for found in (pattern, process) if isinstance(found, StepResult)]
            if any(failure.outcome != "refused" for failure in failures):
                return connection_answer(next(failure for failure in failures if failure.outcome != "refused"))
            if failures:
                missing.setdefault(code, []).append(unit)
        return self._catalogue_answer(missing, 0)

    def _catalogue_answer(self, missing: Mapping[str, list[str]], not_asked: int | None) -> ConnectionAnswer:
        """Return the answer; `missing`: units by procedure; `not_asked`: None when procedures are left too."""
        code = "catalogue" if missing else "deadline" if not_asked is None else ""
        return ConnectionAnswer(
            outcome="failed" if code else "ok",
            code=code,
            count=len(self.mapping.procedures),
            missing=tuple(f"{procedure} ({', '.join(units)})" for procedure, units in missing.items()),
            not_asked=not_asked or 0,
        )

    def look_up(self) -> ConnectionAnswer:
        """Search for a number that no dossier has."""
        rows = self._search(DRY_NUMBER)
        return connection_answer(rows if isinstance(rows, StepResult) else None)

    def _search(self, number: str) -> list[Any] | StepResult:
        url = self._url("pa/dossier/search?" + urlencode({"code": number, "spec": "slice"}))
        answer = self.session.exchange(lambda headers: self.client.read("GET", url, None, headers))
        if isinstance(answer, StepResult):
            return answer
        rows = answer.body.get("content") if isinstance(answer.body, dict) else answer.body
        return rows if isinstance(rows, list) else StepResult("later", "foreign-answer")

    def report(self, dossier: Dossier, decision: DeskDecision, facts: Mapping[str, str]) -> StepResult:
        """Send nothing: no public program shows a call for it."""
        return StepResult("refused", "no-progress")

    def read_state(self, dossier: SentDossier) -> StateAnswer:
        """Read a dossier by its id there; its state is a word that the mapping translates."""
        dossier_id = dossier.facts.get("dossier", "").partition(" ")[0].removeprefix("-")
        if not dossier_id:
            return StateAnswer(outcome="unknown", code="no-id")
        url = self._url(f"pa/dossier/{quote(dossier_id, safe='')}/--online")
        answer = self.session.exchange(lambda headers: self.client.read("GET", url, None, headers))
        if isinstance(answer, StepResult):
            return StateAnswer(outcome="unknown" if answer.code == "404" else "later", code=answer.code)
        there = answer.body if isinstance(answer.body, dict) else {}
        if there.get("code") != dossier.facts.get("number"):
            return StateAnswer(outcome="unknown", code="other-dossier")
        state = there.get("dossierStatus")
        word = state.get("id") if isinstance(state, dict) else state
        name = state.get("name") if isinstance(state, dict) else None
        return StateAnswer(
            outcome="known",
            status_code=self.mapping.status_code(str(word)),
            official_no=there["code"],
            words=name if isinstance(name, str) else "",
        )

    @property
    def _number_field(self) -> str:
        return str(self.mapping.service.get("number_field") or "code")

    def _url(self, path: str) -> str:
        return f"{self.mapping.service['url'].rstrip('/')}/{path}"

    def _pattern(self, unit_code: str, procedure_code: str) -> str | StepResult:
        """Return the id of the pattern of numbers."""
        row = self.mapping.procedures[procedure_code]
        if row.get("pattern"):
            return row.get("pattern")
        query = {"agency-id": self.mapping.units[unit_code].get("id"), "procedure-id": row.get("id")}
        found = self._look_up("bd/config/get-pattern?" + urlencode(query))
        if isinstance(found, StepResult):
            return found
        return str(found["id"]) if found.get("id") else StepResult("refused", "catalogue")

    def _process(self, procedure_code: str) -> tuple[str, str] | StepResult:
        """Return the ids of the process and of its e-form."""
        row = self.mapping.procedures[procedure_code]
        if row.get("process"):
            return row.get("process"), row.get("eform")
        found = self._look_up("bd/procedure-process-definition?" + urlencode({"procedure-id": row.get("id")}))
        if isinstance(found, StepResult):
            return found
        form = found.get("applicantEForm")
        eform = str(form.get("id") or "") if isinstance(form, dict) else ""
        return (str(found["id"]), eform) if found.get("id") else StepResult("refused", "catalogue")

    def _look_up(self, path: str) -> dict[str, Any] | StepResult:
        """Return the first row of a catalogue's answer; empty where there is none."""
        kept = self._catalogue.get(path)
        if kept is not None and time.monotonic() - kept[0] < CATALOGUE_SECONDS:
            row: dict[str, Any] = kept[1]
            return row
        answer = self.session.exchange(lambda headers: self.client.read("GET", self._url(path), None, headers))
        if isinstance(answer, StepResult):
            return StepResult("later", answer.code, retry_after=answer.retry_after, words=answer.words)
        body = answer.body.get("content", answer.body) if isinstance(answer.body, dict) else answer.body
        first = body[0] if isinstance(body, list) and body else body
        if not isinstance(first, dict):
            return {}
        self._catalogue[path] = (time.monotonic(), first)
        return first

    def _dossier_item(self, dossier: Dossier, facts: Mapping[str, str], process: tuple[str, str]) -> dict[str, Any]:
        body = json.loads(dossier.body)
        person = body.get("applicant") or {}
        unit = self.mapping.units[dossier.unit_code]
        row = self.mapping.procedures[dossier.procedure_code]
        data = {name: person[key] for name, key in _PERSON.items() if person.get(key)}
        applicant = {"eformId": process[1], "data": data | form_fields(row.fields, body["form"]["answers"])}
        files = self.file_facts(dossier, facts)
        item = {
            "agency": _filled({"id": unit.get("id"), "code": unit.get("code")}),
            "procedure": _filled({"id": row.get("id"), "code": row.get("code") or dossier.procedure_code}),
            "procedureProcessDefinition": {"id": process[0]},
            "dossierReceivingKind": _filled({"id": row.get("receiving")}),
            "applicant": _filled(applicant),
            "dossierFormFile": [_paper(order, *file, row.parts) for order, file in enumerate(files, 1)],
        }
        return _filled(item) | {"dossierStatus": 0}


def open_target(content: Mapping[str, Any]) -> IGateTarget:
    """Open the target of a mapping file.

    Raises:
        BadMapping: the mapping cannot be used.
        BadPortal: an address has no https.
    """
    mapping = check_mapping(content, FIELDS)
    service = mapping.service
    require_https(service["url"])
    require_https(service["sign_in"])
    connection = read_connection(mapping)
    client = JsonClient(HttpClient(ca=connection.ca, seconds=connection.seconds))
    session = IGateSession(client, service["sign_in"] + REALM_PATH, service["client_id"], connection.secret)
    return IGateTarget(mapping, client, session)


def _paper(order: int, document: DocumentFile, file: Mapping[str, Any], parts: Mapping[str, str]) -> dict[str, Any]:
    form = _filled({"id": parts.get(document.document_code, ""), "name": document.name})
    return {"procedureForm": form, "order": order, "detail": {"quantity": 1}, "file": [dict(file)]}


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has a value: nothing is invented for the rest."""
    return {name: value for name, value in values.items() if value}
