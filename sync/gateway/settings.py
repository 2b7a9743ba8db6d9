"""What a gateway is started with.

The gateway has no clock and no dice of its own: ``now`` and ``token`` come from whoever starts it, as everywhere here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Enrolment:
    """A one-time code (at least 10 characters and 50 bits) and the kiosk and unit that it is bound to."""

    code: str
    kiosk_id: str
    unit_code: str


@dataclass(frozen=True)
class Form:
    """A form version that the portal takes; ``state`` is open, closing or closed."""

    procedure_code: str
    form_id: str
    form_version: str
    effective_from: str
    effective_to: str | None = None
    state: str = "open"


@dataclass(frozen=True)
class Settings:
    """Address, database (URL or path of a SQLite file), sign-in, and what stands ready.

    ``operator_password``, the word itself or an argon2 hash of it, makes the account "operator"; without it only the
    people in the database sign in. ``practice``: the faults can be asked for, only forms of the mode "practice" are
    taken, and a code of ``enrolment`` may replace the key of a live kiosk. ``forward_to`` is the far side (see
    ``province``), asked at most once in ``forward_interval`` seconds by all processes together. ``metrics_port``: where
    Prometheus finds the figures of this process; 0 is nowhere.
    """

    database: str
    now: Callable[[], datetime]
    token: Callable[[], str]
    operator_password: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    practice: bool = False
    enrolment: tuple[Enrolment, ...] = ()
    catalogue: tuple[Form, ...] = ()
    forward_to: str = ""
    forward_interval: float = 0.2
    metrics_port: int = 0
