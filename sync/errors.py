"""What can go wrong on the way to a portal, sorted by what the caller does next.

An error that is raised before a byte has left is ``NotSent``; as soon as one may have left it is ``Unsure``, whatever
else is known. Only an answer that proves to come from the portal (see the contract) may raise one of the others.
``reason`` is the class that the outbox and the link keep; ``code`` is short and never personal.

    SyncError
    ├── NotSent            link         nothing left: the same again later, no form to blame
    ├── Unsure             unknown      it may be there: settle it (repeat or verify), then decide
    ├── Pause                           stop sending anything for a while; no form to blame
    │   ├── NotKnown       auth         401: the technician looks at the enrolment; tried again by itself
    │   ├── NotAllowed     auth         403: nothing more until a technician has acted
    │   ├── TooFast        rate         429, 503: after ``seconds``
    │   ├── Maintenance    maintenance  the portal says so itself
    │   ├── WrongClock     clock        401 twice, although signed with the portal's time
    │   └── WrongVersion   version      426 or another protocol: this program must be renewed
    ├── Smaller                         none of the batch was taken: send it in smaller pieces
    │   ├── TooLarge       size         413: a single one is set aside
    │   └── Poison         poison       400, 422: bisect to the one, set it aside
    ├── Restored           unknown      410: the portal forgot; read from the start and audit
    ├── EnrolmentRefused   auth         another one-time code is needed
    ├── BadFile          unknown      a file on a stick is cut, changed, or for somebody else
    └── BadPortal          version      the settings name a portal that cannot be
"""

# ruff: noqa: N818 - the names are read in sentences ("raise NotSent"), and the tree above says that they are errors

from typing import Literal

Reason = Literal["link", "unknown", "auth", "rate", "maintenance", "clock", "version", "size", "poison"]


class SyncError(Exception):
    """Something between this machine and a portal; ``code`` says what, shortly and without personal data."""

    reason: Reason = "unknown"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotSent(SyncError):
    """Nothing left this machine."""

    reason: Reason = "link"


class Unsure(SyncError):
    """It may have arrived: the answer is missing, broken, or somebody else's."""


class Pause(SyncError):
    """Nothing may be sent for ``seconds`` (None: the engine chooses); ``is_held``: until a technician acts."""

    is_held = False

    def __init__(self, code: str, seconds: float | None = None) -> None:
        super().__init__(code)
        self.seconds = seconds


class NotKnown(Pause):
    """The portal does not know this kiosk's key or signature."""

    reason: Reason = "auth"


class NotAllowed(Pause):
    """The portal knows this kiosk and refuses it."""

    reason: Reason = "auth"
    is_held = True


class TooFast(Pause):
    """The portal asks to slow down."""

    reason: Reason = "rate"


class Maintenance(Pause):
    """The portal is being looked after."""

    reason: Reason = "maintenance"


class WrongClock(Pause):
    """Even with the portal's own time a signature is out of time."""

    reason: Reason = "clock"


class WrongVersion(Pause):
    """The portal speaks a version that this program does not."""

    reason: Reason = "version"


class Smaller(SyncError):
    """The batch was refused as a whole; nothing of it was taken."""

    reason: Literal["size", "poison"] = "poison"


class TooLarge(Smaller):
    """The batch has too many bytes."""

    reason: Literal["size", "poison"] = "size"


class Poison(Smaller):
    """Something in the batch cannot be read by the portal."""


class Restored(SyncError):
    """The portal does not know the cursor: it was restored from a copy."""

    def __init__(self, code: str, epoch: str) -> None:
        super().__init__(code)
        self.epoch = epoch


class EnrolmentRefused(SyncError):
    """The one-time code does not fit this kiosk, unit and key."""

    reason: Reason = "auth"


class BadPortal(SyncError):
    """No portal can be opened from these settings."""

    reason: Reason = "version"


class BadFile(SyncError):
    """A file on a stick that cannot be used as it is; ``code``: foreign, changed, unknown-key, not-for-us, not-json."""
