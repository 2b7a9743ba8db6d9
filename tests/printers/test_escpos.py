import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printers.document import Document, Text
from printers.render import escpos, raster
from printers.settings import PrinterSettings
from printers.virtual.machine import Mechanism
from tests.printers.samples import slip, ticket

PAPER = PrinterSettings()
BARE = PrinterSettings(feed=0)
REAL_TIME = re.compile(rb"\x10[\x04\x05\x14]")


def printed(stream: bytes, dots: int = 576) -> Mechanism:
    """Return the mechanism after a stream."""
    mechanism = Mechanism(dots=dots, answer=lambda answer: None, watch=lambda mask: None, roll_status=lambda: 0)
    while stream:
        used, _ = mechanism.feed(stream)
        assert used, "the stream ends in the middle of a command"
        stream = stream[used:]
    return mechanism


def picture(data: bytes, width: int) -> Image.Image:
    """Return any bytes as a picture."""
    row = (width + 7) // 8
    data = data.ljust(-(-max(len(data), 1) // row) * row, b"\0")
    return Image.frombytes("1", (width, len(data) // row), data).convert("L").point([255] * 128 + [0] * 128, "1")


@pytest.mark.parametrize("document", [ticket(), slip()])
def test_the_printed_paper_is_the_drawn_picture(document: Document) -> None:
    (drawn,) = raster.render(document, PAPER)
    mechanism = printed(escpos.encode([drawn], PAPER))
    (paper,) = mechanism.papers
    assert paper.crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()
    assert paper.height == drawn.height + PAPER.feed
    assert not mechanism.strays


# A dot after DLE may be added, so dark pictures differ from the original by one bit at most.
@given(st.binary(min_size=1, max_size=400), st.sampled_from([8, 16, 40]))
def test_rows_are_exact_but_for_a_flipped_dot(data: bytes, width: int) -> None:
    drawn = picture(data, width)
    (paper,) = printed(escpos.encode([drawn], BARE), width).papers
    assert paper.size == drawn.size
    before, after = (p.convert("L").point([1] * 128 + [0] * 128, "1").tobytes() for p in (drawn, paper))
    changed = [at for at in range(len(before)) if before[at] != after[at]]
    assert all(before[at - 1] == 0x10 and after[at] == before[at] | 0x08 for at in changed)


@given(st.lists(st.sampled_from([b"\x10", b"\x04", b"\x05", b"\x14", b"\x00", b"\x01"]), min_size=1, max_size=300))
def test_no_real_time_command_hides_in_a_picture(parts: list[bytes]) -> None:
    assert not REAL_TIME.search(escpos.encode([picture(b"".join(parts), 24)], PAPER))


@given(
    st.text(st.characters(), max_size=40),
    st.sampled_from(["\x1b@", "\x1dV0", "\x10\x04\x01", "\x1bp0", "\x10\x14\x01"]),
)
@settings(max_examples=60, deadline=None)
def test_bytes_in_a_name_never_become_commands(name: str, command: str) -> None:
    stream = escpos.encode(raster.render(Document((Text(f"{name}{command}{name}"),)), PAPER), PAPER)
    assert not REAL_TIME.search(stream)
    mechanism = printed(stream)
    assert len(mechanism.papers) == 1
    assert not mechanism.strays
    assert stream.startswith(b"\x1b@\x1dv0")


def test_bands_keep_to_their_height_and_blank_paper_costs_little() -> None:
    stream = escpos.encode([Image.new("1", (576, 1000), 1)], BARE)
    heights = [int.from_bytes(size[2:], "little") for size in re.findall(rb"\x1dv0\0(....)", stream, re.DOTALL)]
    assert heights == [200] * 5
    assert len(stream) < 1100


def test_a_printer_without_cutter_gets_no_cut() -> None:
    drawn = raster.render(ticket(), PAPER)
    assert escpos.encode(drawn, PAPER).endswith(b"\x1dV\x01")
    assert b"\x1dV" not in escpos.encode(drawn, PrinterSettings(cutter=False))[-40:]


@pytest.mark.parametrize("left", [1, 5000, 14399])
def test_a_printer_left_in_the_middle_of_a_band_comes_back(left: int) -> None:
    band = b"\x1b@\x1dv0\0\x48\0\xc8\0" + bytes([0xAA]) * (14400 - left)
    (drawn,) = raster.render(ticket(), PAPER)
    mechanism = printed(band + escpos.recovery_bytes(PAPER, is_torn=True) + escpos.encode([drawn], PAPER))
    torn, whole = mechanism.papers
    assert whole.crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()
    assert torn.height > 0
    assert not mechanism.strays


@pytest.mark.parametrize("length", range(1, 9))
def test_a_printer_left_in_the_middle_of_a_bands_header_comes_back(length: int) -> None:
    header = b"\x1dv0\0\x48\0\xc8\0"[:length]
    (drawn,) = raster.render(ticket(), PAPER)
    recovery = escpos.recovery_bytes(PAPER, is_torn=True)
    mechanism = printed(b"\x1b@" + header + recovery + escpos.encode([drawn], PAPER))
    assert mechanism.papers[-1].crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()
    assert set(mechanism.strays) <= set(header) | {0}


def test_a_stream_in_drops_prints_like_a_stream_in_one() -> None:
    stream = escpos.encode(raster.render(Document((Text("Ẳ"),)), PAPER), PAPER) + b"\x1bd\x02\x1br\n\x1dV\x42\x00"
    whole = printed(stream)
    drops = Mechanism(dots=576, answer=lambda answer: None, watch=lambda mask: None, roll_status=lambda: 0)
    buffer = b""
    for byte in stream:
        buffer += bytes((byte,))
        while buffer and (used := drops.feed(buffer)[0]):
            buffer = buffer[used:]
    assert not buffer
    assert [paper.tobytes() for paper in drops.papers] == [paper.tobytes() for paper in whole.papers]
    assert drops.strays == whole.strays == b"\x1br"
