import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from printers import spool
from printers.devices.base import Status
from printers.document import Document, Text
from printers.errors import ADVICE, NotSent, PrinterError, Unknown, WrongState
from printers.schema import timestamp
from printers.settings import PrinterSettings
from tests.printers.stores import OneFile

NOW = datetime(2026, 11, 25, 1, 31, tzinfo=UTC)
LATER = NOW + timedelta(seconds=90)


class Paperless:
    """A printer that ends as it is told to."""

    def __init__(self, name: str, *ends: PrinterError | None) -> None:
        self.settings = PrinterSettings(name=name)
        self.ends = list(ends)
        self.documents: list[Document] = []

    def look(self) -> Status:
        return Status("ok")

    def send(self, document: Document) -> None:
        self.documents.append(document)
        end = self.ends.pop(0) if self.ends else None
        if end:
            raise end


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OneFile]:
    opened = OneFile(tmp_path / "store.db")
    yield opened
    opened.close()


def put(store: OneFile, key: str = "slip:s1:1", now: datetime = NOW) -> int:
    with store.write() as db:
        return spool.enqueue(db, key, "slip", "s1", {"ahead": 6}, now)


def compose(kind: str, subject: str, facts: Mapping[str, Any]) -> Document | None:
    return Document((Text(f"{kind} {subject} {sorted(facts.items())}"),))


def step(store: OneFile, *printers: Paperless, now: datetime = NOW) -> spool.Job | None:
    return spool.print_next(store, {"slip": printers}, compose, lambda: now)


def states(store: OneFile, job: int) -> list[str]:
    with store.read() as db:
        return [event.state for event in spool.events(db, job)]


def test_a_double_touch_is_one_paper(store: OneFile) -> None:
    first = put(store)
    again = put(store, now=LATER)
    assert first == again
    printer = Paperless("A")
    assert step(store, printer)
    assert step(store, printer, now=LATER) is None
    assert len(printer.documents) == 1


def test_a_printed_paper_leaves_its_whole_way(store: OneFile) -> None:
    job = put(store)
    done = step(store, Paperless("Máy in A"))
    assert done
    assert (done.state, done.device, done.tries, done.reason) == ("printed", "Máy in A", 1, None)
    assert states(store, job) == ["queued", "sending", "printed"]


def test_what_was_not_sent_is_tried_again_a_little_later(store: OneFile) -> None:
    job = put(store)
    printer = Paperless("A", NotSent("paper_out"))
    waiting = step(store, printer)
    assert waiting
    assert (waiting.state, waiting.reason) == ("waiting", "paper_out")
    assert step(store, printer, now=NOW + timedelta(seconds=1)) is None
    done = step(store, printer, now=NOW + timedelta(seconds=3))
    assert done
    assert done.state == "printed"
    assert states(store, job) == ["queued", "sending", "waiting", "sending", "printed"]


def test_waits_grow_to_a_minute(store: OneFile) -> None:
    put(store)
    printer = Paperless("A", *[NotSent("mute")] * 8)
    now = NOW
    waits = []
    for _ in range(8):
        assert step(store, printer, now=now)
        with store.read() as db:
            due = db.execute("select next_at from jobs").fetchone()[0]
        waits.append((datetime.fromisoformat(due) - now).seconds)
        now = datetime.fromisoformat(due)
    assert waits == [2, 5, 10, 20, 30, 60, 60, 60]


def test_a_clock_set_back_holds_no_paper_up(store: OneFile) -> None:
    put(store)
    printer = Paperless("A", NotSent("mute"))
    assert step(store, printer)
    done = step(store, printer, now=NOW - timedelta(days=1))
    assert done
    assert done.state == "printed"


def test_an_unknown_paper_is_never_printed_again_by_itself(store: OneFile) -> None:
    put(store)
    printer = Paperless("A", Unknown("no_answer"))
    unknown = step(store, printer, Paperless("B"))
    assert unknown
    assert (unknown.state, unknown.reason, unknown.device) == ("unknown", "no_answer", "A")
    assert step(store, printer, now=NOW + timedelta(days=2)) is None
    assert len(printer.documents) == 1


