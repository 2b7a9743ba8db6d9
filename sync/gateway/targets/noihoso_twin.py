"""Twin of a system with the contract NoiHoSo, written in December 2026 from the fields of one public program.

It refuses what the contract names: a missing field (400), a time in another form, a file that it does not know, another
hash. A second dossier with one number is refused; what a real system does is not known, and its paths are made up.
"""

import sqlite3
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sync.encoding import sha256_hex
from sync.gateway.targets.base_twin import (
    PRACTICE_WORD,
    TokenTwin,
    keep_files,
    refuse,
)
from sync.gateway.targets.noihoso import NoiHoSoTarget, open_target
from sync.gateway.targets.twin import PROCEDURE_CODE, TWIN_SECONDS, UNIT_CODE, TwinAnswer, TwinRequest

_NEEDED = ("MaHoSo", "MaTTHC", "ChuHoSo", "LoaiDoiTuong", "MaDonViTiepNhan", "NgayNop", "NgayTiepNhan")
_KEYS = frozenset((*_NEEDED, "MaDichVuCong", "EformThongTinChiTiet", "ThanhPhanHoSo", "ThongTinNguoiNop"))
_PROGRESS_NEEDED = ("MaHoSo", "NguoiXuLy", "ThoiDiemXuLy", "NoiDungXuLy", "TrangThai")


class NoiHoSoTwin(TokenTwin):
    """The system, its state and its counts."""

    kind = "noihoso"
    requests = ("token", "number", "file", "dossier", "progress")
    actions_each = 1

    def open_target(self) -> NoiHoSoTarget:
        """Open the adapter, connected to this twin."""
        return open_target(self.mapping(seconds=TWIN_SECONDS))

    def service(self) -> dict[str, Any]:
        """Return the settings of the connection."""
        return {
            "token": "/token",  # nosec B105 # an address
            "next_value": "/GetNextValue",
            "upload": "/upload",
            "create": "/CreateDossier",
            "progress": "/CapNhatTienTrinh",
            "client_id": "tap",
            "same_number": "refused",
        }

    def rows(self) -> dict[str, Any]:
        """Return one unit and one procedure."""
        return {
            "units": {UNIT_CODE: {"code": "H57.99.01", "name": "UBND phường Mẫu"}},
            "procedures": {PROCEDURE_CODE: {"service": "1.001193.000", "fields": {"ho_ten": "HoTenKS"}}},
        }

    def has_secret(self, request: TwinRequest) -> bool:
        """Return whether a request for a token has the right secret."""
        return bool(request.body == {"client_id": "tap", "client_secret": PRACTICE_WORD})

    def kind_of(self, request: TwinRequest) -> str:
        """Return the kind of a request."""
        names = {"token": "token", "GetNextValue": "number", "upload": "file", "CreateDossier": "dossier"}  # nosec B105 # kinds
        return names.get(urlsplit(request.path).path.strip("/"), "progress")

    def write(self, db: sqlite3.Connection, kind: str, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request that has a token."""
        if kind == "number":
            code = parse_qs(urlsplit(request.path).query).get("code", [""])[0]
            number = self.reserve_number(db, code.partition("/")[0])
            return TwinAnswer({"value": number}) if code else refuse(db, "code")
        if kind == "file":
            kept = [
                {"IdTepTin": file["id"], "HashTepTin": sha256_hex(file["content"])}
                for file in keep_files(db, request, fault)
            ]
            return TwinAnswer({"data": [{"response": {"data": kept}}]}) if kept else refuse(db, "files")
        return _keep_dossier(db, request.body) if kind == "dossier" else _keep_progress(db, request.body)


def _keep_dossier(db: sqlite3.Connection, item: Any) -> TwinAnswer:
    why = _mistake(db, item)
    if why:
        return refuse(db, why)
    number = item["MaHoSo"]
    if db.execute("select 1 from dossiers where number = ?", [number]).fetchone() is not None:
        return TwinAnswer({"code": "400", "message": f"Hồ sơ {number} đã tồn tại"}, status=400)
    files = [file["IdGiayTo"] for part in item.get("ThanhPhanHoSo", []) for file in part["GiayToDinhKem"]]
    db.execute("insert into dossiers values (?, '1', json_array())", [number])
    for file in files:
        db.execute("update dossiers set files = json_insert(files, '$[#]', ?) where number = ?", [file, number])
    return TwinAnswer({"code": "200", "message": "Thành công", "data": {"idHoSo": f"id-{number}", "maHoSo": number}})


def _mistake(db: sqlite3.Connection, item: Any) -> str:
    if not isinstance(item, dict) or set(item) - _KEYS or not all(name in item for name in _NEEDED):
        return "fields"
    if db.execute("select 1 from numbers where number = ?", [item["MaHoSo"]]).fetchone() is None:
        return "number of nobody"
    try:
        for name in ("NgayNop", "NgayTiepNhan"):
            datetime.strptime(item[name], "%Y-%m-%d %H:%M:%S")  # noqa: DTZ007 # local times of the contract
    except (TypeError, ValueError):
        return "time"
    for part in item.get("ThanhPhanHoSo", []):
        for file in part.get("GiayToDinhKem", []):
            if db.execute("select 1 from files where id = ?", [file.get("IdGiayTo")]).fetchone() is None:
                return "file of nobody"
    return ""


def _keep_progress(db: sqlite3.Connection, items: Any) -> TwinAnswer:
    for item in items if isinstance(items, list) else [{}]:
        if not all(item.get(name) for name in _PROGRESS_NEEDED) or not isinstance(item["TrangThai"], int):
            return refuse(db, "progress")
        if db.execute("select 1 from dossiers where number = ?", [item["MaHoSo"]]).fetchone() is None:
            return refuse(db, "progress of an unknown number")
        values = [item["MaHoSo"], item["ThoiDiemXuLy"], str(item["TrangThai"])]
        same = db.execute("select 1 from actions where number = ? and at = ? and status = ?", values).fetchone()
        if same is not None:
            db.execute("insert into forbidden values ('progress repeated')")
        db.execute("insert into actions values (?, ?, ?)", values)
    return TwinAnswer({"code": "200", "message": "Thành công"})
