"""Twin of VNPT iGate 2, written in December 2026 from one public program that calls it.

It refuses a dossier without the ids of its catalogue, with a number or a file that it did not give, or with a file that
was stored empty. A second dossier with one number is stored, and counted as forbidden: nobody knows what a real one
does. The shapes of catalogue, search and dossier are inferred.
"""

import json
import sqlite3
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sync.gateway.targets.base_twin import PRACTICE_WORD, TokenTwin, keep_files, refuse
from sync.gateway.targets.igate2 import REALM_PATH, IGateTarget, open_target
from sync.gateway.targets.twin import PROCEDURE_CODE, TWIN_SECONDS, UNIT_CODE, TwinAnswer, TwinRequest

ODDITIES = ("swallowed",)
"""A file that is stored with size 0, with status 200."""
_STATES = {"0": "1", "2": "2", "3": "4", "5": "9", "6": "10"}
_NEEDED = ("agency", "procedure", "procedureProcessDefinition", "applicant", "code")
_KEYS = frozenset((*_NEEDED, "dossierReceivingKind", "dossierFormFile", "dossierStatus"))


class IGateTwin(TokenTwin):
    """The system, its state and its counts."""

    kind = "igate2"
    requests = ("token", "pattern", "number", "file", "process", "dossier", "search")
    faults = TokenTwin.faults + ODDITIES

    def open_target(self) -> IGateTarget:
        """Open the adapter, connected to this twin."""
        return open_target(self.mapping(seconds=TWIN_SECONDS))

    def service(self) -> dict[str, Any]:
        """Return the settings of the connection."""
        return {"sign_in": self.url, "client_id": "tap", "account_id": "tai-khoan-tap"}

    def rows(self) -> dict[str, Any]:
        """Return one unit, one procedure and the states."""
        return {
            "units": {UNIT_CODE: {"id": "don-vi-1", "code": "H57.99.01", "name": "UBND phường Mẫu"}},
            "procedures": {PROCEDURE_CODE: {"id": "thu-tuc-1", "receiving": "truc-tuyen"}},
            "states": {word: {"code": code} for word, code in _STATES.items()},
        }

    def has_secret(self, request: TwinRequest) -> bool:
        """Return whether a request for a token has the right secret."""
        expected = {"grant_type": "client_credentials", "client_id": "tap", "client_secret": PRACTICE_WORD}
        return request.form == expected

    def kind_of(self, request: TwinRequest) -> str:
        """Return the kind of a request."""
        path = urlsplit(request.path).path
        names = {
            REALM_PATH: "token",
            "/bd/config/get-pattern": "pattern",
            "/bd/procedure-process-definition": "process",
            "/fi/file/--multiple": "file",
            "/pa/dossier/--apply-online/": "dossier",
            "/pa/dossier/search": "search",
        }
        return names.get(path) or ("number" if path.startswith("/bt/pattern/") else "read")

    def write(self, db: sqlite3.Connection, kind: str, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request that has a token."""
        address = urlsplit(request.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if kind == "pattern":
            is_known = (query.get("agency-id"), query.get("procedure-id")) == ("don-vi-1", "thu-tuc-1")
            return TwinAnswer({"id": "mau-so-1"} if is_known else {})
        if kind == "process":
            rows = [{"id": "quy-trinh-1", "applicantEForm": {"id": "eform-1"}}]
            return TwinAnswer(rows if query.get("procedure-id") == "thu-tuc-1" else [])
        if kind == "number":
            is_known = request.method == "PUT" and "/mau-so-1/" in address.path and "code" in query
            number = self.reserve_number(db, query.get("code", ""))
            return TwinAnswer({"value": number}) if is_known else refuse(db, "pattern")
        if kind == "file":
            kept = keep_files(db, request, fault) if request.form.get("account-id") else []
            files = [{"id": file["id"], "filename": file["name"], "size": file["size"]} for file in kept]
            return TwinAnswer(files) if files else refuse(db, "files")
        return self._find(db, kind, address.path, query) if kind != "dossier" else _keep_dossier(db, request.body)

    def _find(self, db: sqlite3.Connection, kind: str, path: str, query: dict[str, str]) -> TwinAnswer:
        number = query.get("code", "") if kind == "search" else path.split("/")[3].removeprefix("id-")
        row = db.execute("select number, status from dossiers where number = ?", [number]).fetchone()
        if kind == "search":
            return TwinAnswer({"content": [{"id": f"id-{number}", "code": number}] if row else []})
        if row is None:
            return TwinAnswer({"message": "Not found"}, status=404)
        state = {"id": int(row[1]), "name": f"Trạng thái {row[1]}"}
        return TwinAnswer({"id": f"id-{number}", "code": number, "dossierStatus": state})


def _keep_dossier(db: sqlite3.Connection, item: Any) -> TwinAnswer:
    why = _mistake(db, item)
    if why:
        return refuse(db, why)
    number = item["code"]
    if db.execute("select 1 from dossiers where number = ?", [number]).fetchone() is not None:
        db.execute("insert into forbidden values ('dossier sent twice')")
    files = [file["id"] for part in item.get("dossierFormFile", []) for file in part["file"]]
    db.execute("insert into dossiers values (?, '0', ?)", [number, json.dumps(files)])
    return TwinAnswer({"id": f"id-{number}", "code": number})


def _mistake(db: sqlite3.Connection, item: Any) -> str:
    if not isinstance(item, dict) or set(item) - _KEYS or not all(item.get(name) for name in _NEEDED):
        return "fields"
    ids = (item["procedure"].get("id"), item["procedureProcessDefinition"].get("id"), item["applicant"].get("eformId"))
    if ids != ("thu-tuc-1", "quy-trinh-1", "eform-1") or item["agency"].get("id") != "don-vi-1":
        return "ids"
    if db.execute("select 1 from numbers where number = ?", [item["code"]]).fetchone() is None:
        return "number of nobody"
    for part in item.get("dossierFormFile", []):
        for file in part["file"]:
            row = db.execute("select size from files where id = ?", [file["id"]]).fetchone()
            if row is None or row[0] == 0 or row[0] != file["size"]:
                return "file of nobody"
    return ""
