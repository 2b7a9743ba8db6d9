"""Examination of a forward target's connection: name, TLS, token, catalogue, and one look-up.

The rows are in order, and it stops at the first failure. It only reads: the system signs the gateway in and answers
questions; no dossier, number or file is sent. It opens connections of its own, so forwarding goes on beside it.
"""

import contextlib
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from urllib.parse import urlsplit

from sync.deadline import Deadline
from sync.gateway.forward_targets import ConnectionAnswer, ConnectionReader, TargetConnection
from sync.name_lookup import NameLookup
from sync.portals.http_client import trusted_file

RowKind = Literal["name", "tls", "token", "catalogue", "look-up"]
ROW_KINDS: tuple[RowKind, ...] = ("name", "tls", "token", "catalogue", "look-up")
MAX_WORDS = 200
SOON_DAYS = 30
"""A certificate that ends within these days is mentioned as ending soon."""
_DAY_SECONDS = 86400
_CERTIFICATE_FAULTS = {10: "certificate-expired", 62: "certificate-name", 64: "certificate-name"}
"""OpenSSL's `X509_V_ERR_CERT_HAS_EXPIRED`, `_HOSTNAME_MISMATCH` and `_IP_ADDRESS_MISMATCH`."""
_LONG_NUMBER = re.compile(r"\d{9,}")


@dataclass(frozen=True, kw_only=True)
class ConnectionRow:
    """Result of one row.

    Attributes:
        kind: what was examined.
        state: `ok`, `failed`, `no-call` (the system has no such call), or `waits` for an earlier row.
        code: a short word for a failure.
        words: what the other side said, without the password and long numbers.
        addresses: hosts and IP addresses of `name`.
        days: until the first certificate ends; None without TLS.
        count: procedures that the catalogue was asked for.
        missing: procedures that the catalogue does not have, with the units for which it was asked.
        not_asked: pairs of unit and procedure for which the time did not suffice.
        seconds: duration.
    """

    kind: RowKind
    state: Literal["ok", "failed", "no-call", "waits"]
    code: str = ""
    words: str = ""
    addresses: tuple[str, ...] = ()
    days: int | None = None
    count: int = 0
    missing: tuple[str, ...] = ()
    not_asked: int = 0
    seconds: float = 0.0


def waiting_rows() -> list[ConnectionRow]:
    """Return the rows of a connection that was not examined."""
    return [ConnectionRow(kind=kind, state="waits") for kind in ROW_KINDS]


def check_connection(target: ConnectionReader, now: datetime) -> list[ConnectionRow]:
    """Examine a connection up to the first failure; `now` is compared with the end of certificates."""
    connection = target.connection()
    checks: dict[RowKind, Callable[[], ConnectionRow]] = {
        "name": lambda: _check_names(connection),
        "tls": lambda: _check_tls(connection, now),
        "token": lambda: _row("token", target.ask_token(), connection.secret),
        "catalogue": lambda: _row("catalogue", target.read_catalogue(), connection.secret),
        "look-up": lambda: _row("look-up", target.look_up(), connection.secret),
    }
    rows = waiting_rows()
    for index, kind in enumerate(ROW_KINDS):
        began = time.perf_counter()
        row = checks[kind]()
        rows[index] = replace(row, seconds=time.perf_counter() - began)
        if row.state == "failed":
            break
    return rows


def _check_names(connection: TargetConnection) -> ConnectionRow:
    found = []
    for host, port in _hosts(connection):
        try:
            addresses = NameLookup().addresses(host, port, connection.seconds)
        except (OSError, UnicodeError):
            return ConnectionRow(kind="name", state="failed", code="gaierror", addresses=(host,))
        found.append(f"{host}, {addresses[0]}" if addresses[0] != host else host)
    return ConnectionRow(kind="name", state="ok", addresses=tuple(found))


def _check_tls(connection: TargetConnection, now: datetime) -> ConnectionRow:
    """Connect to each address; the certificate of one with https must be of a known authority, and for this name."""
    days = []
    for address in connection.addresses:
        try:
            ends = _connect(address, connection)
        except ssl.SSLCertVerificationError as error:
            code = _CERTIFICATE_FAULTS.get(error.verify_code, "certificate-issuer")
            return ConnectionRow(kind="tls", state="failed", code=code)
        except TimeoutError:
            return ConnectionRow(kind="tls", state="failed", code="deadline")
        except OSError as error:
            return ConnectionRow(kind="tls", state="failed", code=type(error).__name__)
        if ends is not None:
            days.append(int((ends - now.timestamp()) // _DAY_SECONDS))
    return ConnectionRow(kind="tls", state="ok", days=min(days, default=None))


def _connect(address: str, connection: TargetConnection) -> float | None:
    """Connect within the limit; return when the certificate ends, in seconds of the epoch, None without TLS.

    Raises:
        OSError: there is no connection, or its certificate is refused.
    """
    parts = urlsplit(address)
    place = (parts.hostname or "", _port(address))
    with socket.create_connection(place, connection.seconds) as plain, _limited(plain, connection.seconds):
        if parts.scheme != "https":
            return None
        context = ssl.create_default_context(cafile=trusted_file(connection.ca))
        with context.wrap_socket(plain, server_hostname=parts.hostname) as secure:
            certificate = secure.getpeercert() or {}
    return float(ssl.cert_time_to_seconds(str(certificate["notAfter"])))


@contextlib.contextmanager
def _limited(plain: socket.socket, seconds: float) -> Iterator[None]:
    """Close a socket that takes longer than its time altogether: its own time-out counts from read to read.

    Raises:
        TimeoutError: the time is over.
    """
    handle = plain.dup()

    def shut() -> None:
        with contextlib.suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    with handle, Deadline(seconds, shut) as deadline:
        try:
            yield
        except ssl.SSLCertVerificationError:
            raise
        except OSError as error:
            if deadline.has_passed:
                raise TimeoutError from error
            raise


def _row(kind: RowKind, answer: ConnectionAnswer, secret: str) -> ConnectionRow:
    words = answer.words.replace(secret, "•••") if secret else answer.words
    return ConnectionRow(
        kind=kind,
        state=answer.outcome,
        code=answer.code,
        words=_LONG_NUMBER.sub("•••", words)[:MAX_WORDS],
        count=answer.count,
        missing=answer.missing,
        not_asked=answer.not_asked,
    )


def _hosts(connection: TargetConnection) -> list[tuple[str, int]]:
    places = ((urlsplit(address).hostname or "", _port(address)) for address in connection.addresses)
    return list(dict.fromkeys(places))


def _port(address: str) -> int:
    parts = urlsplit(address)
    return parts.port or (443 if parts.scheme == "https" else 80)
