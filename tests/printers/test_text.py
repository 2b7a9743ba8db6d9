from printers.document import Cut, Document, Pair, Table, Text, mark_as_reprint
from printers.render.text import render
from tests.printers.samples import RECEIPT, every_block, slip, ticket


def test_a_ticket_can_be_read_aloud() -> None:
    text = render(ticket())
    for words in ("PHƯỜNG PHÚ XUÂN", "A017", "6 người", RECEIPT, "1900 1075"):
        assert words in text
    assert all(len(line) <= 42 for line in text.splitlines())


def test_a_practice_slip_says_so_first() -> None:
    assert render(slip(practice=True)).startswith("[ TẬP ]")


def test_a_reprint_says_which_copy_it_is() -> None:
    text = render(mark_as_reprint(ticket(), 2, "9:15 25/11/2026"))
    assert "BẢN IN LẠI – lần 2, 9:15 25/11/2026" in text.splitlines()[0]


def test_every_kind_of_block_has_words() -> None:
    text = render(every_block())
    for words in ("Phiếu thử", "2 bản sao | 16.000 đồng", f"[QR {RECEIPT}]", "[CODE128 PK00-000000-0000]", "vạch đen"):
        assert words in text


def test_a_long_pair_takes_two_lines_and_a_table_its_rows() -> None:
    text = render(
        Document(
            (Pair("Nơi cư trú", "Tổ 5, phường Phú Xuân, thành phố Huế"), Table((("a", "b"),), (1, 1)), Cut(), Text(""))
        )
    )
    assert text.splitlines()[0] == "Nơi cư trú"
    assert "a | b" in text
