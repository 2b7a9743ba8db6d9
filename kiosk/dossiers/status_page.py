"""Key of a dossier's status page at the portal, and the four digits of its slip: computed, and stored nowhere.

They are made of the store's key and of the dossier's number and first id, as the e-form numbers of OpenCPS are. So a
reprint and a correction have the same ones, also on a restored machine, and the store needs no table of them. A
person without slip and store key must guess 80 bits. The portal gets two hashes.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from kiosk.base import codes
from kiosk.config import Config
from kiosk.context import Context
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.records import submissions
from sync.encoding import sha256_hex

_KEY_BYTES = 10


@dataclass(frozen=True, kw_only=True)
class StatusKey:
    """The key, 16 letters and digits of base32 in lower case, and the four digits."""

    key: str
    digits: str

    @property
    def hashes(self) -> dict[str, str]:
        """Return the member `statusPage` of a submission's body."""
        return {
            "keyHash": sha256_hex(self.key.encode()),
            "digitsHash": sha256_hex(f"{self.key} {self.digits}".encode()),
        }


def is_offered(config: Config) -> bool:
    """Return whether slips have the address of a status page."""
    return config.portal.capabilities.has_status_pages and bool(config.portal.public_url)


def status_key(context: Context, receipt_no: str, first_id: str) -> StatusKey:
    """Return the key and the digits of a dossier; `first_id` is its first submission.

    The id keeps two dossiers apart that got one number by mistake: after a restore, or from two machines of one name.
    """
    dossier = f"{receipt_no} {first_id}"
    key_hash = bytes.fromhex(context.vault.keyed_hash("status-key", dossier))
    digits_hash = context.vault.keyed_hash("status-digits", dossier)
    key = base64.b32encode(key_hash[:_KEY_BYTES]).decode().lower()
    return StatusKey(key=key, digits=f"{int(digits_hash, 16) % 10_000:04d}")


def printed_key(context: Context, receipt_no: str, first_id: str, sent: Mapping[str, str] | None) -> StatusKey | None:
    """Return the key for a slip; None where the portal does not get this key, or slips have no address.

    Args:
        sent: the member `statusPage` of the newest body; None for a form from before there was an address.
    """
    if sent is None or not is_offered(context.config):
        return None
    key = status_key(context, receipt_no, first_id)
    return key if key.hashes == dict(sent) else None


def key_of(context: Context, opened: OpenedSubmission) -> StatusKey | None:
    """Return the key for slip and screen; none for a form that was withdrawn before it left the machine."""
    if opened.submission.delivery == "withdrawn":
        return None
    receipt_no = opened.submission.receipt_no
    with context.store.read() as db:
        first = submissions.revisions(db, receipt_no)[0]
    return printed_key(context, receipt_no, first.id, opened.status_page)


def address(config: Config, key: StatusKey, receipt_no: str) -> str:
    """Return the text of the slip's code.

    A phone sends all of it but the part behind `#`; the kiosk's scanner reads that part, so it needs no look-up.
    """
    return f"{config.portal.public_url.rstrip('/')}/h/{key.key}#{receipt_no}"


def need_address(config: Config) -> str:
    """Return the address of the ward's pages of what procedures need, the sister of its status pages."""
    return f"{config.portal.public_url.rstrip('/')}/can-mang-gi/{config.ward.unit_code}"


def parse_code(text: str) -> str | None:
    """Return the receipt number of a slip's code or of a typed number; None for any other text.

    Only the part behind `#` counts: a scanner that types may change letters of the address by the keyboard's rules.
    """
    _, mark, number = text.strip().rpartition("#")
    return codes.parse_receipt_no(number if mark else text)
