"""Tests of the jail: each thing that a decoder taken over by a file would try, tried inside it."""

import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.config import ROOT
from kiosk.uploads.pixels import BadPixels, Head, Picture, read_head, read_pictures, write_head, write_picture

pytestmark = pytest.mark.machine_date

TRIES = {
    "read the key": "open(argument, 'rb').read()",
    "read the key by a call of its own": "ctypes.CDLL(None).open(argument.encode(), 0) >= 0 or denied()",
    "read the key after closing an output": "os.close(2); os.open(argument, 0)",
    "write a file": "open(argument + '.new', 'wb')",
    "list a folder": "os.listdir(os.path.dirname(argument))",
    "open a connection": "socket.socket()",
    "open a local connection": "socket.socket(socket.AF_UNIX)",
    "start a program": "os.execv('/bin/true', ['true'])",
    "start a child": "os.fork()",
    "stop the kiosk": "os.kill(os.getppid(), 0)",
    "read the memory of the kiosk": "ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0 or denied()",
    "raise its own limits": "resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9))",
    "take more memory": "bytearray(jail.MEMORY_BYTES)",
}
PROGRAM = """
import ctypes, os, resource, socket, sys
from kiosk.uploads import jail
argument = sys.argv[1]
def denied():
    raise PermissionError
{enter}
try:
    {attempt}
except (OSError, MemoryError, ValueError):
    print("held", flush=True)
    os._exit(0)
print("open", flush=True)
os._exit(0)
"""


def _try(attempt: str, key: Path, enter: str = "jail.enter()") -> str:
    program = PROGRAM.format(attempt=attempt, enter=enter)
    answer = subprocess.run(
        [sys.executable, "-c", program, str(key)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()


@pytest.mark.parametrize("module", ["decoder", "verifier"])
def test_a_jailed_process_loads_no_settings_no_printer_and_no_page(module: str) -> None:
    """They are two thirds of its start, and a file that takes the process over finds them there."""
    program = f"import sys, kiosk.uploads.{module}; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    ours = {name for name in ended.stdout.split() if name.split(".")[0] in {"kiosk", "printers", "sync"}}
    assert {name for name in ours if not name.startswith(("kiosk.uploads", "kiosk.base"))} == {"kiosk"}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.key"
    path.write_bytes(b"secret")
    return path


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES.keys())
def test_the_jail_holds(attempt: str, key: Path) -> None:
    assert _try(attempt, key) == "held"


def test_the_same_file_opens_outside_the_jail(key: Path) -> None:
    assert _try(TRIES["read the key"], key, enter="pass") == "open"


@pytest.mark.parametrize("missing", ["_deny_paths", "_filter_calls", "_limit_resources"])
def test_the_key_stays_unread_when_one_layer_is_missing(missing: str, key: Path) -> None:
    """An older kernel has no Landlock; each layer must hold without the others."""
    enter = f"jail.{missing} = lambda *_: False; jail.enter()"
    assert _try(TRIES["read the key"], key, enter=enter) == "held"


def test_an_architecture_without_a_list_of_calls_decodes_nothing(key: Path) -> None:
    enter = "jail.platform.machine = lambda: 'riscv64'; jail.enter()"
    assert _try("pass", key, enter=enter) == "", "enter raises NoJail"
    assert _try("pass", key) == "open", "nothing is tried"


def _frame(width: int, height: int, colours: bytes, points: float = 0) -> bytes:
    return struct.pack("!IIff", width, height, points, points) + colours


@pytest.mark.parametrize(
    "stream",
    [b"", b"short", _frame(0, 5, b""), _frame(4_000_000_000, 4_000_000_000, b""), _frame(2, 2, b"123"),
     _frame(1, 1, b"123", float("nan")), _frame(1, 1, b"123", 1e9), _frame(1, 1, b"123", -1.0)],
)  # fmt: skip
def test_pixels_of_another_size_than_allowed_are_refused(stream: bytes) -> None:
    with pytest.raises(BadPixels):
        list(read_pictures(io.BytesIO(stream), 1))


@pytest.mark.parametrize(
    "line", [b"", b"no json", b"[]", b'{"pages": 1}', b'{"pages": 41, "refusal": ""}', b'{"pages": 1, "refusal": "x"}',
             b'{"pages": 1e999, "refusal": ""}', b"{" * 1000]
)  # fmt: skip
def test_a_head_that_the_decoder_never_writes_is_refused(line: bytes) -> None:
    with pytest.raises(BadPixels):
        read_head(io.BytesIO(line + b"\n"))


def test_pixels_come_back_as_they_were_written() -> None:
    stream = io.BytesIO()
    picture = Picture(width=2, height=1, points_wide=595, points_high=842, colours=b"abcdef")
    write_head(stream, Head(pages=1))
    write_picture(stream, picture)
    stream.seek(0)
    assert read_head(stream) == Head(pages=1)
    assert list(read_pictures(stream, 1)) == [picture]
