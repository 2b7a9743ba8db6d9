"""What nobody has read is shown as such: fees without an amount, documents without a first day."""

from dataclasses import replace
from datetime import date

import pytest

from kiosk.base.i18n import translator
from kiosk.cli.doctor import unread_fees, unset_fees
from kiosk.dossiers import checklist, need_rows
from kiosk.pages.officer.lead.compare_rows import _document_mark
from kiosk.procedures import fees
from kiosk.procedures.documents import shipped_documents
from tests.procedures.texts import DAY, FILES, procedure

ON_MEMORY = ("1.001653", "1.001731", "1.001776", "1.014027")
NAMED_BY_RECORDS_ONLY = (
    *("nd07", "nd18", "nd87", "nd104", "nd120", "nq667", "tt01_2022", "tt03_2023", "tt08_2025", "tt85", "tt106"),
    *("nd23", "tt01_2020", "tt257", "luat_dn", "nd76", "luat_nkt", "nd28", "tt08_2023"),
)


@pytest.mark.parametrize("code", ON_MEMORY)
def test_a_fee_that_rests_on_memory_is_stated_by_the_officer(code: str) -> None:
    form = procedure(code)
    (fee,) = fees.due(form, {}, DAY)
    assert fee.amount is None
    assert checklist.fee_line(fee, {}).label.endswith(": cán bộ báo số tiền")
    assert need_rows.fee_words(fee, "vi", translator("vi"))[1] == "cán bộ báo số tiền."
    assert unset_fees(form, DAY) == [], "no city council sets it"
    assert len(unread_fees(form, DAY)) == 1


def test_a_ward_that_read_the_text_states_the_amount_again() -> None:
    form = procedure("1.014027")
    read = replace(form, fees=(replace(form.fees[0], seen="official"),))
    assert [fee.amount for fee in fees.in_force(read, DAY)] == [0]


def test_no_other_fee_rests_on_memory() -> None:
    unread = {form.code for form in FILES.values() if any(fee.seen == "memory" for fee in form.fees)}
    assert unread == set(ON_MEMORY)


def test_documents_that_only_a_record_names_are_not_called_read() -> None:
    documents = shipped_documents()
    assert {documents[name].seen for name in NAMED_BY_RECORDS_ONLY} == {"memory"}


def test_a_document_without_a_first_day_is_not_shown_as_in_force() -> None:
    documents = shipped_documents()
    marks = {name: _document_mark(document, documents, date(2026, 12, 2)) for name, document in documents.items()}
    green = {name for name, mark in marks.items() if mark.kind == "ok"}
    assert green == {name for name in green if documents[name].from_}
    assert "tt116" in green
    assert marks["nd23"].words == "chưa biết hiệu lực từ ngày nào"
