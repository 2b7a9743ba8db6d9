"""The portal of the fault tests: processes of `kiosk gateway` on SQLite or PostgreSQL, and their database."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Any

from kiosk.base import codes
from kiosk.base.clock import SYSTEM
from sync.gateway import Enrolment, database, kiosks, sealing
from tests.faults.processes import Process, is_listening, wait_until
from tests.ports import free_port

UNIT = "H57.99.01"
_FEED_GAPS = """
    with feed as (select kiosk_id, seq from changes
                  union all select kiosk_id, taken_seq from submissions where taken_seq is not null)
    select k.kiosk_id, k.last_seq, count(seq), count(distinct seq), max(seq)
    from kiosks k left join feed on feed.kiosk_id = k.kiosk_id
    group by k.kiosk_id, k.last_seq
    having k.last_seq <> count(seq) or k.last_seq <> count(distinct seq) or k.last_seq <> coalesce(max(seq), 0)
"""


class Portal:
    """The gateway's processes and database; `url` is a path of SQLite or `postgresql://...`."""

    def __init__(self, folder: Path, url: str = "", processes: int = 1) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "kiosk.toml").write_text("")
        self.url = url or str(folder / "gateway.db")
        self.ports = [free_port() for _ in range(processes)]
        key_file = str(folder / "gateway.key")
        env = {
            "KIOSK_CONFIG": str(folder / "kiosk.toml"),
            "KIOSK_GATEWAY_DATABASE": self.url,
            "KIOSK_GATEWAY_KEY": key_file,
        }
        self.processes = [
            Process(["gateway", "--listen", str(port)], folder / f"gateway-{port}.log", env) for port in self.ports
        ]
        self.restores = 0
        self.publish(*self.ports)
        self.engine = database.open_engine(self.url, connections=2, key_file=key_file)

    @property
    def port(self) -> int:
        return self.ports[0]

    def publish(self, *ports: int) -> None:
        """Set the ports of this machine at which kiosks call the processes, before they start."""
        urls = " ".join(f"http://127.0.0.1:{port}" for port in ports)
        for process in self.processes:
            process.env["KIOSK_GATEWAY_URL"] = urls

    def start(self) -> None:
        """Start every process that does not run, and wait until all listen."""
        for process, port in zip(self.processes, self.ports, strict=True):
            if not process.is_alive:
                assert not is_listening(port), f"another server listens at {port}"
                process.start()
        for process, port in zip(self.processes, self.ports, strict=True):
            wait_until(lambda port=port: is_listening(port), what=f"{process.args}\n{process.output()}")  # type: ignore[misc]

    def kill(self) -> None:
        for process in self.processes:
            process.kill()

    def stop(self) -> None:
        for process in self.processes:
            process.stop()

    def close(self) -> None:
        self.kill()
        self.engine.dispose()

    def feed_gaps(self) -> list[Any]:
        """Return the kiosks whose changes are not numbered from 1 without a gap or a repetition."""
        return self.sql(_FEED_GAPS)

    def make_code(self, kiosk_id: str, unit: str = UNIT) -> str:
        """Return a new one-time code for a kiosk, as the operator makes it."""
        code = kiosks.make_code(codes.token())
        with self.engine.begin() as db:
            enrolment = Enrolment(code=code, kiosk_id=kiosk_id, unit_code=unit)
            kiosks.add_code(db, enrolment, SYSTEM.now(), may_replace=False)
        return code

    def revoke(self, kiosk_id: str) -> None:
        with self.engine.begin() as db:
            assert kiosks.revoke(db, kiosk_id, SYSTEM.now())

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run a statement in the database; return its rows."""
        with self.engine.begin() as db:
            result = db.exec_driver_sql(statement)
            return [tuple(row) for row in result] if result.returns_rows else []

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of the stored bodies by submission."""
        rows = self.sql("select submission_id, body from submissions order by received_at")
        return {
            submission_id: hashlib.sha256(self._open(submission_id, body)).hexdigest() for submission_id, body in rows
        }

    def count_changes(self) -> int:
        """Return the number of changes of all kiosks; a submission that is received twice counts twice."""
        return int(self.sql("select coalesce(sum(last_seq), 0) from kiosks")[0][0])

    def read_seq(self, kiosk_id: str) -> int:
        """Return the number of the last change that a kiosk has read."""
        return int(self.sql(f"select read_seq from kiosks where kiosk_id = '{kiosk_id}'")[0][0])

    def body(self, submission_id: str) -> str:
        """Return the stored body of a submission as text."""
        statement = f"select body from submissions where submission_id = '{submission_id}'"
        return self._open(submission_id, self.sql(statement)[0][0]).decode()

    def _open(self, submission_id: str, sealed: bytes) -> bytes:
        """Return the plain bytes of a stored body."""
        with self.engine.begin() as db:
            return sealing.sealer(db).open(sealing.BODY, submission_id, bytes(sealed))

    def back_up(self) -> Path:
        """Return a backup of the database (SQLite only)."""
        path = self.folder / "backup.db"
        path.unlink(missing_ok=True)
        with sqlite3.connect(self.url) as db, sqlite3.connect(path) as backup:
            db.backup(backup)
        db.close()
        backup.close()
        return path

    def restore(self, backup: Path) -> None:
        """Replace the database with a backup, while no process runs."""
        self.restores += 1
        self.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(self.url + suffix).unlink(missing_ok=True)
        Path(self.url).write_bytes(backup.read_bytes())
