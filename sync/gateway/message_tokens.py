"""Tokens of message providers whose refresh token works once: the next one is stored before it is needed.

A refresh is committed before its request, so that two processes never use one refresh token. After a kill in between
nobody knows whether it was used: it is tried once more, and if the provider refuses it, a person puts a new one into
its file. The refresh token of the file counts again when the file has changed.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select

from sync.encoding import sha256_hex, timestamp
from sync.gateway import sealing
from sync.gateway.database import run_transaction
from sync.gateway.message_tables import message_tokens

_KIND = "message-token"
_LEASE = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class TokenPair:
    """Access token ("" for none yet), and the refresh token for the next one."""

    access: str
    refresh: str


class MessageTokens:
    """The stored tokens of senders."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, sender: str, first_refresh: str) -> TokenPair:
        """Return the tokens of a sender; `first_refresh` is the content of its file."""
        return run_transaction(self._engine, lambda db: _read(db, sender, first_refresh))

    def begin_refresh(self, sender: str, first_refresh: str, now: datetime) -> TokenPair | None:
        """Return the tokens to refresh; None while another process does it."""
        return run_transaction(self._engine, lambda db: _begin(db, sender, first_refresh, now))

    def store(self, sender: str, first_refresh: str, pair: TokenPair) -> None:
        """Store new tokens, and end the refresh."""
        run_transaction(self._engine, lambda db: _write(db, sender, first_refresh, pair, ""))


def _read(db: Connection, sender: str, first_refresh: str) -> TokenPair:
    row = db.execute(select(message_tokens).where(message_tokens.c.sender == sender)).one_or_none()
    if row is None or row.first_hash != sha256_hex(first_refresh.encode()):
        return TokenPair(access="", refresh=first_refresh)
    content = json.loads(sealing.sealer(db).open(_KIND, sender, row.sealed))
    return TokenPair(access=content["access"], refresh=content["refresh"])


def _begin(db: Connection, sender: str, first_refresh: str, now: datetime) -> TokenPair | None:
    is_sender = message_tokens.c.sender == sender
    row = db.execute(select(message_tokens).where(is_sender).with_for_update()).one_or_none()
    if row is not None and row.refreshing_until > timestamp(now):
        return None
    pair = _read(db, sender, first_refresh)
    _write(db, sender, first_refresh, pair, timestamp(now + _LEASE))
    return pair


def _write(db: Connection, sender: str, first_refresh: str, pair: TokenPair, refreshing_until: str) -> None:
    content = json.dumps({"access": pair.access, "refresh": pair.refresh}).encode()
    db.execute(delete(message_tokens).where(message_tokens.c.sender == sender))
    db.execute(
        insert(message_tokens).values(
            sender=sender,
            sealed=sealing.sealer(db).seal(_KIND, sender, content),
            first_hash=sha256_hex(first_refresh.encode()),
            refreshing_until=refreshing_until,
        )
    )
