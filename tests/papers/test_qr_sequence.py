"""A form as a sequence of codes: it is the same when joined, and missing or foreign parts are errors."""

import json
import re

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kiosk.config import ROOT
from kiosk.papers import qr_sequence
from printers.render import codes

FORM = json.dumps(
    {"họ tên": "Trần Nguyễn Bảo Ngọc", "rows": [{"n": n, "x": f"{n * 7919:x}"} for n in range(400)]}, ensure_ascii=False
)


@given(st.text(max_size=3000))
def test_joined_again_it_is_the_same(text: str) -> None:
    parts = qr_sequence.split_text(text)
    assert qr_sequence.join_parts(parts) == text
    assert qr_sequence.join_parts([*reversed(parts), parts[0]]) == text
    assert all(part.isascii() and len(part) < qr_sequence.PIECE_LETTERS + 30 for part in parts)


def test_a_scanner_reads_each_part_from_its_code() -> None:
    parts = qr_sequence.split_text(FORM)
    assert len(parts) > 2
    texts = []
    for part in parts:
        rows = codes.qr(part, "l")
        side = len(rows)
        assert side <= 97, "version 20: a telephone reads it off a screen"
        small = Image.frombytes("L", (side, side), b"".join(rows)).point([255, 0] + [0] * 254)
        page = Image.new("L", (side * 4 + 32, side * 4 + 32), 255)
        page.paste(small.resize((side * 4, side * 4), Image.Resampling.NEAREST), (16, 16))
        (code,) = zxingcpp.read_barcodes(page)
        texts.append(code.text)
    assert texts == parts
    assert qr_sequence.join_parts(texts) == FORM


def test_a_part_that_is_absent_is_noticed() -> None:
    first, *_others, last = qr_sequence.split_text(FORM)
    with pytest.raises(ValueError, match="absent"):
        qr_sequence.join_parts([first, last])
    with pytest.raises(ValueError, match="two forms"):
        qr_sequence.join_parts([])


def test_parts_of_two_forms_never_mix() -> None:
    parts = qr_sequence.split_text(FORM)
    other = qr_sequence.split_text(FORM.replace("Ngọc", "Châu"))
    assert len(parts) == len(other)
    with pytest.raises(ValueError, match="two forms"):
        qr_sequence.join_parts([*parts[:-1], other[-1]])


@pytest.mark.parametrize(("old", "new"), [("KSK1", "KSK2"), (";", ""), (":1:", ":x:")])
def test_what_is_no_part_is_refused(old: str, new: str) -> None:
    with pytest.raises(ValueError, match="not a part"):
        qr_sequence.join_parts([qr_sequence.split_text("{}")[0].replace(old, new)])


@pytest.mark.parametrize("at", [25, 100, 400])
def test_a_letter_read_wrong_is_noticed(at: int) -> None:
    first, *others = qr_sequence.split_text(FORM)
    wrong = first[:at] + ("A" if first[at] != "A" else "B") + first[at + 1 :]
    with pytest.raises(ValueError, match="read wrong"):
        qr_sequence.join_parts([wrong, *others])


def test_the_lines_of_the_docs_join_a_form() -> None:
    doc = (ROOT / "docs" / "copying.md").read_text("utf-8")
    code = re.search(r"In Python:\n\n((?:    .*\n|\n)+)", doc)
    assert code
    names: dict[str, object] = {"lines": qr_sequence.split_text(FORM)[::-1]}
    exec("\n".join(line[4:] for line in code[1].splitlines()), names)
    assert names["text"] == FORM.encode()
