"""Twin of the national portal's dossier service, written in December 2026 from public programs that call it.

It refuses what they report as refused: a missing header or session, a value that is no text, another case of a key, a
time of other than 14 digits, texts that are too long, an insert of a known number, an update of an unknown one, more
than 10 lines of progress. What the live service answers to a look-up is known only as empty or not empty.
"""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sync.gateway.targets.base_twin import PRACTICE_WORD, MappedTwin
from sync.gateway.targets.dvcqg import DvcqgTarget, open_target
from sync.gateway.targets.twin import (
    LINE_FAULTS,
    PROCEDURE_CODE,
    TWIN_SECONDS,
    UNIT_CODE,
    TwinAnswer,
    TwinCounts,
    TwinRequest,
)

ODDITIES = ("expired", "signed-out", "number-code", "without-message", "exists", "look-up-fails")
"""Session expired; 203 in place of 401; error code as a number; no message; the record is there since the look-up."""
_KEYS = frozenset(
    """
    MaHoSo MaTTHC TenTTHC MaLinhVuc TenLinhVuc KenhThucHien SoBienNhan ChuHoSo LoaiDoiTuong MaDoiTuong ThongTinKhac Fax
    Email SoDienThoai TrichYeuHoSo NgayNopHoSo NgayTiepNhan NgayHenTra TrangThaiHoSo NgayTra ThongTinTra
    NgayKetThucXuLy NgayTuChoi HinhThuc DonViXuLy GhiChu TaiLieuNop DanhSachLePhi DanhSachTepDinhKemKhac
    DanhSachHoSoBoSung DanhSachGiayToKetQua SoGiayToChuHoSo NoiNopHoSo HoSoCoThanhPhanSoHoa
    TaiKhoanDuocXacThucVoiVNeID DuocThanhToanTrucTuyen DinhDanhCHS DSKetNoiCSDL
    """.split()  # noqa: SIM905 - a list of 39 lines reads worse
)
_PROGRESS_KEYS = frozenset(
    (
        "MaHoSo",
        "NguoiXuLy",
        "ChucDanh",
        "ThoiDiemXuLy",
        "PhongBanXuLy",
        "NoiDungXuLy",
        "TrangThai",
        "NgayBatDau",
        "NgayKetThucTheoQuyDinh",
    )
)
_TIMES = ("NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "ThoiDiemXuLy", "NgayTra")
_LONGEST = {"TrichYeuHoSo": 1000, "NguoiXuLy": 50, "GhiChu": 2000, "TenTepDinhKem": 4000}
_MAX_PROGRESS = 10


class DvcqgTwin(MappedTwin):
    """The service, its state and its counts; `envelope`: how requests must be written (`session` or `array`)."""

    kind = "dvcqg"
    requests = ("login", "look-up", "dossier", "progress")
    tables: Mapping[str, str] = {
        "files": "number text, item text, primary key (number, item)",
        "progress": "number text, at text, status text",
        "sessions": "session text",
    }
    faults = LINE_FAULTS + ODDITIES
    gives_number = False
    takes_changes = True

    def __init__(self, folder: Path, port: int = 0, envelope: str = "session") -> None:
        self.envelope = envelope
        super().__init__(folder, port)

    def open_target(self) -> DvcqgTarget:
        """Open the adapter, connected to this twin."""
        return open_target(self.mapping(seconds=TWIN_SECONDS))

    def service(self) -> dict[str, Any]:
        """Return the settings of the connection."""
        return {
            "login": "/login",
            "integration": "/integration",
            "share": "/share",
            "account": "tap",
            "dstcode": "VN:TAP",
            "envelope": self.envelope,
            "files": "https://tep.tinh.example/{item}",
        }

    def rows(self) -> dict[str, Any]:
        """Return one unit and one procedure."""
        return {
            "units": {UNIT_CODE: {"code": "000.99.01.H57", "name": "UBND phường Mẫu"}},
            "procedures": {PROCEDURE_CODE: {"name": "Đăng ký khai sinh", "field_code": "G15", "field_name": "Hộ tịch"}},
        }

    def count(self) -> TwinCounts:
        """Return what it holds and got."""
        return TwinCounts(
            dossiers=self.state.count("dossiers"),
            files=self.state.count("files"),
            actions=self.state.count("progress"),
            forbidden=self.state.count("forbidden"),
        )

    def kind_of(self, request: TwinRequest) -> str:
        """Return the kind of a request."""
        path = urlsplit(request.path).path
        service = request.body.get("service", "") if isinstance(request.body, dict) else path.rpartition("/")[2]
        names = {"TraCuuHoSo": "look-up", "DongBoHoSoMC": "dossier", "CapNhatTienDoHoSoMC": "progress"}
        return "login" if path == "/login" else names.get(service, "other")

    def answer(self, request: TwinRequest, fault: str) -> TwinAnswer:
        """Do a request."""
        kind = self.kind_of(request)
        if fault == "signed-out":
            return TwinAnswer({"message": "Non-Authoritative Information.", "code": 203}, status=203)
        with self.state.write() as db:
            if request.headers.get("dstcode") != "VN:TAP":
                return _error(db, "thiếu dstcode")
            if kind == "login":
                return _sign_in(db, request.body)
            if fault == "expired" or not self._has_session(db, request):
                return TwinAnswer({"error_code": "-1", "message": "Session không hợp lệ"})
            if kind == "look-up":
                return _look_up(db, request.body, fails=fault == "look-up-fails")
            answer = self._write(db, kind, request, fault)
        return _with_oddity(answer, fault)

    def _has_session(self, db: sqlite3.Connection, request: TwinRequest) -> bool:
        if not isinstance(request.body, dict):
            return self.envelope == "array"
        session = request.body.get("session")
        is_known = db.execute("select 1 from sessions where session = ?", [session]).fetchone() is not None
        return is_known and bool(request.body.get("madonvi"))

    def _write(self, db: sqlite3.Connection, kind: str, request: TwinRequest, fault: str) -> TwinAnswer:
        if self.envelope == "array":
            query = parse_qs(urlsplit(request.path).query)
            data = request.body
            is_update = query.get("isUpdating", [""])[0]
            if not query.get("MaDinhDanhDV", [""])[0]:
                return _error(db, "thiếu MaDinhDanhDV")
        else:
            data = request.body.get("data")
            is_update = request.body.get("isUpdating", "")
        if not isinstance(data, list) or not data:
            return _error(db, "thiếu data")
        if kind == "progress":
            return _keep_progress(db, data)
        if fault == "exists" and is_update == "False":
            db.execute("insert into dossiers values (?, '1')", [data[0]["MaHoSo"]])
        return _keep_dossier(db, data[0], is_update, is_forbidden=fault != "exists")


def _with_oddity(answer: TwinAnswer, fault: str) -> TwinAnswer:
    body = dict(answer.body) if isinstance(answer.body, dict) else {}
    if fault == "number-code":
        body["error_code"] = int(body["error_code"])
    if fault == "without-message" and body["error_code"] == "0":
        del body["message"]
    return TwinAnswer(body)


def _error(db: sqlite3.Connection, why: str) -> TwinAnswer:
    """Refuse a request that no good client sends."""
    db.execute("insert into forbidden values (?)", [why])
    return TwinAnswer({"error_code": "2", "message": why})


def _sign_in(db: sqlite3.Connection, body: Any) -> TwinAnswer:
    if not isinstance(body, dict) or body.get("password") != PRACTICE_WORD:
        return TwinAnswer({"error_code": "1", "message": "Sai tài khoản hoặc mật khẩu"})
    session = f"session-{_count_sessions(db) + 1}"
    db.execute("insert into sessions values (?)", [session])
    return TwinAnswer({"session": session, "error_code": 0})


def _look_up(db: sqlite3.Connection, body: Mapping[str, Any], *, fails: bool) -> TwinAnswer:
    if fails:
        return TwinAnswer({"error_code": "99", "message": "Hệ thống bận"})
    row = db.execute("select number, status from dossiers where number = ?", [body.get("mahoso")]).fetchone()
    rows = [{"MAHOSO": row[0], "TRANGTHAIHOSO": row[1]}] if row else []
    return TwinAnswer({"error_code": "0", "message": "Thành công", "result": rows})


def _count_sessions(db: sqlite3.Connection) -> int:
    return int(db.execute("select count(*) from sessions").fetchone()[0])


def _keep_dossier(db: sqlite3.Connection, item: Any, is_update: str, *, is_forbidden: bool) -> TwinAnswer:
    why = _mistake(item, _KEYS) or ("" if is_update in ("True", "False") else "isUpdating")
    if why:
        return _error(db, why)
    if item["MaTTHC"] != PROCEDURE_CODE:
        return TwinAnswer({"error_code": "5", "message": "Mã thủ tục không tồn tại trên hệ thống"})
    number = item["MaHoSo"]
    is_known = db.execute("select 1 from dossiers where number = ?", [number]).fetchone() is not None
    if is_known and is_update == "False":
        if is_forbidden:
            db.execute("insert into forbidden values ('insert of a known number')")
        return TwinAnswer({"error_code": "3", "message": f"Hồ sơ {number} đã tồn tại"})
    if not is_known and is_update == "True":
        return _error(db, "update of an unknown number")
    if not is_known:
        db.execute("insert into dossiers values (?, '')", [number])
    _store_dossier(db, item)
    return TwinAnswer({"error_code": "0", "message": "Đồng bộ thành công"})


def _store_dossier(db: sqlite3.Connection, item: Any) -> None:
    number = item["MaHoSo"]
    db.execute("update dossiers set status = ? where number = ?", [item["TrangThaiHoSo"], number])
    for file in item.get("TaiLieuNop", []):
        db.execute("delete from files where number = ? and item = ?", [number, file["TepDinhKemId"]])
        if file["IsDeleted"] == "False":
            db.execute("insert into files values (?, ?)", [number, file["TepDinhKemId"]])


def _keep_progress(db: sqlite3.Connection, data: list[Any]) -> TwinAnswer:
    if len(data) > _MAX_PROGRESS:
        return _error(db, "more than 10 lines of progress")
    for item in data:
        why = _mistake(item, _PROGRESS_KEYS) or ("NoiDungXuLy" if not item.get("NoiDungXuLy") else "")
        if why:
            return _error(db, why)
        if db.execute("select 1 from dossiers where number = ?", [item["MaHoSo"]]).fetchone() is None:
            return _error(db, "progress of an unknown number")
        values = [item["MaHoSo"], item["ThoiDiemXuLy"], item["TrangThai"]]
        same = db.execute("select 1 from progress where number = ? and at = ? and status = ?", values).fetchone()
        if same is not None:
            db.execute("insert into forbidden values ('progress repeated')")
        db.execute("insert into progress values (?, ?, ?)", values)
    return TwinAnswer({"error_code": "0", "message": "Cập nhật thành công"})


def _mistake(item: Any, keys: frozenset[str]) -> str:
    """Return what is wrong with an item: a key, a value that is no text, a time, a length, a status."""
    if not isinstance(item, dict) or set(item) - keys or not item.get("MaHoSo"):
        return "keys"
    for name, value in item.items():
        values = [part for row in value for part in row.items()] if isinstance(value, list) else [(name, value)]
        for part_name, part in values:
            if not isinstance(part, str):
                return f"{part_name} is no text"
            if len(part) > _LONGEST.get(part_name, 100_000):
                return f"{part_name} is too long"
            if part_name in _TIMES and not (len(part) == 14 and part.isascii() and part.isdigit()):
                return f"{part_name} is no time"
    status = item.get("TrangThaiHoSo") or item.get("TrangThai")
    return "" if status in {str(code) for code in range(1, 11)} else "status"
