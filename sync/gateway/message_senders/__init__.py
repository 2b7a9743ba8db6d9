"""Message senders: the adapters of providers, and how a place names them."""

import contextlib
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from sync.gateway.message_port import MessageSender
from sync.gateway.message_senders.file import FileSender
from sync.gateway.message_senders.sms import open_sms
from sync.gateway.message_senders.zalo import open_zalo
from sync.gateway.message_tokens import MessageTokens
from sync.gateway.settings import NO_SENDER

_REAL = ("zalo", "sms")


def check_place(place: str, *, practice: bool) -> None:
    """Check the kinds of a place.

    Raises:
        ValueError: there is no sender of this kind, one is named twice, or practice would send to real phones.
    """
    kinds = [kind for kind, _ in _parts(place)]
    if len(set(kinds)) < len(kinds) or not all(path and kind in ("file", *_REAL) for kind, path in _parts(place)):
        raise ValueError(
            f"{place!r} sends no messages; there is none, file:<folder>, zalo:<settings file>, sms:<settings file>, "
            "and zalo:<settings file>,sms:<settings file> for phones without Zalo"
        )
    if practice and not set(kinds).isdisjoint(_REAL):
        raise ValueError("practice sends no messages to real phones: use file:<folder>")


def open_senders(place: str, engine: Engine, now: Callable[[], datetime]) -> list[MessageSender]:
    """Open the senders at a place that `check_place` allows; the next one gets what the one before never reaches.

    Raises:
        ValueError: a settings file cannot be used.
    """
    senders = list[MessageSender]()
    for kind, path in _parts(place):
        if kind == "file":
            senders.append(FileSender(Path(path)))
        elif kind == "sms":
            senders.append(open_sms(Path(path)))
        else:
            senders.append(open_zalo(Path(path), MessageTokens(engine), now))
    return senders


def read_prices(place: str) -> dict[str, int]:
    """Return the price of a message in đồng by sender, from the settings files that can be read and name one."""
    prices = dict[str, int]()
    for kind, path in _parts(place):
        with contextlib.suppress(OSError, ValueError):
            if kind != "file":
                prices[kind] = int(tomllib.loads(Path(path).read_text(encoding="utf-8")).get("price", 0))
    return prices


def _parts(place: str) -> list[tuple[str, str]]:
    """Return kind and path of each sender; none where nothing is sent."""
    if place in NO_SENDER:
        return []
    return [(kind, path) for kind, _, path in (part.strip().partition(":") for part in place.split(","))]
