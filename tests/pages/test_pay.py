"""The touchscreen's page with the code of the visit's own fee: the sum, the arrival of the money, and nothing after."""

from dataclasses import replace

import pytest

from kiosk.acts import charging
from kiosk.acts.charging import FeeInput, FeeRequest
from kiosk.dossiers import awaited_transfers, payment_keys
from kiosk.pages.qr_code import qr_svg
from kiosk.papers import fee
from tests.acts.test_crediting import notice_of, tell
from tests.journeys import submission_checks
from tests.journeys.test_certified_copy import _papers
from tests.journeys.walker import Walker

DUE = 8_000
GONE = "Mời làm lại từ đầu"


def _case(walker: Walker) -> FeeRequest:
    submission = submission_checks.only_submission(walker.context)
    return FeeRequest(submission.id, submission.receipt_no, seen_count=0)


def _code(walker: Walker, amount: int) -> str:
    """Return the picture of the code of a sum."""
    key = payment_keys.receipt_key(walker.context, _case(walker).receipt_no)
    return qr_svg(fee.payment_code(walker.context.config, key, amount))


def _tell(walker: Walker, amount: int) -> None:
    tell(walker.context, notice_of(walker.context, _case(walker), amount))


def _state(walker: Walker) -> str:
    return str(walker.browser.get("/pay/state").get_json()["state"])


@pytest.fixture
def done(walker: Walker) -> Walker:
    """Return a citizen at the done page of two papers with two copies each."""
    _papers(walker).fill(add="bang").fill(add="hoc_ba").fill({"giay_to.0.so_ban": "2", "giay_to.1.so_ban": "2"})
    walker.scan("me")
    assert walker.at == "/done"
    return walker


@pytest.fixture
def paying(done: Walker) -> Walker:
    """Return the citizen at the page with the code; a bank has told the ward of another payment."""
    tell(done.context, notice_of(done.context, _case(done), 5_000, key=""))
    done.fill(form="pay")
    assert done.at == "/pay"
    return done


def test_one_touch_leads_from_the_number_to_the_code_of_its_sum(done: Walker) -> None:
    assert "Trả 8.000\u00a0đồng" in done.page
    assert not awaited_transfers.is_awaited(done.context)
    done.fill(form="pay")
    assert awaited_transfers.is_awaited(done.context)
    assert _code(done, DUE) in done.html
    assert "8.000 đồng Số của ông/bà: B001" in done.words.replace("\u00a0", " ")
    assert "Mã tập, không chuyển được tiền" in done.words
    assert "Quầy sẽ xem tiền về." in done.words, "no bank tells this ward anything"


def test_the_page_has_no_name_and_no_receipt_number(paying: Walker) -> None:
    assert _case(paying).receipt_no not in paying.html
    assert "Nguyễn" not in paying.words


def test_the_money_that_came_takes_the_place_of_the_code(paying: Walker) -> None:
    assert "Chưa thấy tiền về." in paying.words
    before = _state(paying)
    assert f'data-state="{before}"' in paying.page
    _tell(paying, DUE)
    assert _state(paying) != before
    paying.go("/pay")
    assert paying.heading == "Đã trả. Mời chờ gọi số"
    assert "Ngân hàng báo lúc 08:30: đủ tiền, đúng mã." in paying.words
    assert "B001" in paying.words
    assert "<svg" not in paying.page.partition('class="plaque"')[2].partition("</section>")[0]
    assert 'id="pay"' not in paying.go("/done").page


def test_a_part_is_said_and_the_code_is_of_the_rest(paying: Walker) -> None:
    _tell(paying, 3_000)
    part = _state(paying)
    paying.go("/pay")
    assert "Đã nhận 3.000 đồng." in paying.words.replace("\u00a0", " ")
    assert _code(paying, 5_000) in paying.html
    assert "Trả 5.000\u00a0đồng" in paying.go("/done").page
    _tell(paying, 1_000)
    assert _state(paying) != part
    _tell(paying, 4_000)
    assert "Đã nhận 8.000 đồng." in paying.go("/pay").words.replace("\u00a0", " ")


def test_too_much_is_said_and_given_back_at_the_counter(paying: Walker) -> None:
    _tell(paying, DUE + 500)
    assert "Thừa 500 đồng: quầy trả lại." in paying.go("/pay").words.replace("\u00a0", " ")
    assert _code(paying, DUE) not in paying.html


@pytest.mark.parametrize("method", ["cash", "transfer"])
def test_what_the_counter_has_taken_is_not_asked_for_again(paying: Walker, method: fee.PaymentMethod) -> None:
    paid = [FeeInput(fee="sao_y", listed=DUE, amount=DUE)]
    assert charging.record_payment(paying.context, _case(paying), paid, method=method, actor="CB01")
    assert _state(paying) == "none"
    paying.go("/pay")
    assert paying.at == "/done"
    assert 'id="pay"' not in paying.page


def test_a_further_fee_is_asked_for_alone(paying: Walker) -> None:
    paid = [FeeInput(fee="sao_y", listed=DUE, amount=DUE)]
    assert charging.record_payment(paying.context, _case(paying), paid, method="transfer", actor="CB01")
    more = replace(_case(paying), seen_count=1)
    assert charging.request_fees(paying.context, more, [FeeInput("qua_han", 2_000, 2_000)], actor="CB01")
    assert _code(paying, 2_000) in paying.go("/pay").html


def test_the_next_person_at_the_screen_finds_nothing_of_it(paying: Walker) -> None:
    paying.fill()
    assert paying.at == "/"
    for browser in (paying.browser, paying.app.test_client()):
        for address in ("/pay", "/pay/state"):
            answer = browser.get(address)
            assert answer.status_code == 410
            assert "8.000" not in answer.get_data(as_text=True)


def test_a_page_that_nobody_touches_ends_the_visit(paying: Walker) -> None:
    idle = paying.form("idle")
    assert (idle.action, idle.sends["idle"]) == ("/leave", "1")
    assert 'data-seconds="120"' in paying.page


def test_without_an_account_there_is_no_way_to_the_page(done: Walker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fee, "PRACTICE_ACCOUNT", replace(fee.PRACTICE_ACCOUNT, account=""))
    assert 'id="pay"' not in done.go("/done").page
    done.go("/pay")
    assert done.at == "/done"
