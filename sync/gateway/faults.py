"""Switch for faults on demand, for training and tests; only in practice mode.

`fault_proxy` makes `down`, `slow`, `answer_lost` and `captive` on the socket; the gateway itself makes `401` and
`invalid`.
"""

from typing import Literal, cast, get_args

Fault = Literal["off", "down", "slow", "answer_lost", "captive", "401", "invalid"]

LABELS: dict[Fault, str] = {
    "off": "Mọi thứ chạy bình thường",
    "down": "Mất đường truyền",
    "slow": "Đường truyền rất chậm",
    "answer_lost": "Cổng đã nhận nhưng câu trả lời bị mất",
    "captive": "Mạng bắt đăng nhập chen vào giữa",
    "401": "Cổng không nhận ra máy này",
    "invalid": "Cổng trả lại mọi hồ sơ gửi tới",
}


class FaultSwitch:
    """The current fault of a process."""

    def __init__(self) -> None:
        self.current: Fault = "off"

    def switch(self, fault: str) -> bool:
        """Set the current fault; return False when there is no such fault."""
        if fault not in get_args(Fault):
            return False
        self.current = cast("Fault", fault)
        return True
