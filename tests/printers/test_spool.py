import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from printers import spool
from printers.devices.base import Printer, Status
from printers.document import Document, Text
from printers.errors import ADVICE, NotSent, PrinterError, Unknown, WrongState
from printers.routes import kind_at, kinds_of, routes_of, screen_facts
from printers.schema import timestamp
from printers.settings import PrinterSettings
from tests.printers.stores import OneFile

NOW = datetime(2026, 11, 25, 1, 31, tzinfo=UTC)
LATER = NOW + timedelta(seconds=90)


class FakePrinter:
    """A printer that raises the errors of a list, one a document."""

    def __init__(self, name: str, *errors: PrinterError | Exception | None, can_confirm: bool = True) -> None:
        self.settings = PrinterSettings(name=name)
        self.can_confirm = can_confirm
        self.cuts: list[bool] = []
        self.errors = list(errors)
        self.documents: list[Document] = []

    def read_status(self) -> Status:
        return Status("ok")

    def send(self, document: Document, *, cut_first: bool = False) -> bool:
        self.documents.append(document)
        self.cuts.append(cut_first)
        error = self.errors.pop(0) if self.errors else None
        if error:
            raise error
        return self.can_confirm


@pytest.fixture
def store(tmp_path: Path) -> Iterator[OneFile]:
    file_store = OneFile(tmp_path / "store.db")
    yield file_store
    file_store.close()


def enqueue(store: OneFile, key: str = "slip:s1:1", now: datetime = NOW) -> int:
    with store.write() as db:
        return spool.enqueue(db, key, "slip", "s1", {"ahead": 6}, now)


def compose(kind: str, subject: str, facts: Mapping[str, Any]) -> Document | None:
    return Document((Text(f"{kind} {subject} {sorted(facts.items())}"),))


def print_next(store: OneFile, *printers: Printer, now: datetime = NOW, composer: Any = compose) -> spool.Job | None:
    """Give each printer one turn, in order; return the job that was tried last."""
    job = None
    for printer in printers:
        routes = routes_of(printer, {"slip": printers})
        job = spool.print_next(store, printer=printer, routes=routes, compose=composer, now=lambda: now) or job
    return job


def states(store: OneFile, job: int) -> list[str]:
    with store.read() as db:
        return [event.state for event in spool.events(db, job)]


def test_a_double_touch_is_one_paper(store: OneFile) -> None:
    first = enqueue(store)
    again = enqueue(store, now=LATER)
    assert first == again
    printer = FakePrinter("A")
    assert print_next(store, printer)
    assert print_next(store, printer, now=LATER) is None
    assert len(printer.documents) == 1


def test_a_printed_paper_has_an_event_for_each_state(store: OneFile) -> None:
    job = enqueue(store)
    done = print_next(store, FakePrinter("Máy in A"))
    assert done
    assert (done.state, done.device, done.tries, done.reason) == ("printed", "Máy in A", 1, None)
    assert states(store, job) == ["queued", "sending", "printed"]


def test_what_was_not_sent_is_tried_again_a_little_later(store: OneFile) -> None:
    job = enqueue(store)
    printer = FakePrinter("A", NotSent("paper_out"))
    waiting = print_next(store, printer)
    assert waiting
    assert (waiting.state, waiting.reason) == ("waiting", "paper_out")
    assert print_next(store, printer, now=NOW + timedelta(seconds=1)) is None
    done = print_next(store, printer, now=NOW + timedelta(seconds=3))
    assert done
    assert done.state == "printed"
    assert states(store, job) == ["queued", "sending", "waiting", "sending", "printed"]


def test_waits_grow_to_a_minute(store: OneFile) -> None:
    enqueue(store)
    printer = FakePrinter("A", *[NotSent("mute")] * 8)
    now = NOW
    waits = []
    for _ in range(8):
        assert print_next(store, printer, now=now)
        with store.read() as db:
            due = db.execute("select next_at from jobs").fetchone()[0]
        waits.append((datetime.fromisoformat(due) - now).seconds)
        now = datetime.fromisoformat(due)
    assert waits == [2, 5, 10, 20, 30, 60, 60, 60]


def test_a_clock_set_back_delays_no_paper(store: OneFile) -> None:
    enqueue(store)
    printer = FakePrinter("A", NotSent("mute"))
    assert print_next(store, printer)
    done = print_next(store, printer, now=NOW - timedelta(days=1))
    assert done
    assert done.state == "printed"


