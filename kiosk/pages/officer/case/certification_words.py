"""Words of the box of certification, by register: why a paper may not be certified, its tick, what is counted."""

from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.records.certified_copies import CertifiedRegister

_OF_A_PAPER = {
    "altered": "tẩy xóa, sửa chữa, thêm, bớt",
    "worn": "hư hỏng, cũ nát, không rõ nội dung",
}
_UNLAWFUL = {"unlawful": "nội dung trái pháp luật, đạo đức xã hội"}
_FOREIGN = {"foreign": "giấy nước ngoài chưa hợp pháp hóa lãnh sự"}
_OF_A_SIGNER = {
    "unaware": "người ký không nhận thức, không làm chủ được hành vi",
    "identity": "giấy tờ tùy thân hết hạn, hoặc giả",
}
_NOT_BEFORE_US = {"signed_before": "đã ký trước, không ký trước mặt cán bộ"}
REFUSALS: Mapping[CertifiedRegister, Mapping[str, str]] = {
    "copies": {
        **_OF_A_PAPER,
        "classified": "đóng dấu mật, hoặc ghi không được sao chụp",
        **_UNLAWFUL,
        **_FOREIGN,
        "private": "tự lập, không có xác nhận và đóng dấu của cơ quan",
        "not_brought": "không mang bản chính",
    },
    "signature": {
        **_OF_A_SIGNER,
        **_UNLAWFUL,
        "transaction": "nội dung là giao dịch, không thuộc bốn loại giấy ủy quyền",
        **_NOT_BEFORE_US,
    },
    "translation": {
        **_OF_A_PAPER,
        "classified": "đóng dấu mật, hoặc ghi không được dịch",
        **_UNLAWFUL,
        **_FOREIGN,
        **_NOT_BEFORE_US,
    },
    "transaction": {
        **_OF_A_SIGNER,
        **_UNLAWFUL,
        "no_title": "thiếu giấy chứng nhận quyền sở hữu, quyền sử dụng",
        "not_all_here": "không đủ người ký trước mặt cán bộ",
        **_NOT_BEFORE_US,
    },
}
"""Why a paper may not be certified, by register.

Sources: records of 2.000815 and 2.000992, QĐ 3152/QĐ-BTP; 2.000884, 2.001008 and 2.001035, QĐ 858/QĐ-BTP. The record
of a transaction lists no cases: its reasons are those of a signature, its papers, and its rule on who signs. The last
ones of copies, signatures and translations are the desk's.
"""


@dataclass(frozen=True)
class RegisterWords:
    """Words of the box: its title, the tick of a paper, what is counted, and what was handed out."""

    title: str
    tick: str
    counted: str
    handed: str
    has_pages: bool = False


WORDS: Mapping[CertifiedRegister, RegisterWords] = {
    "copies": RegisterWords(
        title="Chứng thực bản sao",
        tick="đã xem, chứng thực được",
        counted="Bản",
        handed="Bản sao chứng thực",
        has_pages=True,
    ),
    "signature": RegisterWords(
        title="Chứng thực chữ ký",
        tick="đã xem căn cước, đã ký trước mặt cán bộ",
        counted="Giấy",
        handed="Giấy đã chứng thực chữ ký",
    ),
    "translation": RegisterWords(
        title="Chứng thực chữ ký người dịch",
        tick="người dịch đã ký từng trang, chứng thực được",
        counted="Bản dịch",
        handed="Bản dịch đã chứng thực",
    ),
    "transaction": RegisterWords(
        title="Chứng thực giao dịch",
        tick="mọi bên đã ký từng trang trước mặt cán bộ",
        counted="Bản",
        handed="Giao dịch đã chứng thực",
        has_pages=True,
    ),
}
SEEN_WITH_THE_TICK: frozenset[CertifiedRegister] = frozenset({"copies", "signature"})
"""Registers whose tick says that the papers that are only shown were seen."""
