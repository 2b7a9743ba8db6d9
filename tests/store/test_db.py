import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.base.errors import StoreDamaged, StoreFull, StoreUnavailable
from kiosk.store import db
from kiosk.store.db import Store, checkpoint


@pytest.fixture
def word_store(tmp_path: Path) -> Iterator[Store]:
    """Open a store with one table of words."""
    with Store(tmp_path / "data" / "kiosk.db") as word_store:
        with word_store.write() as view:
            view.execute("create table words (word text) strict")
        yield word_store


def words(store: Store) -> list[str]:
    with store.read() as view:
        return [row["word"] for row in view.query("select word from words order by rowid")]


def insert(store: Store, word: str) -> None:
    with store.write() as view:
        view.execute("insert into words values (?)", [word])


def test_a_write_is_there_for_every_thread(word_store: Store) -> None:
    insert(word_store, "một")
    seen: list[str] = []
    thread = threading.Thread(target=lambda: seen.extend(words(word_store)))
    thread.start()
    thread.join()
    assert seen == ["một"]


def test_what_fails_in_a_write_leaves_nothing(word_store: Store) -> None:
    def fail() -> None:
        with word_store.write() as view:
            view.execute("insert into words values ('một')")
            raise KeyError("một")

    with pytest.raises(KeyError):
        fail()
    assert words(word_store) == []
    insert(word_store, "hai")
    assert words(word_store) == ["hai"]


def test_a_stray_write_is_refused(word_store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"), word_store.read() as view:
        view.execute("insert into words values ('một')")
    with word_store.read() as view, pytest.raises(sqlite3.OperationalError, match="readonly"):
        view["wrods"].insert({"word": "một"})
    assert words(word_store) == []


def test_a_record_that_commits_is_found_out(word_store: Store) -> None:
    with pytest.raises(RuntimeError, match="records never commit"), word_store.write() as view:
        view.commit()
    insert(word_store, "một")


def test_one_act_is_one_write(word_store: Store) -> None:
    with word_store.write(), pytest.raises(RuntimeError, match="inside a write"), word_store.write():
        pass
    with word_store.read(), pytest.raises(RuntimeError, match="inside a read"), word_store.write():
        pass
    with word_store.read(), pytest.raises(RuntimeError, match="inside a read"):
        checkpoint(word_store)
    insert(word_store, "một")


def test_a_read_is_a_steady_view(word_store: Store) -> None:
    with word_store.read() as view:
        assert view.execute("select count(*) from words").fetchone() == (0,)
        thread = threading.Thread(target=insert, args=(word_store, "một"))
        thread.start()
        thread.join()
        assert view.execute("select count(*) from words").fetchone() == (0,)
        with word_store.read() as again:
            assert again is view
    assert words(word_store) == ["một"]


def test_a_read_inside_a_write_sees_what_was_written(word_store: Store) -> None:
    with word_store.write() as view:
        view.execute("insert into words values ('một')")
        assert words(word_store) == ["một"]


def test_writers_that_read_first_never_meet_a_locked_store(word_store: Store) -> None:
    """Run four threads on each of two stores of one file; the second shares no lock, like another process."""

    def count_up(store: Store) -> None:
        for _ in range(25):
            with store.write() as view:
                (count,) = view.execute("select count(*) from words").fetchone()
                view.execute("insert into words values (?)", [str(count)])

    with Store(word_store.path) as other:
        run_all([threading.Thread(target=count_up, args=(store,)) for store in (word_store, other) for _ in range(4)])
    assert words(word_store) == [str(count) for count in range(200)]


def run_all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_pragmas_are_set_on_every_connection(word_store: Store) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "query_only": 1}
    pragmas: list[dict[str, object]] = []

    def read_pragmas() -> None:
        with word_store.read() as view:
            pragmas.append({name: view.execute(f"pragma {name}").fetchone()[0] for name in wanted})

    read_pragmas()
    thread = threading.Thread(target=read_pragmas)
    thread.start()
    thread.join()
    assert pragmas == [wanted, wanted]


def test_folder_and_files_are_for_the_owner_only(word_store: Store) -> None:
    insert(word_store, "một")
    assert stat.S_IMODE(word_store.path.parent.stat().st_mode) == 0o700
    files = list(word_store.path.parent.iterdir())
    assert {file.name for file in files} == {"kiosk.db", "kiosk.db-wal", "kiosk.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_folder_that_stood_open_is_closed_to_others_but_a_shared_one_is_left(tmp_path: Path) -> None:
    for mode, kept in ((0o755, 0o700), (0o1777, 0o1777)):
        folder = tmp_path / f"{mode:o}"
        folder.mkdir()
        folder.chmod(mode)
        with Store(folder / "kiosk.db"):
            assert stat.S_IMODE(folder.stat().st_mode) == kept


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in place of the folder", encoding="utf-8")
    with pytest.raises(StoreUnavailable, match="its folder must exist, be writable"):
        Store(tmp_path / "data" / "kiosk.db")


def test_a_folder_that_refuses_files_is_one_clear_sentence() -> None:
    with pytest.raises(StoreUnavailable, match="không mở được nơi lưu /proc/kiosk"):
        Store(Path("/proc/kiosk.db"))


def test_a_full_disk_raises_an_error_and_loses_nothing(word_store: Store) -> None:
    insert(word_store, "một")

    def overfill() -> None:
        with word_store.write() as view:
            view.execute("pragma max_page_count = 3")
            view.execute("insert into words values (?)", ["hai" * 100_000])

    with pytest.raises(StoreFull):
        overfill()
    assert words(word_store) == ["một"]


def test_a_damaged_store_raises_an_error_and_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    path.write_bytes(b"not a database " * 400)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged):
        Store(path)
    assert path.read_bytes() == before


