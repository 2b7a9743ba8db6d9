"""Message senders: the adapters of providers, and how a place names one."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from sync.gateway.message_port import MessageSender
from sync.gateway.message_senders.file import FileSender
from sync.gateway.message_senders.zalo import open_zalo
from sync.gateway.message_tokens import MessageTokens
from sync.gateway.settings import NO_SENDER


def check_place(place: str, *, practice: bool) -> None:
    """Check the kind of a place.

    Raises:
        ValueError: there is no sender of this kind, or practice would send to real phones.
    """
    kind, _, path = place.partition(":")
    if place not in NO_SENDER and (kind not in ("file", "zalo") or not path):
        raise ValueError(f"{place!r} sends no messages; there is none, file:<folder> and zalo:<settings file>")
    if practice and kind == "zalo":
        raise ValueError("practice sends no messages to real phones: use file:<folder>")


def open_sender(place: str, engine: Engine, now: Callable[[], datetime]) -> MessageSender | None:
    """Open the sender at a place that `check_place` allows; None where nothing is sent.

    Raises:
        ValueError: its settings file cannot be used.
    """
    if place in NO_SENDER:
        return None
    kind, _, path = place.partition(":")
    return FileSender(Path(path)) if kind == "file" else open_zalo(Path(path), MessageTokens(engine), now)
