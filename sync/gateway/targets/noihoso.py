"""Adapter of NoiHoSo, the contract of ministries' portals of 2026: number, files by hash, dossier, lines of progress.

The contract has no look-up and no change of a dossier. After a lost answer to a creation a person looks, unless the
mapping says that the system refuses a second dossier with one number; then sending again is the question. Field names
are from one public program; paths are settings, because it shows none. Never tried live: docs/portals.md.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sync.encoding import sha256_hex
from sync.gateway.forward_targets import DeskDecision, DocumentFile, Dossier, StepCheck, StepResult
from sync.gateway.targets.dvcqg_items import MAX_OFFICER, PROGRESS_TEXTS, cut
from sync.gateway.targets.json_call import FilePart, JsonAnswer, JsonClient, TokenSession, says, words_of
from sync.gateway.targets.mapping import (
    BadMapping,
    MappingFields,
    TargetMapping,
    check_mapping,
    read_connection,
)
from sync.gateway.targets.numbered import MAX_NUMBER, NumberedTarget, form_fields
from sync.portals.http_client import HttpClient, require_https

PATHS = ("token", "next_value", "upload", "create", "progress")
FIELDS = MappingFields(
    service={
        "url": str,
        **dict.fromkeys(PATHS, str),
        "client_id": str,
        "password_file": str,
        "same_number": str,
        "ca": str,
        "seconds": float,
    },
    required=frozenset({"url", *PATHS, "client_id", "password_file"}),
    units=frozenset({"code", "name"}),
    procedures=frozenset({"code", "service", "number"}),
    fees=frozenset(),
)
SAME_NUMBER = ("ask", "refused")
"""How the system treats a second dossier with the same number: unknown, so a person is asked, or refused."""
_SUBJECTS = {"citizen": 0, "business": 1}
_EXISTS = "đã tồn tại"
_HASH = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


class NoiHoSoSession(TokenSession):
    """Token by client id and secret, as JSON."""

    def __init__(self, client: JsonClient, url: str, client_id: str, secret: str) -> None:
        super().__init__()
        self._client = client
        self._url = url
        self._content = {"client_id": client_id, "client_secret": secret}

    def ask(self) -> JsonAnswer | StepResult:
        """Ask for a token."""
        return self._client.read("POST", self._url, self._content)


class NoiHoSoTarget(NumberedTarget):
    """Target of the contract NoiHoSo."""

    has_look_up = False
    reports_progress = True

    def reserve(self, dossier: Dossier) -> StepResult:
        """Reserve a number (GetNextValue)."""
        row = self.mapping.procedures[dossier.procedure_code]
        code = row.get("number") or f"{self.unit_code(dossier.unit_code)}/{self._procedure(dossier)}"
        url = f"{self._url('next_value')}?code={quote(code, safe='')}"
        answer = self.session.exchange(lambda headers: self.client.write("GET", url, None, headers))
        if isinstance(answer, StepResult):
            return answer
        number = answer.body.get("value") if isinstance(answer.body, dict) else None
        if not isinstance(number, str) or not 0 < len(number) <= MAX_NUMBER:
            return StepResult("unknown", "number")
        return StepResult("done", fact=number, official_no=number)

    def upload(self, document: DocumentFile, content: bytes) -> StepResult:
        """Send a file; the hash in the answer is compared where it is a SHA-256."""
        part = FilePart(name=document.name, content=content, media_type=document.media_type, fields={})
        answer = self.session.exchange(
            lambda headers: self.client.write_file(self._url("upload"), "files", part, headers)
        )
        if isinstance(answer, StepResult):
            return answer
        try:
            file = answer.body["data"][0]["response"]["data"][0]
            kept = {"id": str(file["IdTepTin"]), "hash": str(file["HashTepTin"])}
        except (LookupError, TypeError):
            return StepResult("unknown", "file")
        if _HASH.fullmatch(kept["hash"]) and kept["hash"].lower() != sha256_hex(content):
            return StepResult("unknown", "file")
        return StepResult("done", fact=json.dumps(kept))

    def create(self, dossier: Dossier, number: str, facts: Mapping[str, str]) -> StepResult:
        """Create the dossier (CreateDossier)."""
        content = self._dossier_item(dossier, number, facts)
        answer = self.session.exchange(lambda headers: self.client.write("POST", self._url("create"), content, headers))
        if isinstance(answer, StepResult):
            # Nobody else has the number: what exists is the dossier whose answer was lost.
            is_there = self._refuses_twice and says(answer.words, _EXISTS)
            return StepResult("done") if is_there else answer
        data = answer.body.get("data") if isinstance(answer.body, dict) else None
        if not isinstance(data, dict) or not data.get("idHoSo"):
            return StepResult("unknown", "foreign-answer", words=words_of(answer, "message"))
        if data.get("maHoSo") not in (None, number):
            return StepResult("refused", "other-dossier", words=words_of(answer, "message"))
        return StepResult("done", fact=str(data["idHoSo"]))

    def find(self, dossier: Dossier, number: str) -> StepCheck:
        """Return `absent` where the system refuses a second dossier itself; else a person looks."""
        return StepCheck("absent") if self._refuses_twice else StepCheck("different", "no-look-up")

    def report(self, dossier: Dossier, decision: DeskDecision, facts: Mapping[str, str]) -> StepResult:
        """Send a line of progress (CapNhatTienTrinh)."""
        item = {
            "IDHoSo": facts["dossier"].partition(" ")[0].removeprefix("-"),
            "MaHoSo": facts["number"],
            "NguoiXuLy": cut(decision.officer, MAX_OFFICER),
            "ThoiDiemXuLy": decision.at.astimezone(_VIETNAM).isoformat(timespec="milliseconds"),
            "NoiDungXuLy": PROGRESS_TEXTS[decision.status_code],
            "TrangThai": decision.status_code,
        }
        content = [{name: value for name, value in item.items() if value}]
        answer = self.session.exchange(
            lambda headers: self.client.write("POST", self._url("progress"), content, headers)
        )
        return answer if isinstance(answer, StepResult) else StepResult("done")

    @property
    def _refuses_twice(self) -> bool:
        return bool(self.mapping.service.get("same_number") == "refused")

    def _url(self, name: str) -> str:
        return str(self.mapping.service["url"] + self.mapping.service[name])

    def _procedure(self, dossier: Dossier) -> str:
        return self.mapping.procedures[dossier.procedure_code].get("code") or dossier.procedure_code

    def _dossier_item(self, dossier: Dossier, number: str, facts: Mapping[str, str]) -> dict[str, Any]:
        body = json.loads(dossier.body)
        person = body.get("applicant") or {}
        row = self.mapping.procedures[dossier.procedure_code]
        subject = _SUBJECTS.get(person.get("kind", "citizen"))
        answers = body["form"]["answers"]
        received = dossier.decisions[0].at if dossier.decisions else datetime.fromisoformat(dossier.accepted_at)
        item = {
            "MaHoSo": number,
            "MaTTHC": self._procedure(dossier),
            "MaDichVuCong": row.get("service"),
            "ChuHoSo": person.get("fullName", ""),
            "LoaiDoiTuong": subject,
            "MaDonViTiepNhan": self.unit_code(dossier.unit_code),
            "NgayNop": _moment(datetime.fromisoformat(body["completedAt"])),
            "NgayTiepNhan": _moment(received),
            "EformThongTinChiTiet": form_fields(row.fields, answers),
            "ThanhPhanHoSo": [_paper(document, file, row.parts) for document, file in self.file_facts(dossier, facts)],
            "ThongTinNguoiNop": {"LoaiDoiTuong": subject, "ThongTinChiTiet": _submitter(body)},
        }
        return {name: value for name, value in item.items() if value not in ("", None)}


def open_target(content: Mapping[str, Any]) -> NoiHoSoTarget:
    """Open the target of a mapping file.

    Raises:
        BadMapping: the mapping cannot be used.
        BadPortal: the address has no https.
    """
    mapping: TargetMapping = check_mapping(content, FIELDS)
    service = mapping.service
    if service.get("same_number", SAME_NUMBER[0]) not in SAME_NUMBER:
        raise BadMapping(f"service.same_number: {' or '.join(SAME_NUMBER)}")
    require_https(service["url"])
    connection = read_connection(mapping)
    client = JsonClient(HttpClient(ca=connection.ca, seconds=connection.seconds))
    session = NoiHoSoSession(client, service["url"] + service["token"], service["client_id"], connection.secret)
    return NoiHoSoTarget(mapping, client, session)


def _paper(document: DocumentFile, file: Mapping[str, str], parts: Mapping[str, str]) -> dict[str, Any]:
    """Return a paper: a scan is an electronic copy (2)."""
    attached = {"IdGiayTo": file["id"], "HashTepTin": file["hash"], "TenGiayTo": document.name}
    row = {
        "MaThanhPhanHoSo": parts.get(document.document_code, ""),
        "TenThanhPhanHoSo": document.name,
        "SoLuong": 1,
        "LoaiBan": 2,
        "GiayToDinhKem": [attached],
    }
    return {name: value for name, value in row.items() if value}


def _submitter(body: Mapping[str, Any]) -> dict[str, str]:
    """Return the person who brought the form, and the person whose dossier it is; nothing is invented."""
    owner = body.get("applicant") or {}
    person = body.get("submitter") or owner
    row = {
        "TenNguoiNop": person.get("fullName"),
        "SoDinhDanh": person.get("idNumber"),
        "SoDienThoai": person.get("phone"),
        "TenChuHs": owner.get("fullName"),
        "SoDinhDanhChuHs": owner.get("idNumber"),
    }
    return {name: value for name, value in row.items() if value}


def _moment(at: datetime) -> str:
    return at.astimezone(_VIETNAM).strftime("%Y-%m-%d %H:%M:%S")