def test_a_damaged_page_raises_an_error(word_store: Store) -> None:
    with word_store.write() as view:
        view.execute(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) "
            "insert into words select 'chữ ' || i from n"
        )
    word_store.close()
    damaged = bytearray(word_store.path.read_bytes())
    damaged[4096 : 4096 + 8] = b"\xff" * 8
    word_store.path.write_bytes(damaged)
    with Store(word_store.path) as again, pytest.raises(StoreDamaged):
        words(again)


def test_an_sql_error_keeps_its_message(word_store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"), word_store.read() as view:
        view.execute("select * from wrods")


def test_deleted_words_are_on_no_page_after_a_checkpoint(word_store: Store) -> None:
    insert(word_store, "Hồ Thị Mắc-ca")
    with word_store.write() as view:
        view.execute("delete from words")
    wal = word_store.path.with_name("kiosk.db-wal")
    needle = "Mắc-ca".encode()
    assert needle in wal.read_bytes()
    assert checkpoint(word_store)
    assert needle not in wal.read_bytes() + word_store.path.read_bytes()


def test_a_checkpoint_returns_whether_a_reader_blocked_it(word_store: Store) -> None:
    inside = threading.Event()
    done = threading.Event()

    def read_until_done() -> None:
        with word_store.read() as view:
            view.execute("select * from words").fetchall()
            inside.set()
            done.wait(30)

    thread = threading.Thread(target=read_until_done)
    thread.start()
    inside.wait(30)
    insert(word_store, "một")
    assert not checkpoint(word_store)
    done.set()
    thread.join()
    assert checkpoint(word_store)


def test_a_checkpoint_behind_a_long_reader_holds_up_no_writer(word_store: Store) -> None:
    with closing(sqlite3.connect(word_store.path, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from words").fetchall()
        insert(word_store, "một")
        blocked = threading.Thread(target=checkpoint, args=[word_store])
        blocked.start()
        blocked.join(db.BUSY_SECONDS / 2)
        assert not blocked.is_alive(), "it waits as long as a reader reads"
        insert(word_store, "hai")
        reader.execute("rollback")
    assert words(word_store) == ["một", "hai"]


def test_connections_of_threads_that_ended_are_closed(word_store: Store) -> None:
    for _ in range(5):
        thread = threading.Thread(target=words, args=(word_store,))
        thread.start()
        thread.join()
    assert len(word_store._connections) <= 2


def test_a_closed_store_is_unavailable(word_store: Store) -> None:
    word_store.close()
    with pytest.raises(StoreUnavailable):
        words(word_store)
    assert [file.name for file in word_store.path.parent.iterdir()] == ["kiosk.db"]


def test_a_write_waits_for_another_stores_write(word_store: Store) -> None:
    begun = threading.Event()

    def write_slowly() -> None:
        with Store(word_store.path) as other, other.write() as view:
            view.execute("insert into words values ('một')")
            begun.set()
            time.sleep(0.2)

    thread = threading.Thread(target=write_slowly)
    thread.start()
    begun.wait(30)
    insert(word_store, "hai")
    thread.join()
    assert words(word_store) == ["một", "hai"]
    assert db.BUSY_SECONDS > 1


def test_a_copy_in_steps_shows_its_first_moment_while_others_write(word_store: Store, tmp_path: Path) -> None:
    with word_store.write() as view:
        view.conn.executemany("insert into words values (?)", [("x" * 3000,) for _ in range(2000)])
    pages = word_store.path.stat().st_size // 4096 + 10
    steps: list[int] = []

    def write() -> None:
        steps.append(len(steps))
        thread = threading.Thread(target=insert, args=[word_store, "later"])
        thread.start()
        thread.join()

    target = tmp_path / "copy.db"
    target.touch()
    word_store.copy_to(target, after_step=write)
    assert len(steps) >= 2
    assert len(steps) <= pages // db._COPY_PAGES + 12, "no write made it begin again"
    with closing(sqlite3.connect(target)) as copy:
        assert copy.execute("select count(*), count(distinct word) from words").fetchone() == (2000, 1)
        assert copy.execute("pragma integrity_check").fetchone() == ("ok",)
    assert len(words(word_store)) == 2000 + len(steps)