def test_a_start_finds_what_was_being_sent_and_asks(store: OneFile) -> None:
    job = put(store)
    with store.write() as db:
        spool.mark_sending(db, job, NOW)
    with store.write() as db:
        assert spool.mark_interrupted(db, LATER) == 1
        assert spool.mark_interrupted(db, LATER) == 0
        found = spool.get(db, job)
    assert (found.state, found.reason) == ("unknown", "restart")
    assert step(store, Paperless("A"), now=LATER) is None


def test_the_officer_says_it_came_out(store: OneFile) -> None:
    job = put(store)
    step(store, Paperless("A", Unknown("cut_off")))
    with store.write() as db:
        assert spool.resolve_unknown(db, job, LATER, printed=True, by="o1").state == "printed"
        assert spool.events(db, job)[-1].actor == "o1"
        with pytest.raises(WrongState):
            spool.resolve_unknown(db, job, LATER, printed=False, by="o1")


def test_the_officer_says_it_did_not_and_it_goes_out(store: OneFile) -> None:
    job = put(store)
    step(store, Paperless("A", Unknown("cut_off")))
    with store.write() as db:
        spool.resolve_unknown(db, job, LATER, printed=False, by="o1")
    done = step(store, Paperless("B"), now=LATER)
    assert done
    assert (done.state, done.device) == ("printed", "B")


def test_the_next_printer_takes_over_only_what_was_not_sent(store: OneFile) -> None:
    put(store)
    second = Paperless("B")
    done = step(store, Paperless("A", NotSent("cover_open")), second)
    assert done
    assert (done.state, done.device) == ("printed", "B")


def test_without_a_printer_a_paper_waits(store: OneFile) -> None:
    put(store)
    waiting = step(store)
    assert waiting
    assert (waiting.state, waiting.reason) == ("waiting", "no_printer")


def test_a_reprint_is_a_new_row_that_names_its_parent(store: OneFile) -> None:
    job = put(store)
    printer = Paperless("A")
    step(store, printer)
    with store.write() as db:
        copy = spool.reprint(db, job, "o1", "rách", LATER)
    assert (copy.copy, copy.parent, copy.asked_by, copy.why, copy.key) == (2, job, "o1", "rách", "slip:s1:1/2")
    assert step(store, printer, now=LATER)
    (text,) = printer.documents[1].blocks
    assert isinstance(text, Text)
    assert "('copy', 2)" in str(text.text)
    assert timestamp(LATER) in str(text.text)


def test_a_double_touch_on_reprint_is_one_copy(store: OneFile) -> None:
    job = put(store)
    step(store, Paperless("A"))
    with store.write() as db:
        first, again = (spool.reprint(db, job, "o1", "rách", LATER) for _ in range(2))
    assert first == again
    step(store, Paperless("A"), now=LATER)
    with store.write() as db:
        third = spool.reprint(db, first.id, "o1", "mất", LATER)
        assert (third.copy, third.parent) == (3, job)
        assert [j.copy for j in spool.of_subject(db, "s1")] == [1, 2, 3]


def test_a_paper_on_its_way_is_not_reprinted(store: OneFile) -> None:
    job = put(store)
    with store.write() as db:
        assert spool.reprint(db, job, "o1", "rách", NOW).id == job
        with pytest.raises(ValueError, match="who asked"):
            spool.reprint(db, job, " ", "rách", NOW)


def test_a_cancelled_paper_never_comes_out(store: OneFile) -> None:
    job = put(store)
    with store.write() as db:
        spool.cancel(db, job, "o1", NOW)
        with pytest.raises(WrongState):
            spool.mark_sending(db, job, NOW)
    assert step(store, Paperless("A")) is None


