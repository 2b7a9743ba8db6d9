"""Status bytes of ESC/POS printers: real-time status, `GS r`, automatic status.

Each kind of answer has fixed bits. A byte without them is no answer: a late or foreign byte must never count as "paper
ok".
"""

from printers.devices.base import Paper, Status

AUTOMATIC_LENGTH = 4


def is_status(byte: int) -> bool:
    """Return whether a byte can be the answer to DLE EOT."""
    return byte & 0x93 == 0x12


def begins_automatic(byte: int) -> bool:
    """Return whether a byte begins an automatic status of four bytes, which may come between any two answers."""
    return byte & 0x93 == 0x10


def is_barrier(byte: int) -> bool:
    """Return whether a byte can be the answer to GS r 1."""
    return byte & 0xF0 == 0


def ended_without_paper(byte: int) -> bool:
    """Return whether the answer to GS r 1 says that the paper ended."""
    return bool(byte & 0x0C)


def parse_status(*, printer: int, causes: int, paper: int, errors: int = 0) -> Status:
    """Parse the answers to DLE EOT 1, 2 and 4, and the one to DLE EOT 3 where there is an error."""
    roll: Paper = "out" if paper & 0x60 or causes & 0x20 else "near_end" if paper & 0x0C else "ok"
    if causes & 0x04:
        return Status(roll, "cover_open")
    if roll == "out":
        return Status(roll, "paper_out")
    if causes & 0x40:
        return Status(roll, "cutter" if errors & 0x08 else "broken")
    return Status(roll, "offline" if printer & 0x08 else None)
