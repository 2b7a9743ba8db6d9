"""Port of forwarding: an accepted dossier, and the protocol of a system that receives it in steps.

A real system takes a dossier in several requests, some of which may never be repeated. A target names the steps of a
dossier, does one, and says whether one is there. `forward_run` keeps the ledger: a step is committed before its
request, and a begun step is verified before it is repeated. A target keeps no state of its own that it could not lose.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

ForwardOutcome = Literal["taken", "refused", "later"]
StepOutcome = Literal["done", "refused", "later", "unknown"]
StepPresence = Literal["present", "absent", "different", "cannot_tell", "untraceable"]


@dataclass(frozen=True)
class DocumentFile:
    """Document of a dossier whose file is complete; `size` in bytes, `sha256` in hex."""

    item_id: str
    document_code: str
    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True)
class DeskDecision:
    """An event of the desk that set a status: its number, kind, status code (1 to 10), time, and the officer's code."""

    seq: int
    kind: str
    status_code: int
    at: datetime
    officer: str


def _no_content(_sha256: str) -> bytes | None:
    return None


@dataclass(frozen=True)
class Dossier:
    """An accepted dossier in its latest revision.

    Attributes:
        kiosk_id: the kiosk that sent it.
        receipt_no: its receipt number.
        submission_id: its latest revision.
        form_revision: the number of that revision.
        unit_code: the ward's unit.
        procedure_code: the procedure.
        digest: SHA-256 of the body in hex.
        body: the submission as received, JSON in UTF-8.
        accepted_at: time of the desk's acceptance, UTC text.
        tries: attempts to forward it, this one included; starts again after an act of the desk or an operator.
        lease_no: number of this attempt, which no other attempt of the dossier ever has.
        status_code: its status, 1 to 10.
        official_no: the official number that desk or province gave it.
        is_number_taken: another dossier of this gateway has that number too.
        due_at: the day of the result, as the desk wrote it; RFC 3339.
        documents: its documents with a complete file, ordered by code.
        removed: ids of documents that the desk has taken away, ordered.
        decisions: what the desk decided from the first acceptance on, in order.
        read_content: returns the content of a file by its SHA-256, None when it was deleted.
    """

    kiosk_id: str
    receipt_no: str
    submission_id: str
    form_revision: int
    unit_code: str
    procedure_code: str
    digest: str
    body: bytes
    accepted_at: str
    tries: int
    lease_no: int = 0
    status_code: int = 2
    official_no: str | None = None
    is_number_taken: bool = False
    due_at: str | None = None
    documents: tuple[DocumentFile, ...] = ()
    removed: tuple[str, ...] = ()
    decisions: tuple[DeskDecision, ...] = ()
    read_content: Callable[[str], bytes | None] = field(default=_no_content, compare=False, repr=False)


@dataclass(frozen=True)
class ForwardAnswer:
    """Result of an attempt: taken, refused for good, or later; `code` is a short word without personal data.

    `retry_after`: seconds until the next attempt, when the target names them.
    """

    outcome: ForwardOutcome
    code: str = "ok"
    official_no: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True)
class ForwardPlan:
    """The steps of a dossier, in order.

    Attributes:
        steps: names such as `number` or `dossier:4f1c`: a kind, and a version of what the step sends if it replaces
            what is there. A step that the ledger has as done is not repeated.
        waits_for: what is missing before anything can be sent (`official-number`, `procedure`, ...); "" for nothing.
            It delays no other dossier, and is asked again after each act of the desk and each hour.
    """

    steps: tuple[str, ...] = ()
    waits_for: str = ""


@dataclass(frozen=True)
class StepResult:
    """Result of a step's request.

    Attributes:
        outcome: `done`; `refused` for good; `later`: nothing has reached the system; `unknown`: it may be there.
        code: a short word without personal data.
        fact: id or number of the other side that later steps need, at most 500 characters; nothing personal. Kept also
            of an `unknown` outcome.
        official_no: the official number, if this step brought one.
        retry_after: seconds until the next attempt, when the system names them.
        words: what the system said, for the operator; may name a person.
    """

    outcome: StepOutcome
    code: str = "ok"
    fact: str = ""
    official_no: str | None = None
    retry_after: float | None = None
    words: str = ""