def test_a_paper_kept_as_pdf_is_done(store: OneFile) -> None:
    job = put(store)
    step(store, Paperless("A", NotSent("unreachable")))
    with store.write() as db:
        assert spool.wrote_pdf(db, job, NOW).state == "pdf"
    assert step(store, Paperless("A"), now=LATER) is None


def test_a_paper_whose_subject_is_gone_is_cancelled(store: OneFile) -> None:
    put(store)
    gone = spool.print_next(store, {"slip": [Paperless("A")]}, lambda kind, subject, facts: None, lambda: NOW)
    assert gone
    assert (gone.state, gone.reason) == ("cancelled", "gone")


def test_a_paper_that_cannot_be_composed_lets_others_pass(store: OneFile) -> None:
    bad = put(store)
    good = put(store, "slip:s2:1")

    def broken(kind: str, subject: str, facts: Mapping[str, Any]) -> Document | None:
        raise KeyError("procedure")

    with pytest.raises(KeyError):
        spool.print_next(store, {"slip": [Paperless("A")]}, broken, lambda: NOW)
    with store.read() as db:
        assert (spool.get(db, bad).state, spool.get(db, bad).reason) == ("waiting", "not_composed")
    done = step(store, Paperless("A"))
    assert done
    assert done.id == good


def test_a_paper_that_somebody_else_took_is_left_alone(store: OneFile) -> None:
    job = put(store)

    def slow(kind: str, subject: str, facts: Mapping[str, Any]) -> Document | None:
        with store.write() as db:
            spool.mark_sending(db, job, NOW)
        return Document(())

    assert spool.print_next(store, {"slip": [Paperless("A")]}, slow, lambda: NOW) is None


def test_papers_can_be_listed_and_found(store: OneFile) -> None:
    job = put(store)
    with store.read() as db:
        assert [found.id for found in spool.list_jobs(db, ["queued", "waiting"])] == [job]
        assert spool.list_jobs(db, ["unknown"]) == []
        found = spool.find(db, "slip:s1:1")
        assert found
        assert found.facts == {"ahead": 6}
        assert spool.find(db, "ticket:x") is None
        with pytest.raises(WrongState):
            spool.get(db, 99)


def test_old_papers_are_forgotten_but_not_open_ones(store: OneFile) -> None:
    job = put(store)
    step(store, Paperless("A"))
    with store.write() as db:
        spool.reprint(db, job, "o1", "rách", NOW)
        assert spool.delete_ended(db, LATER) == 0  # its copy is still on the way
    step(store, Paperless("A"))
    put(store, "slip:open:1")
    with store.write() as db:
        assert spool.delete_ended(db, LATER) == 2
        assert [found.key for found in spool.of_subject(db, "s1")] == ["slip:open:1"]
        assert db.execute("select count(*) from job_events where job = ?", [job]).fetchone()[0] == 0


@pytest.mark.parametrize(
    "change",
    [
        "update jobs set state = 'lost'",
        "update jobs set copy = 2",
        "update jobs set parent = 1",
        "update jobs set state = 'waiting', reason = null",
        "update jobs set facts = '{'",
        "update jobs set tries = 'many'",
    ],
)
def test_the_table_refuses_what_cannot_be(store: OneFile, change: str) -> None:
    put(store)
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        db.execute(change)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        timestamp(datetime(2026, 11, 25, 8, 31))


def test_every_reason_has_its_advice() -> None:
    from typing import get_args

    from printers.errors import Reason

    assert set(get_args(Reason)) | {"paper_near_end"} == set(ADVICE)


def test_what_is_left_is_found_without_what_has_ended(store: OneFile) -> None:
    asked: list[str] = []
    with store.read() as db:
        db.conn.set_trace_callback(asked.append)
        spool.list_jobs(db, ["unknown", "waiting"])
        db.conn.set_trace_callback(None)
        plan = " ".join(row[3] for row in db.execute(f"explain query plan {asked[-1]}"))
    assert "jobs_left" in plan
