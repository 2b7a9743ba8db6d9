"""Words of the ten national states for a citizen on the phone: what it is, and what to do next.

A refused, stopped or withdrawn dossier has no reason here: the counter says it, to the person who asks with a card.
"""

from dataclasses import dataclass
from typing import Literal

Look = Literal["work", "warn", "done", "sent"]
SPANS = ("Đã nộp", "Đã nhận", "Đang làm", "Có kết quả")
"""The parts of the way, from Submit to the result."""


@dataclass(frozen=True, kw_only=True)
class StateText:
    """Words of a state.

    Attributes:
        title: the state.
        first: the first words of what to do, which are printed bold.
        then: the rest of it.
        look: colour and icon of the title.
        span: the part of the way that goes on, by its place in `SPANS`; None where the way has ended early.
        is_closed: no due day counts any more.
        brings: what to bring, in short lines.
    """

    title: str
    first: str
    then: str
    look: Look
    span: int | None = None
    is_closed: bool = False
    brings: tuple[str, ...] = ()


_AT_COUNTER = StateText(
    title="Đã xong, mời tới quầy",
    first="Mời tới quầy.",
    then="Cán bộ nói rõ, đưa giấy báo. Không phải lấy số.",
    look="work",
    is_closed=True,
    brings=("Căn cước, thẻ hoặc VNeID", "Phiếu này, hoặc trang này"),
)

STATES = {
    1: StateText(
        title="Đã nộp, chờ nhận",
        first="Đang ở phường thì cứ chờ gọi số.",
        then="Cán bộ nhận hồ sơ xong, mở lại trang này là thấy.",
        look="work",
        span=0,
    ),
    2: StateText(
        title="Phường đã nhận",
        first="Chưa phải làm gì.",
        then="Giữ Giấy tiếp nhận, tới đúng ngày hẹn.",
        look="work",
        span=1,
    ),
    3: _AT_COUNTER,
    4: StateText(
        title="Phường đang làm",
        first="Chưa phải làm gì.",
        then="Giữ Giấy tiếp nhận, tới đúng ngày hẹn.",
        look="work",
        span=2,
    ),
    5: StateText(
        title="Cần nộp thêm giấy",
        first="Mang tới quầy, đưa phiếu này.",
        then="Không phải khai lại, không phải lấy số lại.",
        look="warn",
        span=1,
    ),
    6: StateText(
        title="Cần nộp lệ phí",
        first="Nộp ở quầy, đưa phiếu này.",
        then="Tiền mặt hay quét mã chuyển khoản đều được.",
        look="warn",
        span=2,
    ),
    7: StateText(
        title="Đã xin rút hồ sơ",
        first="Tới quầy nhận lại giấy đã nộp.",
        then="Không phải lấy số.",
        look="work",
        is_closed=True,
        brings=("Căn cước, thẻ hoặc VNeID",),
    ),
    8: _AT_COUNTER,
    9: StateText(
        title="Mời tới nhận",
        first="Tới quầy trả kết quả.",
        then="Không phải lấy số. Phường giữ giấy cho ông/bà.",
        look="done",
        span=3,
        is_closed=True,
        brings=("Căn cước, thẻ hoặc VNeID", "Giấy tiếp nhận, hoặc phiếu này"),
    ),
    10: StateText(
        title="Đã nhận kết quả",
        first="Đã xong.",
        then="Không phải làm gì thêm.",
        look="done",
        span=3,
        is_closed=True,
    ),
}
"""Words by the code of the national list."""