def test_an_unknown_paper_is_never_printed_again_by_itself(store: OneFile) -> None:
    enqueue(store)
    printer = FakePrinter("A", Unknown("no_answer"))
    unknown = print_next(store, printer, FakePrinter("B"))
    assert unknown
    assert (unknown.state, unknown.reason, unknown.device) == ("unknown", "no_answer", "A")
    assert print_next(store, printer, now=NOW + timedelta(days=2)) is None
    assert len(printer.documents) == 1


def test_a_job_interrupted_by_a_crash_is_unknown(store: OneFile) -> None:
    job = enqueue(store)
    with store.write() as db:
        spool.mark_sending(db, job, NOW)
    with store.write() as db:
        assert spool.mark_interrupted(db, LATER, "restart") == 1
        assert spool.mark_interrupted(db, LATER, "restart") == 0
        interrupted = spool.get(db, job)
    assert (interrupted.state, interrupted.reason) == ("unknown", "restart")
    assert print_next(store, FakePrinter("A"), now=LATER) is None


def test_the_officer_says_it_came_out(store: OneFile) -> None:
    job = enqueue(store)
    print_next(store, FakePrinter("A", Unknown("cut_off")))
    with store.write() as db:
        assert spool.resolve_unknown(db, job, LATER, is_printed=True, by="o1").state == "printed"
        assert spool.events(db, job)[-1].actor == "o1"
        with pytest.raises(WrongState):
            spool.resolve_unknown(db, job, LATER, is_printed=False, by="o1")


def test_the_officer_says_it_did_not_and_it_goes_out_as_a_reprint(store: OneFile) -> None:
    """The printer may have it in its buffer and print it later: then one of the two says that it is a reprint."""
    job = enqueue(store)
    print_next(store, FakePrinter("A", Unknown("paper_out")))
    with store.write() as db:
        copy = spool.resolve_unknown(db, job, LATER, is_printed=False, by="o1")
        first = spool.get(db, job)
        assert (first.state, first.reason) == ("cancelled", "not_out")
        assert (copy.copy, copy.parent, copy.asked_by, copy.why) == (2, job, "o1", "not out")
        with pytest.raises(WrongState):
            spool.resolve_unknown(db, job, LATER, is_printed=False, by="o1")
    printer = FakePrinter("B")
    done = print_next(store, printer, now=LATER)
    assert done
    assert (done.state, done.device) == ("printed", "B")
    (text,) = printer.documents[0].blocks
    assert isinstance(text, Text)
    assert "('copy', 2)" in str(text.text)


def test_a_paper_is_marked_as_being_sent_before_a_byte_goes_out(store: OneFile) -> None:
    """A kill in mid-print must leave a job that is asked about, not one that is printed again."""
    job = enqueue(store)

    class LookingPrinter(FakePrinter):
        def send(self, document: Document, *, cut_first: bool = False) -> bool:
            with store.read() as db:
                seen.append((spool.get(db, job).state, spool.get(db, job).device))
            return True

    seen: list[tuple[str, str | None]] = []
    print_next(store, LookingPrinter("A"))
    assert seen == [("sending", "A")]


def test_an_error_in_mid_print_leaves_a_paper_to_ask_about(store: OneFile) -> None:
    job = enqueue(store)
    printer = FakePrinter("A", RuntimeError("store or renderer"))
    with pytest.raises(RuntimeError):
        print_next(store, printer)
    with store.read() as db:
        assert spool.get(db, job).state == "sending"
    assert print_next(store, FakePrinter("B"), now=LATER) is None, "another printer leaves it alone"
    assert print_next(store, printer, now=LATER) is None
    with store.read() as db:
        assert (spool.get(db, job).state, spool.get(db, job).reason) == ("unknown", "error")


@pytest.mark.parametrize(
    ("last", "is_cut"),
    [(None, False), (NotSent("paper_out"), False), (Unknown("cut_off"), True), (Unknown("no_answer"), True)],
)
def test_the_next_paper_is_cut_off_from_one_that_did_not_end_well(
    store: OneFile, last: PrinterError | None, is_cut: bool
) -> None:
    enqueue(store, "slip:s1:1")
    print_next(store, FakePrinter("A", last))
    enqueue(store, "slip:s2:1", now=LATER)
    other, same = FakePrinter("B"), FakePrinter("A")
    print_next(store, other, now=NOW)
    print_next(store, same, now=LATER)
    enqueue(store, "slip:s3:1", now=LATER)
    print_next(store, same, now=LATER)
    assert other.cuts in ([], [False]), "another printer has nothing to cut"
    assert same.cuts[0] is is_cut
    assert not any(same.cuts[1:])


