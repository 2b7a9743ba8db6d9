"""Commands of a receipt printer are byte for byte what was sent before python-escpos made them."""

import ast
from pathlib import Path

from printers import escpos_commands as commands

ROOT = Path(__file__).parents[2]


def test_each_command_is_the_one_of_the_manual() -> None:
    assert commands.INIT == b"\x1b@"
    assert commands.CUT == b"\x1dV\x01"
    assert commands.ASK_PRINTER == b"\x10\x04\x01"
    assert commands.ASK_OFFLINE_CAUSES == b"\x10\x04\x02"
    assert commands.ASK_ERRORS == b"\x10\x04\x03"
    assert commands.ASK_PAPER == b"\x10\x04\x04"
    assert commands.BARRIER == b"\x1dr\x01"


def test_the_header_of_a_band_has_its_width_and_height_low_byte_first() -> None:
    header = commands.raster_header(72, 513)
    assert header == b"\x1dv0\x00\x48\x00\x01\x02"
    assert len(header) == commands.BAND_HEADER


def test_no_other_module_writes_a_command() -> None:
    """The virtual printer reads them: it stands for the firmware."""
    modules = [path for path in (ROOT / "printers").rglob("*.py") if "virtual" not in path.parts]
    writers = {path.name for path in modules if any(_commands(path))}
    assert writers <= {"escpos_commands.py", "escpos.py"}, "escpos.py finds DLE EOT inside a picture"


def _commands(path: Path) -> list[bytes]:
    """Return the bytes in a module that begin as a command does: ESC, GS, DLE EOT."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    values = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, bytes)]
    return [value for value in values if value[:1] in (b"\x1b", b"\x1d") or value[:2] == b"\x10\x04"]
