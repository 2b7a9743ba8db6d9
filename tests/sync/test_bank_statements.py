"""Statements of banks: two shapes, encodings, broken and merged lines, 50,000 rows, by page and by command."""

import io
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from kiosk.cli import main
from sync.gateway.payments.payment_notices import record_lines
from sync.gateway.payments.statement import BadStatement, parse_statement
from sync.gateway.payments.twin import StatementShape, TwinBank
from sync.payment_key import find_keys, format_key
from tests.sync.payments import KEY, PAYER, Payments
from tests.sync.practice_gateway import PASSWORD, UNIT, PracticeGateway
from tests.sync.test_operator import add_account, csrf

AT = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
HEAD = "Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Mô tả\n"
SHAPES: tuple[StatementShape, ...] = ("two columns", "sign")


def encode_1258(text: str) -> bytes:
    """Return a text in Windows-1258, which has the tones as letters of their own."""
    parts = []
    for sign in text:
        decomposed = unicodedata.normalize("NFD", sign)
        base = decomposed[0]
        marks = decomposed[1:]
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        others = [mark for mark in marks if mark not in tones]
        parts.append(unicodedata.normalize("NFC", base + "".join(others)) + "".join(tones))
    return "".join(parts).encode("cp1258")


def bank() -> TwinBank:
    twin = TwinBank("secret")
    for number in range(5):
        twin.move(16_000 + number, f"PHI {format_key('PK03', number)}", AT)
    twin.move(1_250_000, f"HOAN {KEY}", AT, direction="out")
    return twin


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_both_shapes_are_read_in_every_encoding(shape: StatementShape, encoding: str) -> None:
    twin = bank()
    text = twin.statement(shape)
    statement = parse_statement(encode_1258(text) if encoding == "cp1258" else text.encode(encoding))
    assert statement.broken == []
    read = [(line.reference, line.direction, line.amount, find_keys(line.text)) for line in statement.lines]
    assert read == [(line.reference, line.direction, line.amount, find_keys(line.text)) for line in twin.lines]
    assert all(len(keys) == 1 for *_, keys in read)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(separator: str) -> None:
    text = f"{HEAD}24/11/2026,FT0001,,16000,PHI {KEY}\n".replace(",", separator)
    assert [line.amount for line in parse_statement(text.encode()).lines] == [16_000]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("16000", 16_000), ('"16,000"', 16_000), ("16.000", 16_000), ('"16.000,00"', 16_000),
        ('"1,016,000.00"', 1_016_000),
        ("16 000", 16_000), ("16000 VND", 16_000), ("+16000", 16_000), ("16000.0", 16_000),
        ("16000.50", None), ("1600.000", None), ('"16,00,000"', None), ("x", None), ("", None), ("-", None),
        ("9999999999999", None),
    ],
)  # fmt: skip
def test_amounts_are_whole_dong_or_the_line_is_named(written: str, amount: int | None) -> None:
    statement = parse_statement(f"{HEAD}24/11/2026,FT0001,,{written},PHI {KEY}\n".encode())
    assert [line.amount for line in statement.lines] == ([] if amount is None else [amount])
    assert statement.broken == ([2] if amount is None else [])


@pytest.mark.parametrize("written", ["24/11/2026", "24-11-2026", "2026-11-24", "24/11/26", "24.11.2026"])
@pytest.mark.parametrize("hour", ["", " 08:30", " 08:30:00"])
def test_days_and_hours_are_those_of_the_ward(written: str, hour: str) -> None:
    (line,) = parse_statement(f"{HEAD}{written}{hour},FT0001,,16000,x\n".encode()).lines
    assert line.booked_at == (AT if hour else datetime(2026, 11, 23, 17, tzinfo=UTC))


def test_a_key_that_a_line_end_cuts_is_read(tmp_path: Path) -> None:
    half = len(KEY) // 2
    quoted = f'24/11/2026,FT0001,,16000,"PHI {KEY[:half]}\n{KEY[half:]}"\n'
    run_on = f"24/11/2026,FT0002,,16000,PHI {KEY[:half]}\n,,,,{KEY[half:]}\n"
    alone = f"24/11/2026,FT0003,,16000,PHI {KEY[:half]}\n{KEY[half:]}\n"
    comma = f"24/11/2026,FT0004,,16000,PHI, {KEY}, {PAYER}\n"
    lines = parse_statement((HEAD + quoted + run_on + alone + comma).encode()).lines
    assert [find_keys(line.text) for line in lines] == [[KEY]] * 4


def test_lines_that_cannot_be_read_are_named_and_the_others_taken() -> None:
    rows = [
        "24/11/2026,FT0001,,16000,a",
        "32/11/2026,FT0002,,16000,day",
        "24/11/2026,,,16000,no reference",
        "24/11/2026,FT0004,500,16000,both",
        '"24/11/2026\n24/11/2026","FT0005\nFT0006",,"16000\n24000",two in one',
        "24/11/2026,FT0007",
        '24/11/2026,"FT0009\nFT0010",,16000,two numbers',
        "Tổng cộng,,500,48000,",
        "Người lập biểu",
        "24/11/2026,FT0008,,17000,b",
    ]
    statement = parse_statement((HEAD + "\n".join(rows)).encode())
    assert [line.reference for line in statement.lines] == ["FT0001", "FT0008"]
    assert statement.broken == [3, 4, 5, 6, 10, 11]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "empty"), (b" \n", "empty"), (b"\xff\xfe\x00", "encoding"), (b"a,b\n1,2\n", "columns"),
        (b"\x89PNG\r\n" + bytes(range(256)), "encoding"), (b"PK\x03\x04" + b"\x81\x8d" * 50, "encoding"),
    ],
)  # fmt: skip
def test_another_file_is_refused(content: bytes, error: str) -> None:
    with pytest.raises(BadStatement, match=error):
        parse_statement(content)