def test_a_paper_that_was_interrupted_by_a_kill_is_cut_off_before_the_next(store: OneFile) -> None:
    job = enqueue(store)
    with store.write() as db:
        spool.mark_sending(db, job, NOW, "A")
    with store.write() as db:
        spool.mark_interrupted(db, NOW, "restart")
        spool.resolve_unknown(db, job, NOW, is_printed=True, by="o1")
    enqueue(store, "slip:s2:1", now=LATER)
    printer = FakePrinter("A")
    print_next(store, printer, now=LATER)
    assert printer.cuts == [True], "a person's answer does not clean the printer"


def test_a_printer_that_cannot_confirm_asks_nobody_about_each_paper(store: OneFile) -> None:
    enqueue(store)
    printer = FakePrinter("A", can_confirm=False)
    done = print_next(store, printer)
    assert done
    assert (done.state, done.reason) == ("printed", "no_status")
    enqueue(store, "slip:s2:1")
    print_next(store, printer)
    assert printer.cuts == [False, False]


def test_the_next_printer_takes_over_only_what_was_not_sent(store: OneFile) -> None:
    enqueue(store)
    second = FakePrinter("B")
    done = print_next(store, FakePrinter("A", NotSent("cover_open")), second)
    assert done
    assert (done.state, done.device) == ("printed", "B")


def test_a_printer_is_offered_only_the_papers_whose_turn_it_is(store: OneFile) -> None:
    first, second = FakePrinter("A", *[NotSent("mute")] * 9), FakePrinter("B", *[NotSent("mute")] * 9)
    kinds = {"slip": [first, second], "ticket": [second]}

    def try_on(printer: FakePrinter, now: datetime) -> bool:
        routes = routes_of(printer, kinds)
        return spool.print_next(store, printer=printer, routes=routes, compose=compose, now=lambda: now) is not None

    enqueue(store)
    assert not try_on(second, NOW), "the first printer of the kind comes first"
    assert try_on(first, NOW)
    assert not try_on(first, NOW)
    assert try_on(second, NOW), "the next one follows at once"
    assert not try_on(second, NOW)
    assert not try_on(first, NOW + timedelta(seconds=1)), "after the last one it waits"
    assert try_on(first, NOW + timedelta(seconds=3))
    assert try_on(second, NOW + timedelta(seconds=3))
    assert not try_on(first, NOW + timedelta(seconds=7)), "longer each time"
    assert try_on(first, NOW + timedelta(seconds=9))


def test_a_paper_of_a_touchscreen_is_offered_to_the_printers_of_that_touchscreen_alone(store: OneFile) -> None:
    hall, door, spare = FakePrinter("Sảnh"), FakePrinter("Cửa", NotSent("paper_out")), FakePrinter("Dự phòng")
    kinds = {"slip": [hall], kind_at("slip", "Máy 2"): [door, spare]}
    assert kinds_of(kinds) == ("slip",)

    def printed_by(printer: FakePrinter) -> str | None:
        routes = routes_of(printer, kinds)
        job = spool.print_next(store, printer=printer, routes=routes, compose=compose, now=lambda: NOW)
        return job.state if job else None

    for key, screen in (("slip:1", "Máy 2"), ("slip:2", "Máy 3"), ("slip:3", "")):
        with store.write() as db:
            spool.enqueue(db, key=key, kind="slip", subject="s", facts=screen_facts(screen), now=NOW)
    assert [printed_by(hall), printed_by(hall), printed_by(hall)] == ["printed", "printed", None]
    assert printed_by(spare) is None, "the printer of the touchscreen comes first"
    assert printed_by(door) == "waiting"
    assert printed_by(spare) == "printed", "its fallback takes over what it could not print"
    with store.write() as db:
        spool.enqueue(db, key="slip:4", kind="slip", subject="s", facts=screen_facts("Máy 2"), now=NOW)
    kinds = {"slip": [hall]}
    assert printed_by(hall) == "printed", "a paper does not wait for a printer that has left its touchscreen"


def test_without_a_printer_a_paper_waits(store: OneFile) -> None:
    enqueue(store)
    job = enqueue(store)
    assert spool.mark_without_printer(store, ["ticket"], NOW) == 1
    with store.read() as db:
        assert (spool.get(db, job).state, spool.get(db, job).reason) == ("waiting", "no_printer")
    assert spool.mark_without_printer(store, ["ticket"], NOW) == 0
    assert print_next(store, FakePrinter("A"))