@dataclass(frozen=True)
class StepCheck:
    """Answer of the system to the question whether it has a step.

    `different`: something else is there under the name of this dossier: a person decides. `cannot_tell`: it cannot be
    asked now. `untraceable`: it has no way to show this step, so the step is never repeated and is closed as doubtful.
    """

    presence: StepPresence
    code: str = ""
    fact: str = ""
    official_no: str | None = None


@dataclass(frozen=True, kw_only=True)
class SentDossier:
    """A dossier that the system has, as a target needs it to ask for its state.

    Attributes:
        receipt_no: its receipt number.
        submission_id: its first revision that was forwarded, or a later one.
        unit_code: the ward's unit.
        procedure_code: the procedure.
        official_no: the official number; None while there is none.
        facts: the facts of its steps, by kind.
    """

    receipt_no: str
    submission_id: str
    unit_code: str
    procedure_code: str
    official_no: str | None
    facts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class StateAnswer:
    """Answer of the system to the question for a dossier's state.

    Attributes:
        outcome: `known`; `unknown`: it was asked, and shows no state of this dossier; `later`: it cannot be asked now.
        code: a short word without personal data.
        status_code: the state in the national list (1 to 10); None where its own word has no row in the mapping.
        at: when the system set it; None where it does not say.
        official_no: the official number that it shows.
        due_at: the day of the result, RFC 3339.
        words: what it says about the state, for the officer; may name a person.
    """

    outcome: Literal["known", "unknown", "later"]
    code: str = ""
    status_code: int | None = None
    at: datetime | None = None
    official_no: str | None = None
    due_at: str | None = None
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class TargetConnection:
    """Connection of a target.

    Attributes:
        addresses: every address that it calls, each once.
        ca: file of the certificate authority; None for those of the machine.
        seconds: limit of one request.
        secret: password, which is masked in the words of the other side.
    """

    addresses: tuple[str, ...]
    ca: Path | None
    seconds: float
    secret: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ConnectionAnswer:
    """Answer to a reading request that examines a connection.

    Attributes:
        outcome: `ok`, `failed`, or `no-call`: the system publishes no such call.
        code: a short word without personal data.
        words: what the system said.
        count: the number of procedures that were asked for.
        missing: procedures that the system does not have, each with the units for which it was asked.
        not_asked: pairs of unit and procedure for which the time did not suffice.
    """

    outcome: Literal["ok", "failed", "no-call"]
    code: str = ""
    words: str = ""
    count: int = 0
    missing: tuple[str, ...] = ()
    not_asked: int = 0


@runtime_checkable
class ConnectionReader(Protocol):
    """A target whose connection can be examined; nothing changes at the system."""

    def connection(self) -> TargetConnection:
        """Return what it connects to."""

    def ask_token(self) -> ConnectionAnswer:
        """Sign in."""

    def read_catalogue(self) -> ConnectionAnswer:
        """Ask the system for each procedure of the mapping."""

    def look_up(self) -> ConnectionAnswer:
        """Look up a number that no dossier has."""


@runtime_checkable
class StateReader(Protocol):
    """A target that can be asked for states too."""

    def read_state(self, dossier: SentDossier) -> StateAnswer:
        """Return the state of a dossier; nothing changes at the system."""


class ForwardTarget(Protocol):
    """A system behind the gateway; a failure of the connection is an answer, never an exception."""

    @property
    def name(self) -> str:
        """Return the name of the target in the ledger; another name begins a ledger of its own."""

    def plan(self, dossier: Dossier, facts: Mapping[str, str]) -> ForwardPlan:
        """Return the steps of a dossier; `facts` are those of its done steps, by kind."""

    def run(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepResult:
        """Do a step."""

    def verify(self, dossier: Dossier, step: str, facts: Mapping[str, str]) -> StepCheck:
        """Return whether a step that was begun is at the system."""

    def close(self) -> None:
        """Close the connection."""
