"""Comparing facts with official texts: ticks, what differs, new contents, files of other wards."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from kiosk import comparison
from kiosk.acts import comparing, signing
from kiosk.acts.comparing import ShownFact
from kiosk.base.clock import FixedClock
from kiosk.base.errors import BadUpload, KioskError, NotAllowed
from kiosk.comparison import Compared, ProcedureComparison, exchange_file
from kiosk.context import Context
from kiosk.procedures.loader import Catalogue
from kiosk.procedures.model import Procedure
from kiosk.records import audit

BIRTH = "1.001193"
LEAD = "CB01"


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    signing.add_person(context, "thutrang", name="Hoàng Thu Trang", role="lead", password="mật khẩu riêng")
    return context


def procedure_of(context: Context) -> Procedure:
    procedure = context.catalogue.in_force(BIRTH, context.clock.today())
    assert procedure is not None
    return procedure


def state_of(context: Context) -> ProcedureComparison:
    return comparison.load(context, procedure_of(context))


def item_of(context: Context, fact: str) -> Compared:
    return next(item for item in state_of(context).facts if item.fact.id == fact)


def shown(context: Context, fact: str) -> ShownFact:
    return ShownFact(BIRTH, fact, item_of(context, fact).fact.digest)


def tick(context: Context, fact: str, result: str = "same", note: str = "") -> None:
    comparing.compare(context, shown(context, fact), result, note, LEAD)


def tick_all(context: Context) -> None:
    for item in state_of(context).listed:
        tick(context, item.fact.id)


def with_version(context: Context, procedure: Procedure) -> Context:
    """Return the context of a kiosk whose catalogue has another content of the procedure."""
    return replace(context, catalogue=Catalogue([procedure]))


def acts(context: Context) -> list[tuple[str, str, dict[str, Any]]]:
    with context.store.read() as db:
        lines = [entry.line for entry in audit.latest(db, list(ACTS), 50)]
    return [(line.act, line.subject, dict(line.facts)) for line in reversed(lines)]


ACTS = ("compare", "compare_clear", "compare_keep", "compare_take", "compare_drop", "compare_export", "compare_import")


def test_nothing_is_compared_by_default(context: Context) -> None:
    state = state_of(context)
    assert state.done == 0
    assert state.summary() is None
    assert comparison.form_sentence(state).endswith("cán bộ so với mẫu của phường khi nhận.")
    assert comparison.papers_sentence(state).endswith("phường chưa đối chiếu.")


def test_a_procedure_is_compared_only_when_every_fact_is_the_same(context: Context) -> None:
    facts = [item.fact.id for item in state_of(context).listed]
    for fact in facts[:-1]:
        tick(context, fact)
        assert state_of(context).summary() is None
    tick(context, facts[-1])
    summary = state_of(context).summary()
    assert summary is not None
    assert (f"{summary.day:%d/%m/%Y}", summary.who) == ("24/11/2026", "Hoàng Thu Trang")
    assert len(acts(context)) == len(facts)
    assert acts(context)[0][:2] == ("compare", BIRTH)


def test_a_paper_is_compared_by_itself(context: Context) -> None:
    tick(context, "form")
    sentence = "Mẫu đã đối chiếu ngày 24/11/2026 (Hoàng Thu Trang)."
    assert comparison.form_sentence(state_of(context)) == sentence
    assert comparison.papers_sentence(state_of(context)).endswith("phường chưa đối chiếu.")
    tick(context, "fee-ban_sao", "differs", "Phường thu 5.000 đồng")
    assert comparison.form_sentence(state_of(context)) == sentence


def test_a_second_press_clears_a_tick(context: Context) -> None:
    tick_all(context)
    comparing.clear(context, shown(context, "time-1"), LEAD)
    assert state_of(context).summary() is None
    assert item_of(context, "time-1").own is None
    comparing.clear(context, shown(context, "time-1"), LEAD)
    assert [act for act, _, _ in acts(context)].count("compare_clear") == 1


def test_what_differs_must_be_said_and_is_kept(context: Context) -> None:
    with pytest.raises(NotAllowed, match="khác thế nào"):
        tick(context, "time-1", "differs", "   ")
    assert item_of(context, "time-1").own is None
    with pytest.raises(NotAllowed, match="300"):
        tick(context, "time-1", "differs", "x" * 301)
    with pytest.raises(NotAllowed):
        tick(context, "time-1", "maybe")
    tick(context, "time-1", "differs", "Niêm yết ghi 2 ngày")
    assert [item.fact.id for item in state_of(context).differing] == ["time-1"]
    own = item_of(context, "time-1").own
    assert own is not None
    assert own.note == "Niêm yết ghi 2 ngày"


def test_a_tick_of_the_form_ticks_its_lines_and_a_line_that_differs_unmakes_it(context: Context) -> None:
    tick(context, "form")
    assert {line.result for line in state_of(context).lines} == {"same"}
    tick(context, "line-4", "differs", "Mẫu ghi Nơi ở hiện tại")
    assert state_of(context).summary([item_of(context, "form")]) is None
    assert comparison.form_sentence(state_of(context)).endswith("cán bộ so với mẫu của phường khi nhận.")
    with pytest.raises(NotAllowed, match="Dòng 4"):
        tick(context, "form")
    tick(context, "line-4")
    tick(context, "form")
    assert "đã đối chiếu" in comparison.form_sentence(state_of(context))
    comparing.clear(context, shown(context, "form"), LEAD)
    assert {line.result for line in state_of(context).lines} == {""}


def test_a_new_content_clears_the_tick_of_that_fact_only(context: Context) -> None:
    tick_all(context)
    procedure = procedure_of(context)
    fees = tuple(replace(fee, amount=5000) if fee.id == "ban_sao" else fee for fee in procedure.fees)
    later = with_version(context, replace(procedure, version="2026-12", fees=fees))
    state = state_of(later)
    assert [item.fact.id for item in state.listed if item.result != "same"] == ["fee-ban_sao"]
    assert [item.fact.id for item in state.changed] == ["fee-ban_sao"]
    assert "đã đối chiếu" in comparison.form_sentence(state)
    assert state_of(context).summary() is not None, "the older version keeps its ticks"


def test_words_conditions_and_sources_are_content_and_english_and_grade_are_not(context: Context) -> None:
    tick_all(context)
    procedure = procedure_of(context)
    paper = procedure.papers[0]
    time = procedure.times[0]

    def changed(**changes: Any) -> list[str]:
        state = state_of(with_version(context, replace(procedure, **changes)))
        return [item.fact.id for item in state.listed if item.result != "same"]

    def paper_with(**change: Any) -> dict[str, Any]:
        return {"papers": (replace(paper, **change), *procedure.papers[1:])}

    of_paper = [f"paper-{paper.id}"]
    assert changed(**paper_with(name=replace(paper.name, vi="Giấy khác"))) == of_paper
    assert changed(**paper_with(sources=(*paper.sources, "luat_khac"))) == of_paper
    assert changed(**paper_with(article="Điều 99")) == of_paper
    assert changed(**paper_with(when=())) == of_paper
    assert changed(**paper_with(name=replace(paper.name, en="Another"))) == []
    assert changed(**paper_with(seen="official")) == []
    assert changed(times=(replace(time, days=9), *procedure.times[1:])) == ["time-1"]
    assert changed(papers=procedure.papers[::-1]) == [], "another order is no other content"


def test_a_changed_line_clears_its_own_tick_and_that_of_the_form(context: Context) -> None:
    tick_all(context)
    procedure = procedure_of(context)
    assert procedure.declaration is not None
    lines = list(procedure.declaration.lines)
    lines[3] = replace(lines[3], text="Nơi ở hiện tại: {nyc_noi_cu_tru}")
    lines.insert(1, replace(lines[3], text="Số: {nyc_ho_ten}"))
    form = replace(procedure.declaration, lines=tuple(lines))
    state = state_of(with_version(context, replace(procedure, declaration=form)))
    assert [item.fact.id for item in state.facts if item.result != "same"] == ["form", "line-2", "line-5"]


def test_a_page_of_before_a_change_ticks_nothing(context: Context) -> None:
    old = shown(context, "fee-ban_sao")
    procedure = procedure_of(context)
    fees = tuple(replace(fee, amount=5000) if fee.id == "ban_sao" else fee for fee in procedure.fees)
    later = with_version(context, replace(procedure, fees=fees))
    with pytest.raises(NotAllowed, match="bản mới"):
        comparing.compare(later, old, "same", "", LEAD)
    with pytest.raises(KioskError):
        comparing.compare(later, ShownFact("9.999999", "time-1", old.digest), "same", "", LEAD)


# --- files of other wards


def as_other_ward(content: bytes, **changes: Any) -> bytes:
    """Return a file as another ward would have written it."""
    table = json.loads(content)
    table["ward"] = {"code": "H57.99.02", "name": "Phường Vỹ Dạ"}
    return json.dumps(table | changes).encode()


def test_an_export_fills_another_kiosk_and_names_its_ward(context: Context, clock: FixedClock) -> None:
    tick_all(context)
    content = exported(context)
    for item in state_of(context).listed:
        comparing.clear(context, shown(context, item.fact.id), LEAD)
    report = comparing.import_file(context, as_other_ward(content), LEAD)
    assert report.used == len(state_of(context).facts)
    assert (report.kept, report.other, report.questions) == (0, 0, 0)
    summary = state_of(context).summary()
    assert summary is not None
    assert summary.who == "Phường Vỹ Dạ"
    names = [act for act, _, _ in acts(context)]
    assert names[-1] == "compare_import"
    assert "compare_export" in names
    assert json.loads(exported(context))["rows"] == [], "ticks of another ward are not passed on"


def test_a_file_of_all_procedures_is_far_below_the_limit_and_readable(context: Context) -> None:
    with context.store.read() as db:
        states = comparison.load_all(context, db)
    for state in states:
        for item in state.listed:
            ready = ShownFact(state.procedure.code, item.fact.id, item.fact.digest)
            comparing.compare(context, ready, "same", "", LEAD)
    content = exported(context)
    assert len(content) < exchange_file.MAX_BYTES * 0.7
    rows = json.loads(content)["rows"]
    assert len(rows) > 300
    assert all(row["text"] for row in rows)
    assert comparing.import_file(context, as_other_ward(content), LEAD).other == 0


def exported(context: Context) -> bytes:
    return comparing.export(context, LEAD)


def test_an_import_leaves_the_wards_own_ticks_and_asks(context: Context) -> None:
    tick_all(context)
    table = json.loads(exported(context))
    for row in table["rows"]:
        if row["fact"] == "fee-ban_sao":
            row |= {"result": "differs", "note": "Bên này thu 5.000 đồng"}
    report = comparing.import_file(context, as_other_ward(json.dumps(table).encode()), LEAD)
    assert report.questions == 1
    assert report.kept == report.used
    item = item_of(context, "fee-ban_sao")
    assert item.result == "same"
    assert item.question is not None
    assert item.question.note == "Bên này thu 5.000 đồng"
    assert state_of(context).summary() is not None
    comparing.settle(context, shown(context, "fee-ban_sao"), LEAD)
    assert item_of(context, "fee-ban_sao").question is None
    comparing.import_file(context, as_other_ward(json.dumps(table).encode()), LEAD)
    assert item_of(context, "fee-ban_sao").question is None, "the same answer is not asked for twice"


def test_another_wards_result_can_be_taken(context: Context) -> None:
    tick(context, "time-1")
    table = json.loads(exported(context))
    table["rows"][0] |= {"result": "differs", "note": "Niêm yết ghi 2 ngày"}
    comparing.import_file(context, as_other_ward(json.dumps(table).encode()), LEAD)
    comparing.take(context, shown(context, "time-1"), LEAD)
    item = item_of(context, "time-1")
    assert (item.result, item.question) == ("differs", None)
    assert item.own is not None
    assert item.own.note == "Theo Phường Vỹ Dạ: Niêm yết ghi 2 ngày"
    assert acts(context)[-1][0] == "compare_take"
    with pytest.raises(NotAllowed):
        comparing.take(context, shown(context, "time-1"), LEAD)


def test_an_older_file_replaces_no_newer_one(context: Context, clock: FixedClock) -> None:
    tick_all(context)
    old = as_other_ward(exported(context))
    clock.advance(3600)
    new = as_other_ward(exported(context))
    comparing.import_file(context, new, LEAD)
    with pytest.raises(NotAllowed, match="cũ hơn"):
        comparing.import_file(context, old, LEAD)
    comparing.import_file(context, new, LEAD)


def test_rows_for_another_content_are_kept_for_the_day_when_it_comes(context: Context) -> None:
    tick_all(context)
    table = json.loads(exported(context))
    table["rows"][0]["digest"] = "ab" * 32
    report = comparing.import_file(context, as_other_ward(json.dumps(table).encode()), LEAD)
    assert report.other == 1


def broken(context: Context) -> dict[str, tuple[bytes, str]]:
    tick(context, "time-1")
    content = as_other_ward(exported(context))
    table = json.loads(content)
    (row,) = table["rows"]

    def with_row(**changes: Any) -> bytes:
        return json.dumps(table | {"rows": [row, row | changes]}).encode()

    return {
        "empty": (b" \n", "trống"),
        "cut": (content[: len(content) // 2], "hỏng hoặc thiếu"),
        "a photo": (b"\xff\xd8\xff\xe0 photo", "không đọc được"),
        "another JSON": (b'{"rows": []}', "không phải tệp đối chiếu"),
        "a list": (b"[1]", "không phải tệp đối chiếu"),
        "nested": (b"[" * 200_000, "không đọc được"),
        "a long number": (b'{"format": ' + b"9" * 10_000 + b"}", "đọc được"),
        "newer": (json.dumps(table | {"version": 2}).encode(), "mới hơn"),
        "nobody's": (json.dumps(table | {"ward": {}}).encode(), "của phường nào"),
        "no rows": (json.dumps(table | {"rows": {}}).encode(), "danh sách"),
        "too many rows": (json.dumps(table | {"rows": [1] * 5001}).encode(), "danh sách"),
        "too large": (content + b" " * exchange_file.MAX_BYTES, "lớn quá 1 MB"),
        "of next year": (json.dumps(table | {"exported_at": "2027-12-01T00:00:00.000Z"}).encode(), "chưa tới"),
        "a wrong digest": (with_row(digest="xyz"), "Ý thứ 2"),
        "a wrong result": (with_row(result="compared"), "Ý thứ 2"),
        "a wrong time": (with_row(at="hôm qua"), "Ý thứ 2"),
        "a time without zone": (with_row(at="2026-11-24T00:00:00"), "Ý thứ 2"),
        "a tick after the export": (with_row(at="2026-11-25T00:00:00.000Z"), "Ý thứ 2"),
        "nobody's tick": (with_row(by=""), "Ý thứ 2"),
        "a difference without words": (with_row(result="differs", note=""), "không nói khác gì"),
        "a control character": (with_row(by="A\u0000B"), "Ý thứ 2"),
        "a half of a letter": (with_row(by="\ud800"), "Ý thứ 2"),
        "a row that is text": (json.dumps(table | {"rows": ["x"]}).encode(), "Ý thứ 1"),
    }


def test_a_bad_file_is_refused_in_words_and_changes_nothing(context: Context) -> None:
    files = broken(context)
    good = as_other_ward(exported(context))
    comparing.import_file(context, good, LEAD)
    before = state_of(context)
    for name, (content, message) in files.items():
        with pytest.raises(BadUpload) as refusal:
            comparing.import_file(context, content, LEAD)
        assert message in refusal.value.vi, name
        assert state_of(context) == before, name


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_that_was_saved_again_by_an_editor_is_read(context: Context, encoding: str) -> None:
    tick(context, "time-1")
    content = as_other_ward(exported(context)).decode().encode(encoding)
    assert comparing.import_file(context, content, LEAD).used == 1


def test_what_was_imported_can_be_dropped_and_imported_again(context: Context) -> None:
    tick_all(context)
    content = as_other_ward(exported(context))
    for item in state_of(context).listed:
        comparing.clear(context, shown(context, item.fact.id), LEAD)
    tick(context, "time-1")
    comparing.import_file(context, content, LEAD)
    assert state_of(context).summary() is not None
    assert comparing.drop_import(context, "H57.99.02", LEAD) > 0
    assert [item.fact.id for item in state_of(context).facts if item.result] == ["time-1"]
    assert acts(context)[-1][0] == "compare_drop"
    assert comparing.drop_import(context, "", LEAD) == 0, "own ticks are no import"
    assert [item.fact.id for item in state_of(context).facts if item.result] == ["time-1"]
    comparing.import_file(context, content, LEAD)
    assert state_of(context).summary() is not None


def test_two_other_wards_that_disagree_are_a_question_and_no_tick(context: Context, clock: FixedClock) -> None:
    tick(context, "time-1")
    table = json.loads(exported(context))
    comparing.clear(context, shown(context, "time-1"), LEAD)
    comparing.import_file(context, as_other_ward(json.dumps(table).encode()), LEAD)
    assert item_of(context, "time-1").result == "same"
    table["rows"][0] |= {"result": "differs", "note": "2 ngày"}
    table["ward"] = {"code": "H57.99.03", "name": "Phường An Cựu"}
    comparing.import_file(context, json.dumps(table).encode(), LEAD)
    assert item_of(context, "time-1").result == ""
    assert item_of(context, "time-1").question is not None
    clock.advance(timedelta(minutes=1).total_seconds())
    tick(context, "time-1")
    assert item_of(context, "time-1").result == "same"


def test_a_form_of_the_products_own_making_is_never_called_compared(context: Context) -> None:
    procedure = procedure_of(context)
    assert procedure.declaration is not None
    unseen = with_version(context, replace(procedure, declaration=replace(procedure.declaration, seen="memory")))
    sentence = "Bản khai tại kiosk, chưa theo mẫu, phường chưa đối chiếu."
    assert comparison.form_sentence(state_of(unseen)) == sentence
    own = with_version(context, replace(procedure, declaration=replace(procedure.declaration, seen="product")))
    assert comparison.form_sentence(state_of(own)) == "Bản khai tại kiosk, chưa theo mẫu."
    for item in state_of(own).listed:
        tick(own, item.fact.id)
    tick(own, "form")
    assert state_of(own).summary() is not None, "all other facts were compared"
    assert comparison.form_sentence(state_of(own)) == "Bản khai tại kiosk, chưa theo mẫu."
