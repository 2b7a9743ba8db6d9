"""Errors of an exchange with a portal, sorted by the caller's reaction.

An error that is raised before a byte has left is `NotSent`; as soon as one may have left it is `Unsure`, whatever
else is known. Only an answer that proves to come from the portal (see the contract) may raise one of the others.
`reason` is the class that the outbox and the link store; `code` is short and never personal.

    SyncError
    ├── NotSent            link         nothing left, or 421: the same again later, no form is at fault
    ├── Unsure             unknown      it may be there: settle it (repeat or verify), then decide
    ├── Pause                           send nothing for a while; no form is at fault
    │   ├── NotKnown       auth         401: the technician checks the enrolment; retried automatically
    │   ├── NotAllowed     auth         403: nothing more until a technician has acted
    │   ├── TooFast        rate         429, 503: after `seconds`
    │   ├── Maintenance    maintenance  the portal reports maintenance
    │   ├── WrongClock     clock        401 twice, although signed with the portal's time
    │   └── WrongVersion   version      426 or another protocol: this program must be updated
    ├── BatchRefused                    none of the batch was taken: send it in halves
    │   ├── TooLarge       size         413: a single subject becomes `refused`
    │   └── BadRequestBody poison       400, 422: bisect to the bad subject (poison message), which becomes `refused`
    ├── Restored           unknown      410: the portal was restored; read from the start and audit
    ├── EnrolmentRefused   auth         another one-time code is needed
    ├── BadFile            unknown      a file on a USB stick is cut, changed, or for another recipient
    └── BadPortal          version      the settings name an impossible portal
"""

from typing import Literal

Reason = Literal["link", "unknown", "auth", "rate", "maintenance", "clock", "version", "size", "poison"]
RefusalReason = Literal["record", "size", "poison"]
"""The reasons for refusing a subject or a file for good."""
MINIMUM = "release "
"""Code of the failure of a kiosk that is too old: these letters, and the oldest release that the portal takes."""


class SyncError(Exception):
    """Base of all errors between this machine and a portal; `code` is a short word without personal data."""

    reason: Reason = "unknown"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def fact(self) -> str:
        """The code as the log takes it, which leaves out texts with blanks: they may be names."""
        return self.code.replace(" ", "-")


class NotSent(SyncError):
    """Nothing left this machine, or the portal refused it unread because of the address (421)."""

    reason: Reason = "link"


class Unsure(SyncError):
    """It may have arrived: the answer is missing, broken, or does not come from the portal."""


class Pause(SyncError):
    """Nothing may be sent for `seconds` (None: the engine chooses); `is_held`: until a technician acts."""

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
    """The portal is in maintenance."""

    reason: Reason = "maintenance"


class WrongClock(Pause):
    """The portal refuses the time of a signature, although it was the portal's own."""

    reason: Reason = "clock"


class WrongVersion(Pause):
    """The portal uses a version of the protocol that this program does not know."""

    reason: Reason = "version"


class BatchRefused(SyncError):
    """The batch was refused as a whole; nothing of it was taken."""

    reason: Literal["size", "poison"] = "poison"


class TooLarge(BatchRefused):
    """The batch has too many bytes."""

    reason: Literal["size", "poison"] = "size"


class BadRequestBody(BatchRefused):
    """Something in the batch cannot be read by the portal."""


class Restored(SyncError):
    """The portal does not know the cursor: it was restored from a copy."""

    def __init__(self, code: str, epoch: str) -> None:
        super().__init__(code)
        self.epoch = epoch


class EnrolmentRefused(SyncError):
    """The portal refused the one-time code for this kiosk, unit and key."""

    reason: Reason = "auth"


class BadPortal(SyncError):
    """No portal can be opened from these settings."""

    reason: Reason = "version"


class BadFile(SyncError):
    """A file on a USB stick cannot be used.

    `code`: foreign, changed, unknown-key, not-for-us, not-json, too-large.
    """
