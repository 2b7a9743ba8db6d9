"""What a printer's bytes mean: real-time status, `GS r`, automatic status.

Each kind has fixed bits. What does not bear them is no answer: a late or foreign byte must never count as "paper ok".
"""

from printers.devices.base import Paper, Status

SIGNS_OF_LIFE, CAUSES, ERRORS, ROLL = (b"\x10\x04" + bytes((n,)) for n in (1, 2, 3, 4))  # DLE EOT n
BARRIER = b"\x1dr\x01"  # GS r 1: answered in its turn, when all before it was done
AUTOMATIC_LENGTH = 4


def is_status(byte: int) -> bool:
    """Whether a byte can be the answer to DLE EOT."""
    return byte & 0x93 == 0x12


def begins_automatic(byte: int) -> bool:
    """Whether a byte begins an automatic status of four bytes, which may come between any two answers."""
    return byte & 0x93 == 0x10


def is_barrier(byte: int) -> bool:
    """Whether a byte can be the answer to GS r 1."""
    return byte & 0xF0 == 0


def ended_without_paper(byte: int) -> bool:
    """Whether the answer to GS r 1 says that the paper ended."""
    return bool(byte & 0x0C)


def parse_status(life: int, causes: int, paper: int, errors: int = 0) -> Status:
    """The answers to DLE EOT 1, 2, 4 (and 3 where there is an error) as a status."""
    roll: Paper = "out" if paper & 0x60 or causes & 0x20 else "near_end" if paper & 0x0C else "ok"
    if causes & 0x04:
        return Status(roll, "cover_open")
    if roll == "out":
        return Status(roll, "paper_out")
    if causes & 0x40:
        return Status(roll, "cutter" if errors & 0x08 else "broken")
    return Status(roll, "offline" if life & 0x08 else None)
