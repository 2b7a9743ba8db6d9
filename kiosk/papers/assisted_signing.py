"""Last block of a declaration that an officer wrote for the citizen: who wrote it, and how the citizen signs it.

Source: record of procedure 1.000593: "Trường hợp người yêu cầu không biết chữ thì công chức tư pháp - hộ tịch trực tiếp
ghi Tờ khai, sau đó đọc cho người yêu cầu nghe lại nội dung và hướng dẫn người đó điểm chỉ vào Tờ khai"; two witnesses
as for a certification where a person can neither sign nor give a fingerprint (2.001035).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kiosk.context import Context
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.records import staff
from printers.document import Block, Gap
from printers.sheet import FormLine, FormText, Signature, Signatures

SPACE = 20
"""Millimetres to sign in."""
WORDS = {
    "sign": "Tôi, {officer}, ghi tờ khai này theo lời người yêu cầu và đã đọc lại cho người yêu cầu nghe.",
    "fingerprint": (
        "Người yêu cầu không viết được. Tôi, {officer}, trực tiếp ghi tờ khai này theo lời người yêu cầu. Tôi đã đọc "
        "lại cho người yêu cầu nghe và hướng dẫn điểm chỉ vào tờ khai."
    ),
    "witnesses": (
        "Người yêu cầu không ký và không điểm chỉ được. Tôi, {officer}, trực tiếp ghi tờ khai này theo lời người yêu "
        "cầu. Tôi đã đọc lại cho người yêu cầu nghe trước hai người làm chứng. Hai người này không có quyền, lợi ích, "
        "nghĩa vụ liên quan."
    ),
}
"""Way of signing (the contract's `assistance.signature`) -> words above the signature of the officer."""
SIGNED_BY = "cach_ky"
"""Key of the answer of civil-status forms how the citizen signs; with `diem_chi` the form has places for it."""
SIGN_HINT = "(Ký, ghi rõ họ tên)"
WITNESS_HINT = "(Ký, ghi rõ họ tên, số giấy tờ)"


@dataclass(frozen=True)
class AssistedSigning:
    """The officer who wrote the declaration, and how the citizen signs: a key of `WORDS`."""

    officer: str
    way: str
    has_own_places: bool = False
    """The form itself has the places for a fingerprint and for the officer."""


def of_submission(context: Context, opened: OpenedSubmission) -> AssistedSigning | None:
    """Return who wrote a declaration for the citizen; None where the citizen filled in the form."""
    assistance: Mapping[str, Any] = opened.assistance or {}
    way = str(assistance.get("signature", ""))
    if way not in WORDS:
        return None
    with context.store.read() as db:
        names = staff.names(db)
    code = next(iter(opened.givers.values()), str(assistance["officer"]))
    has_own_places = way == "fingerprint" and opened.answers.get(SIGNED_BY) == "diem_chi"
    return AssistedSigning(officer=names.get(code, code), way=way, has_own_places=has_own_places)


def blocks(signing: AssistedSigning | None) -> Iterator[Block]:
    """Yield the words and the signatures; nothing for a form that the citizen filled in."""
    if signing is None:
        return
    words = WORDS[signing.way].format(officer=signing.officer)
    yield Gap(2)
    yield FormLine((FormText(words),), align="justify", space_above=1.5, keep_with_next=not signing.has_own_places)
    if signing.has_own_places:
        return
    officer = Signature(title="NGƯỜI GHI TỜ KHAI", hint=SIGN_HINT, name=signing.officer)
    if signing.way == "fingerprint":
        finger = Signature(title="ĐIỂM CHỈ CỦA NGƯỜI YÊU CẦU", hint="(Ghi rõ ngón nào)", name="")
        yield Signatures(officer, finger, place_date="", space=SPACE)
        return
    yield Signatures(None, officer, place_date="", space=SPACE)
    if signing.way == "witnesses":
        first = Signature(title="NGƯỜI LÀM CHỨNG THỨ NHẤT", hint=WITNESS_HINT, name="")
        second = Signature(title="NGƯỜI LÀM CHỨNG THỨ HAI", hint=WITNESS_HINT, name="")
        yield Signatures(first, second, place_date="", space=SPACE)
