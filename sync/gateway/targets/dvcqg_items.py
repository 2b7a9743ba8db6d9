"""Items of DongBoHoSoMC and CapNhatTienDoHoSoMC: a dossier and a line of progress in the fields of the national portal.

Every value is text; times are `yyyyMMddHHmmss` of Vietnam. What is missing is left out: no dummy id number, no invented
text. Field names are from two public programs that call the service (OpenCPS 2, and the system of a province of 2023 to
2025); none was tried against the live service. Left out on purpose: Fax and GhiChu (misused, and refused when long),
MaDoiTuong (needs an account of the portal), DSKetNoiCSDL.
"""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sync.gateway.forward_targets import DeskDecision, DocumentFile, Dossier
from sync.gateway.targets.mapping import MappingRow, TargetMapping

MAX_SUMMARY = 1000
MAX_OFFICER = 50
MAX_FILE_NAME = 4000
PROGRESS_TEXTS = {
    1: "Mở lại hồ sơ",
    2: "Tiếp nhận hồ sơ",
    3: "Từ chối tiếp nhận hồ sơ",
    5: "Yêu cầu bổ sung giấy tờ",
    7: "Công dân rút hồ sơ",
    8: "Dừng xử lý hồ sơ",
    10: "Trả kết quả",
}
_CHANNELS = {"counter": "1", "online": "2", "postal": "3"}
_SUBJECTS = {"citizen": "1", "business": "2", "agency": "3", "organisation": "4"}
_ID_KINDS = {12: "1", 9: "2"}
_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

JsonItem = dict[str, Any]


def dossier_item(dossier: Dossier, mapping: TargetMapping) -> JsonItem:
    """Return the item of a dossier that has an official number, and rows for its unit and procedure."""
    body = json.loads(dossier.body)
    unit = mapping.units[dossier.unit_code]
    procedure = mapping.procedures[dossier.procedure_code]
    person = body.get("applicant") or {}
    documents = [_document(document, procedure, mapping) for document in dossier.documents]
    documents = [document for document in documents if document]
    name = str(person.get("fullName", ""))
    item = {
        "MaHoSo": dossier.official_no,
        "MaTTHC": procedure.get("code") or dossier.procedure_code,
        "TenTTHC": procedure.get("name"),
        "MaLinhVuc": procedure.get("field_code"),
        "TenLinhVuc": procedure.get("field_name"),
        "KenhThucHien": _CHANNELS.get(body.get("channel", ""), ""),
        "ChuHoSo": name,
        "LoaiDoiTuong": _SUBJECTS[person.get("kind", "citizen")],
        "SoDienThoai": str(person.get("phone", "")),
        "TrichYeuHoSo": cut(": ".join(filter(None, [procedure.get("name"), name])), MAX_SUMMARY),
        "NgayNopHoSo": vietnam_time(datetime.fromisoformat(body["completedAt"])),
        "NgayTiepNhan": vietnam_time(_received_at(dossier)),
        "NgayHenTra": vietnam_time(datetime.fromisoformat(dossier.due_at)) if dossier.due_at else "",
        "TrangThaiHoSo": str(dossier.status_code),
        "HinhThuc": "1" if body.get("resultDelivery") == "postal" else "0",
        "DonViXuLy": unit.get("name"),
        "NoiNopHoSo": "2",
        "HoSoCoThanhPhanSoHoa": "1" if documents else "0",
        "TaiKhoanDuocXacThucVoiVNeID": "0",
    }
    lists = {
        "TaiLieuNop": documents + [{"TepDinhKemId": item_id, "IsDeleted": "True"} for item_id in dossier.removed],
        "DanhSachLePhi": _fees(body, mapping),
        "DinhDanhCHS": _identity(str(person.get("idNumber", ""))),
    }
    return {name: value for name, value in (item | lists).items() if value}


def progress_item(dossier: Dossier, decision: DeskDecision) -> JsonItem:
    """Return the line of progress of a decision; the officer is named by code, and no reason is sent."""
    return {
        "MaHoSo": dossier.official_no,
        "NguoiXuLy": cut(decision.officer, MAX_OFFICER),
        "ThoiDiemXuLy": vietnam_time(decision.at),
        "NoiDungXuLy": PROGRESS_TEXTS[decision.status_code],
        "TrangThai": str(decision.status_code),
    }


def vietnam_time(at: datetime) -> str:
    """Return a time as the service writes it."""
    return at.astimezone(_VIETNAM).strftime("%Y%m%d%H%M%S")


def read_time(text: str) -> str | None:
    """Return a time of the service in RFC 3339; None for any other text."""
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=_VIETNAM).isoformat()
    except ValueError:
        return None


def cut(text: str, limit: int) -> str:
    """Cut a text between letters; a mark that is a code point of its own stays with its letter."""
    if len(text) <= limit:
        return text
    end = limit
    while end and _is_mark(text[end]):
        end -= 1
    return text[:end]


def _is_mark(letter: str) -> bool:
    return "\u0300" <= letter <= "\u036f"


def _received_at(dossier: Dossier) -> datetime:
    """Return when the desk accepted the dossier first."""
    accepted = dossier.decisions[0].at if dossier.decisions else None
    return accepted or datetime.fromisoformat(dossier.accepted_at)


def paper_address(mapping: TargetMapping, document: DocumentFile) -> str:
    """Return the address where the portal finds a paper; empty while the mapping names none.

    Raises:
        LookupError, ValueError: the mapping's address has other braces than `{item}` and `{sha256}`.
    """
    return str(mapping.service.get("files", "")).format(item=document.item_id, sha256=document.sha256)


def _document(document: DocumentFile, procedure: MappingRow, mapping: TargetMapping) -> JsonItem:
    """Return a paper by its address; nothing while the mapping names no address of files."""
    address = paper_address(mapping, document)
    if not address:
        return {}
    row = {
        "TepDinhKemId": document.item_id,
        "TenTepDinhKem": cut(document.name, MAX_FILE_NAME),
        "IsDeleted": "False",
        "MaThanhPhanHoSo": procedure.parts.get(document.document_code, ""),
        "DuongDanTaiTepTin": address,
        "DuocSoHoa": "1",
    }
    return {name: value for name, value in row.items() if value}


def _fees(body: JsonItem, mapping: TargetMapping) -> list[JsonItem]:
    """Return the fees that have a row; others are left out, because the service knows its own codes only."""
    return [
        {
            "TenPhiLePhi": fee["name"],
            "MaPhiLePhi": mapping.fees[fee["code"]].get("code"),
            "HinhThucThu": "1",
            "Gia": str(fee["amount"]),
            "LoaiPhiLePhi": mapping.fees[fee["code"]].get("kind"),
        }
        for fee in body.get("fees", [])
        if fee["code"] in mapping.fees
    ]


def _identity(number: str) -> list[JsonItem]:
    kind = _ID_KINDS.get(len(number)) if number.isascii() and number.isdigit() else None
    return [{"LoaiDinhDanh": kind, "SoDinhDanh": number}] if kind else []