def test_a_reprint_is_a_new_row_that_names_its_parent(store: OneFile) -> None:
    job = enqueue(store)
    printer = FakePrinter("A")
    print_next(store, printer)
    with store.write() as db:
        copy = spool.reprint(db, job, "o1", "rách", LATER)
    assert (copy.copy, copy.parent, copy.asked_by, copy.why, copy.key) == (2, job, "o1", "rách", "slip:s1:1/2")
    assert print_next(store, printer, now=LATER)
    (text,) = printer.documents[1].blocks
    assert isinstance(text, Text)
    assert "('copy', 2)" in str(text.text)
    assert timestamp(LATER) in str(text.text)


def test_a_double_touch_on_reprint_is_one_copy(store: OneFile) -> None:
    job = enqueue(store)
    print_next(store, FakePrinter("A"))
    with store.write() as db:
        first, again = (spool.reprint(db, job, "o1", "rách", LATER) for _ in range(2))
    assert first == again
    print_next(store, FakePrinter("A"), now=LATER)
    with store.write() as db:
        third = spool.reprint(db, first.id, "o1", "mất", LATER)
        assert (third.copy, third.parent) == (3, job)
        assert [j.copy for j in spool.of_subject(db, "s1")] == [1, 2, 3]


def test_a_paper_on_its_way_is_not_reprinted(store: OneFile) -> None:
    job = enqueue(store)
    with store.write() as db:
        assert spool.reprint(db, job, "o1", "rách", NOW).id == job
        with pytest.raises(ValueError, match="who asked"):
            spool.reprint(db, job, " ", "rách", NOW)


def test_a_cancelled_paper_never_comes_out(store: OneFile) -> None:
    job = enqueue(store)
    with store.write() as db:
        spool.cancel(db, job, "o1", NOW)
        with pytest.raises(WrongState):
            spool.mark_sending(db, job, NOW)
    assert print_next(store, FakePrinter("A")) is None


def test_a_paper_whose_subject_is_gone_is_cancelled(store: OneFile) -> None:
    enqueue(store)
    gone = print_next(store, FakePrinter("A"), composer=lambda kind, subject, facts: None)
    assert gone
    assert (gone.state, gone.reason) == ("cancelled", "gone")


def test_a_paper_that_cannot_be_composed_lets_others_pass(store: OneFile) -> None:
    bad = enqueue(store)
    good = enqueue(store, "slip:s2:1")

    def broken(kind: str, subject: str, facts: Mapping[str, Any]) -> Document | None:
        raise KeyError("procedure")

    with pytest.raises(KeyError):
        print_next(store, FakePrinter("A"), composer=broken)
    with store.read() as db:
        assert (spool.get(db, bad).state, spool.get(db, bad).reason) == ("waiting", "not_composed")
    done = print_next(store, FakePrinter("A"))
    assert done
    assert done.id == good


def test_a_job_that_another_caller_marked_is_not_printed(store: OneFile) -> None:
    job = enqueue(store)

    def slow(kind: str, subject: str, facts: Mapping[str, Any]) -> Document | None:
        with store.write() as db:
            spool.mark_sending(db, job, NOW)
        return Document(())

    assert print_next(store, FakePrinter("A"), composer=slow) is None


def test_papers_can_be_listed_and_found(store: OneFile) -> None:
    job = enqueue(store)
    with store.read() as db:
        assert [listed.id for listed in spool.list_jobs(db, ["queued", "waiting"])] == [job]
        assert spool.list_jobs(db, ["unknown"]) == []
        slip = spool.find(db, "slip:s1:1")
        assert slip
        assert slip.facts == {"ahead": 6}
        assert spool.find(db, "ticket:x") is None
        with pytest.raises(WrongState):
            spool.get(db, 99)


def test_old_jobs_are_deleted_but_not_open_ones(store: OneFile) -> None:
    job = enqueue(store)
    print_next(store, FakePrinter("A"))
    with store.write() as db:
        spool.reprint(db, job, "o1", "rách", NOW)
        assert spool.find_ended(db, LATER, 10) == []  # its copy is still on the way
    print_next(store, FakePrinter("A"))
    enqueue(store, "slip:open:1")
    deleted = 0
    with store.write() as db:
        while ids := spool.find_ended(db, LATER, 1):
            deleted += spool.delete_ended(db, LATER, ids)
        assert deleted == 2
        assert [left.key for left in spool.of_subject(db, "s1")] == ["slip:open:1"]
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
    enqueue(store)
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
    statements: list[str] = []
    with store.read() as db:
        db.conn.set_trace_callback(statements.append)
        spool.list_jobs(db, ["unknown", "waiting"])
        db.conn.set_trace_callback(None)
        plan = " ".join(row[3] for row in db.execute(f"explain query plan {statements[-1]}"))
    assert "jobs_left" in plan