def test_what_the_web_hook_has_told_is_confirmed_and_the_rest_is_new(payments: Payments) -> None:
    payments.pay()
    payments.bank.move(24_000, f"PHI {KEY}", AT)
    payments.bank.move(50_000, "CHUYEN KHOAN", AT)
    payments.bank.move(700_000, "TIEN DIEN", AT, direction="out")
    statement = parse_statement(payments.bank.statement("two columns").encode())
    with payments.practice.engine.begin() as db:
        counts = record_lines(db, payments.account, statement.lines, "statement", payments.now)
    assert (counts.new, counts.unclear, counts.known, counts.other) == (2, 1, 1, 1)
    assert payments.practice.sql("select count(*) from payment_notices where stated_at is not null") == [(3,)]
    assert [notice["source"] for notice in payments.page()["payments"]] == ["notice", "statement", "statement"]


def test_a_statement_that_cut_the_text_is_no_conflict(payments: Payments) -> None:
    line = payments.bank.move(16_000, f"PHI {KEY}", AT)
    with payments.practice.engine.begin() as db:
        record_lines(db, payments.account, [line], "notice", payments.now)
        counts = record_lines(db, payments.account, [replace(line, text="PHI")], "statement", payments.now)
    assert (counts.known, counts.conflicts) == (1, ())


def test_fifty_thousand_rows_are_stored_once(payments: Payments) -> None:
    for number in range(50_000):
        payments.bank.move(1000 + number, f"PHI {format_key('PK03', number)}", AT)
    content = payments.bank.statement("sign").encode("utf-16")
    for expected in ((50_000, 0), (0, 50_000)):
        statement = parse_statement(content)
        with payments.practice.engine.begin() as db:
            counts = record_lines(db, payments.account, statement.lines, "statement", payments.now)
        assert (counts.new, counts.known, counts.unclear, statement.broken) == (*expected, 0, [])
    assert payments.practice.sql("select count(*), max(seq) from payment_notices") == [(50_000, 50_000)]


def upload(payments: Payments, content: bytes, account_id: str, login: str = "operator") -> TestResponse:
    browser = payments.practice.gateway.app.test_client()
    browser.post("/sign-in", data={"login": login, "password": PASSWORD})
    token = csrf(browser.get("/payments"))
    files = {"statement": (io.BytesIO(content), "sao-ke.csv"), "account": account_id, "csrf": token}
    return browser.post("/payments", data=files, content_type="multipart/form-data")


def test_an_operator_imports_a_statement_on_the_page(payments: Payments) -> None:
    payments.bank.move(16_000, f"PHI {KEY} {PAYER}", AT)
    content = payments.bank.statement("sign") + "24/11/2026;;+;1.000;x\n"
    page = upload(payments, content.encode(), payments.account.account_id)
    for words in ("1 mới", "0 đã có", "1 dòng không đọc được", "1017000123"):
        assert words in page.text
    assert PAYER not in page.text
    assert "Tệp không có gì" in upload(payments, b"", payments.account.account_id).text
    assert "Không có tài khoản này" in upload(payments, content.encode(), "a" * 16).text
    acts = payments.practice.sql("select act, reason from trail where act = 'imported_statement'")
    assert acts == [("imported_statement", UNIT)]


def test_an_account_of_other_wards_neither_sees_nor_imports(payments: Payments) -> None:
    add_account(payments.practice, "phuongkhac", "operator")
    payments.practice.sql("update people set units = 'H57.99.02' where login = 'phuongkhac'")
    page = upload(payments, bank().statement("sign").encode(), payments.account.account_id, login="phuongkhac")
    assert "Không có tài khoản này" in page.text
    assert "1017000123" not in page.text
    assert payments.practice.sql("select count(*) from payment_notices") == [(0,)]


def test_accounts_and_statements_by_command(
    practice: PracticeGateway, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    practice.enrolled_kiosk()
    monkeypatch.setenv("KIOSK_GATEWAY_KEY", practice.settings.key_file)
    settings = tmp_path / "kiosk.toml"
    settings.write_text("[kiosk]\nid = 'PK03'\n")
    file = tmp_path / "sao-ke.csv"
    file.write_text(bank().statement("two columns"), encoding="utf-8")

    def run(*args: str) -> int:
        command = ["--config", str(settings), "gateway", "--database", practice.settings.database, "payment", *args]
        return main(command)

    assert run("account", UNIT, "so tai khoan") == 2
    assert run("account", UNIT, "1017000123") == 0
    account_id = capsys.readouterr().out.splitlines()[0].rpartition("/")[2]
    assert run("statement", account_id, str(file)) == 0
    assert "6 mới (0 không có mã), 0 đã có" in capsys.readouterr().out
    file.write_text(bank().statement("sign").replace("16.000;", "16.500;"), encoding="utf-8")
    assert run("statement", account_id, str(file)) == 1
    assert "Khác với điều đã biết" in capsys.readouterr().out
    assert run("list") == 0
    assert "1017000123" in capsys.readouterr().out
    assert run("statement", "a" * 16, str(file)) == 2
    assert run("statement", account_id, str(tmp_path / "none.csv")) == 2
    assert run("end", account_id) == 0
    assert run("end", account_id) == 2
