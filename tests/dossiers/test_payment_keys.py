"""Payment keys of cases and queue numbers: one each, without order, the same ones after a restart."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.base import codes
from kiosk.dossiers import payment_keys
from kiosk.dossiers.payment_keys import PaymentSubject
from kiosk.store.vault import Vault
from sync.payment_key import KEYS, format_key
from tests.journeys.walker import Walker

DAY = date(2026, 11, 24)


def test_each_form_and_number_of_a_day_has_a_key_of_its_own_without_order(walker: Walker) -> None:
    receipts = [codes.receipt_no("PK03", DAY, seq) for seq in range(1, 301)]
    keys = [payment_keys.receipt_key(walker.context, receipt_no) for receipt_no in receipts]
    keys += [payment_keys.label_key(walker.context, f"A{number:03d}", DAY) for number in range(1, 301)]
    assert len(set(keys)) == 600
    assert keys[:300] != sorted(keys[:300])
    assert len({key[4:7] for key in keys}) > 550, "neighbours have nothing in common"
    assert keys[:300] == [payment_keys.receipt_key(walker.context, receipt_no) for receipt_no in receipts]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(days=st.integers(0, 2000), seq=st.integers(1, 9999), letter=st.sampled_from("ABCXYZ"))
def test_the_key_of_a_day_leads_back(walker: Walker, days: int, seq: int, letter: str) -> None:
    day = DAY - timedelta(days=days)
    receipt_no = codes.receipt_no("PK0321", day, seq)
    key = payment_keys.receipt_key(walker.context, receipt_no)
    assert payment_keys.find_subject(walker.context, f"PHI {key}") == PaymentSubject(day=day, receipt_no=receipt_no)
    label = f"{letter}{seq:03d}"
    key = payment_keys.label_key(walker.context, label, day)
    assert payment_keys.find_subject(walker.context, key) == PaymentSubject(day=day, label=label)


def test_a_made_up_key_seldom_leads_anywhere(walker: Walker) -> None:
    made_up = [format_key("PK03", number) for number in range(0, KEYS, KEYS // 2000)]
    found = [key for key in made_up if payment_keys.find_subject(walker.context, key)]
    assert len(found) < 120, "2,500 of 95,000 days are past: 2.7 of 100"


@pytest.mark.parametrize("text", ["", "PHI", "LE THI B CHUYEN"])
def test_a_text_without_a_key_leads_nowhere(walker: Walker, text: str) -> None:
    assert payment_keys.find_subject(walker.context, text) is None


def test_a_text_with_two_keys_leads_nowhere(walker: Walker) -> None:
    keys = [payment_keys.receipt_key(walker.context, codes.receipt_no("PK03", DAY, seq)) for seq in (1, 2)]
    assert payment_keys.find_subject(walker.context, " ".join(keys)) is None


def test_another_store_has_other_keys(walker: Walker) -> None:
    receipt_no = codes.receipt_no("PK03", DAY, 17)
    key = payment_keys.receipt_key(walker.context, receipt_no)
    other = replace(walker.context, vault=Vault(bytes(range(32))))
    assert payment_keys.receipt_key(other, receipt_no) != key
    assert payment_keys.find_subject(other, key) != PaymentSubject(day=DAY, receipt_no=receipt_no)
