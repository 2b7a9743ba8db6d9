"""Settings of a gateway.

The gateway has no clock and no random source of its own: its caller passes `now` and `token`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sync.gateway.public_address import PublicAddress, parse_address
from sync.gateway.roles import Role
from sync.versions import parse_version

DEFAULT_DAYS = 90
MIN_DAYS = 7
"""A shorter term could delete a dossier over a holiday, before its desk has decided."""
NO_SENDER = ("", "none")
"""Places of a message sender that name none."""


@dataclass(frozen=True)
class Enrolment:
    """A one-time code (at least 10 characters and 50 bits), and the kiosk and unit that it is bound to."""

    code: str
    kiosk_id: str
    unit_code: str


@dataclass(frozen=True)
class FormVersion:
    """A form version that the gateway accepts; `state` is open, closing or closed."""

    procedure_code: str
    form_id: str
    form_version: str
    effective_from: str
    effective_to: str | None = None
    state: str = "open"


@dataclass(frozen=True)
class GatewaySettings:
    """Settings of a gateway process.

    Attributes:
        database: URL, or path of a SQLite file.
        now: returns the time.
        token: returns a random text.
        operator_password: password of the account "operator", as text or argon2 hash; without it only the accounts in
            the database sign in.
        host: address to listen on.
        port: port to listen on; 0 for any.
        public_urls: what kiosks and browsers call the gateway, such as https://gateway.example; the first is the
            present one, the others are names that some kiosks still use. Only practice may have none.
        practice: faults can be switched on, only submissions of the mode "practice" are accepted, and a code of
            `enrolment` may replace the key of an enrolled kiosk.
        enrolment: one-time codes to add at the start.
        catalogue: the form versions that are accepted.
        forward_to: place of the forward target (`forward_targets`); "" for none.
        forward_interval: seconds between two forwarded dossiers of all processes together.
        send_messages: place of the message senders (`message_senders`); "" or none: nobody gets messages.
        metrics_port: port of the Prometheus metrics; 0 for none.
        key_file: the key that seals bodies and files; "" for a file beside an SQLite database.
        minimum_version: the oldest release of a kiosk whose submissions and events are taken, such as 0.3.0; "": each.
        releases: the folder with `metadata/` and `targets/` of the releases that kiosks fetch; "": none is served.
        needs_standby: nothing is acknowledged that is not on the disk of a synchronous standby too (PostgreSQL).
        second_factor_roles: roles whose accounts set up a second factor before anything else.
        keep_days: the term after the last change of a dossier after which its content is deleted.

    Raises:
        ValueError: a public address is wrong, or missing outside practice, the term is shorter than a week, the
            oldest release is no number of a release, or a standby is needed for a file of SQLite.
    """

    database: str
    now: Callable[[], datetime]
    token: Callable[[], str]
    operator_password: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    public_urls: tuple[str, ...] = ()
    practice: bool = False
    enrolment: tuple[Enrolment, ...] = ()
    catalogue: tuple[FormVersion, ...] = ()
    forward_to: str = ""
    forward_interval: float = 0.2
    send_messages: str = ""
    metrics_port: int = 0
    key_file: str = ""
    keep_days: int = DEFAULT_DAYS
    minimum_version: str = ""
    releases: str = ""
    needs_standby: bool = False
    second_factor_roles: tuple[Role, ...] = ()

    def __post_init__(self) -> None:
        if not self.public_addresses and not self.practice:
            raise ValueError("a gateway needs its public address")
        if self.keep_days < MIN_DAYS:
            raise ValueError(f"content is kept for at least {MIN_DAYS} days")
        if self.minimum_version and parse_version(self.minimum_version) is None:
            raise ValueError(f"{self.minimum_version} is no number of a release, such as 0.3.0")
        if self.needs_standby and "://" not in self.database:
            raise ValueError("a standby needs PostgreSQL")

    @property
    def sends_messages(self) -> bool:
        """Return whether messages to phones are sent."""
        return self.send_messages not in NO_SENDER

    @cached_property
    def public_addresses(self) -> tuple[PublicAddress, ...]:
        """Return the parsed public addresses."""
        return tuple(parse_address(url) for url in self.public_urls)
