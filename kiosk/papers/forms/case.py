"""What an official paper is about: whose case it is, who acted, and when."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.config import Config


@dataclass(frozen=True)
class Handed:
    """A paper that was handed in; `kind` is "bản chính", "bản sao" or "bản điện tử"."""

    name: str
    kind: str
    count: int = 1


@dataclass(frozen=True)
class Case:
    """A case at the desk; `at` is the aware time of the act.

    `official_no` is the city's number, "" until it is known: none is made up here. `id_number` comes whole and is
    masked on paper.
    """

    config: Config
    receipt_no: str
    official_no: str
    procedure: str
    applicant: str
    id_number: str
    address: str
    phone: str
    email: str
    officer: str
    at: datetime
