"""Renewal of the key: the page requests it and shows its state; the code is shown nowhere."""

from dataclasses import replace

import pytest
from flask import Flask

from kiosk.acts import renewing
from kiosk.records import renewals
from tests.pages.technician.sitting import Bench

KEY = "/technician/key"
CODE = "QC7M-93PA-TQ4N"


@pytest.fixture
def bench(app: Flask) -> Bench:
    return Bench(app)


def _asked(bench: Bench) -> str:
    with bench.context.store.read() as db:
        renewal = renewals.pending(db)
    assert renewal is not None
    assert renewal.code is not None
    assert CODE.encode() not in renewal.code
    return bench.context.vault.open(renewals.CODE, renewals.CODE, renewal.code).decode()


@pytest.mark.parametrize("typed", [CODE, "qc7m 93pa tq4n", " QC7M93PATQ4N ", "qc7m.93pa.tq4n"])
def test_a_code_is_taken_as_a_hand_types_it_and_kept_sealed(bench: Bench, typed: str) -> None:
    page = bench.go(KEY).post(KEY, code=typed)
    assert "Đang xin cổng nhận khóa mới" in page.words
    assert CODE not in page.page
    assert _asked(bench) == CODE


def test_a_code_of_another_shape_is_taken_as_it_is(bench: Bench) -> None:
    bench.go(KEY).post(KEY, code="Ab-c_dEfGhIjKlMnOpQrStUvWx")
    assert _asked(bench) == "Ab-c_dEfGhIjKlMnOpQrStUvWx"


@pytest.mark.parametrize("typed", ["", "ABC", "mã bí mật của phường", "x" * 65])
def test_what_cannot_be_a_code_is_said_and_stays_to_be_mended(bench: Bench, typed: str) -> None:
    page = bench.go(KEY).post(KEY, code=typed)
    assert page.answer.status_code == 422
    assert "ba nhóm bốn chữ" in page.words
    assert f'value="{typed}"' in page.page
    with bench.context.store.read() as db:
        assert renewals.pending(db) is None


def test_another_code_takes_the_place_of_the_first(bench: Bench) -> None:
    bench.go(KEY).post(KEY, code="AAAA-AAAA-AAAA").post(KEY, code=CODE)
    assert _asked(bench) == CODE
    with bench.context.store.read() as db:
        assert db.execute("select count(*) from key_renewals").fetchone() == (1,)


def test_the_page_says_how_it_went(bench: Bench) -> None:
    assert "chưa đổi lần nào" in bench.go(KEY).words
    bench.post(KEY, code=CODE)
    renewing.record_no_answer(bench.context, 1, "link: refused")
    assert "Chưa tới được cổng (link: refused)" in bench.go(KEY).words
    with bench.context.store.read() as db:
        pending = renewals.pending(db)
    assert pending is not None
    renewing.record_refusal(bench.context, pending, "403")
    assert "Cổng không nhận mã lúc 8:30 (mã lỗi 403)" in bench.go(KEY).words
    bench.post(KEY, code=CODE)
    renewing.record_renewal(bench.context, 2)
    assert "Đã đổi khóa lúc 8:30" in bench.go(KEY).words
    assert "Cổng đã nhận khóa mới" in bench.go("/technician/journal").words


def test_a_kiosk_that_sends_nowhere_has_no_key_to_renew(app: Flask, bench: Bench) -> None:
    portal = replace(bench.context.config.portal, kind="none")
    app.extensions["context"] = replace(bench.context, config=replace(bench.context.config, portal=portal))
    assert 'name="code"' not in bench.go(KEY).page
