"""Faults on demand, for training and tests: which one is asked for now.

They exist only in practice. ``down``, ``slow``, ``answer_lost`` and ``captive`` are made on the socket between the two
processes (``proxy``); ``401`` and ``invalid`` by the gateway itself.
"""

from typing import Literal, cast, get_args

Fault = Literal["off", "down", "slow", "answer_lost", "captive", "401", "invalid"]

SAID: dict[Fault, str] = {
    "off": "Mọi thứ chạy bình thường",
    "down": "Mất đường truyền",
    "slow": "Đường truyền rất chậm",
    "answer_lost": "Cổng đã nhận nhưng câu trả lời bị mất",
    "captive": "Mạng bắt đăng nhập chen vào giữa",
    "401": "Cổng không nhận ra máy này",
    "invalid": "Cổng trả lại mọi hồ sơ gửi tới",
}


class Faults:
    """The switch; one for the whole process."""

    def __init__(self) -> None:
        self.current: Fault = "off"

    def turn(self, word: str) -> bool:
        """Ask for a fault by its word; False when there is no such fault."""
        if word not in get_args(Fault):
            return False
        self.current = cast("Fault", word)
        return True
