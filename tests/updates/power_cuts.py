"""Cuts the power at each step of an update, on a copy of a machine: a child dies at its n-th change of a file.

Run as a program, so that it may fork: `python -m tests.updates.power_cuts SCENARIO PRISTINE WORK`. It prints a JSON
list with one report for each cut.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from kiosk.base.clock import SYSTEM
from kiosk.config import Config, load
from kiosk.updates import status, trial, update
from kiosk.updates.programs import Programs
from kiosk.updates.settle import settle_failed
from tests.updates.province import content_of, programs

CUT = 9
CHANGES = {"os.rename", "os.mkdir", "os.symlink", "os.link", "os.remove", "os.rmdir", "os.truncate", "subprocess.Popen"}
SCRIPT = Path("deploy/ward-kiosk/usr/lib/ward-kiosk/before-start").resolve()


def run_and_cut(work: Callable[[], object], at: int) -> bool:
    """Run in a child that dies before its `at`-th change (0: never); return whether it came to its end."""
    child = os.fork()
    if child == 0:
        counted = 0

        def die(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal counted
            is_write = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if event in CHANGES or is_write or event == "sqlite3.connect":
                counted += 1
                if counted == at:
                    os._exit(CUT)

        try:
            sys.addaudithook(die)
            work()
        except BaseException as error:  # noqa: BLE001 - the child must not go on as the parent
            sys.stderr.write(repr(error))
            os._exit(1)
        os._exit(0)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended not in (0, CUT):
        raise SystemExit(f"the child failed: {ended}")
    return ended == 0


def find_release(folder: Programs, wholes: dict[str, dict[str, bytes]]) -> str:
    """Return the present release if it is whole, else what is wrong."""
    version = folder.current()
    if version not in wholes or content_of(folder.path(version)) != wholes[version]:
        return f"broken {version}"
    strangers = [name for name in folder.versions() if content_of(folder.path(name)) != wholes.get(name)]
    return f"half {strangers}" if strangers else version


def is_store_whole(config: Config) -> bool:
    with closing(sqlite3.connect(config.store_path)) as db:
        return bool(db.execute("pragma integrity_check").fetchone()[0] == "ok")


def has_grown(config: Config) -> bool:
    with closing(sqlite3.connect(config.store_path)) as db:
        return bool(db.execute("select count(*) from sqlite_schema where name = 'of_the_next_release'").fetchone()[0])


def cut_apply(pristine: Path, work: Path, wholes: dict[str, dict[str, bytes]], at: int) -> dict[str, Any]:
    """Apply, cut, start, and apply again."""
    config = fresh(pristine, work)
    is_done = run_and_cut(lambda: update.apply(config, SYSTEM), at)
    folder = programs(config)
    report: dict[str, Any] = {"at": at, "done": is_done, "after_cut": find_release(folder, wholes)}
    subprocess.run([str(SCRIPT), str(folder.folder), str(config.updates_folder)], check=True)
    report["after_start"] = find_release(folder, wholes)
    report["store"] = is_store_whole(config)
    run_and_cut(lambda: update.apply(config, SYSTEM), 0)
    report["in_the_end"] = find_release(folder, wholes)
    report["on_trial"] = trial.read(config.updates_folder) is not None
    report["left_behind"] = sorted(path.name for path in (folder.folder / "releases").glob(".*"))
    return report


def cut_return(pristine: Path, work: Path, wholes: dict[str, dict[str, bytes]], at: int) -> dict[str, Any]:
    """Settle a failed trial whose release has grown the store, cut, and settle again."""
    config = fresh(pristine, work)
    is_done = run_and_cut(lambda: settle_failed(config, SYSTEM), at)
    report: dict[str, Any] = {"at": at, "done": is_done, "store": is_store_whole(config)}
    run_and_cut(lambda: settle_failed(config, SYSTEM), 0)
    report["grown"] = has_grown(config)
    report["state"] = status.read(config.updates_folder).state
    return report


def fresh(pristine: Path, work: Path) -> Config:
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(pristine, work, symlinks=True)
    return load(work / "kiosk.toml")


SCENARIOS = {"apply": cut_apply, "return": cut_return}


def main(scenario: str, pristine: Path, work: Path) -> list[dict[str, Any]]:
    trees = {path.name.removeprefix("tree-"): path for path in pristine.parent.glob("province/tree-*")}
    present = programs(load(pristine / "kiosk.toml"))
    wholes = {version: content_of(path) for version, path in trees.items()}
    wholes[present.current()] = content_of(present.path(present.current()))
    reports: list[dict[str, Any]] = []
    while not reports or not reports[-1]["done"]:
        reports.append(SCENARIOS[scenario](pristine, work, wholes, len(reports) + 1))
    return reports


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))))
