"""A catalogue of 200 procedures against the project's own: time to read it, and to open a step of a form.

The 200 are the project's files and copies of them under other codes. A step is opened through the whole kiosk, in turns
on both catalogues, so that a slower machine slows both.
"""

import re
import shutil
import statistics
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from flask import Flask

from bench._figures import Figures
from kiosk.base.clock import FixedClock
from kiosk.config import ROOT, load
from kiosk.procedures.loader import CATALOGUE, read_catalogue
from kiosk.web.app import create_app
from tests.journeys.typical import CASES
from tests.journeys.walker import Walker

MANY = 200
CODE = re.compile(r'^code = "[^"]+"', re.MULTILINE)
EXTENDS = re.compile(r"^extends = ", re.MULTILINE)
ROUNDS = 5
TURNS = 15
NOW = FixedClock(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))


def write_many(folder: Path) -> Path:
    """Fill a folder with the project's files and copies of them, 200 in all; return the folder.

    A file that extends another one is not copied: it has no code of its own.
    """
    files = sorted(CATALOGUE.glob("*.toml"))
    for path in files:
        shutil.copy(path, folder)
    whole = [path for path in files if not EXTENDS.search(path.read_text("utf-8"))]
    for at in range(MANY - len(files)):
        code = f"9.{at:06}"
        text = CODE.sub(f'code = "{code}"', whole[at % len(whole)].read_text("utf-8"), count=1)
        (folder / f"{code}.toml").write_text(text, "utf-8")
    return folder


def reading_ms(folder: Path) -> float:
    """Return the time to read one procedure of a folder, in ms."""
    begun = perf_counter()
    read_catalogue(folder)
    return (perf_counter() - begun) * 1000 / len(list(folder.glob("*.toml")))


def kiosk(root: Path, catalogue: Path) -> Flask:
    """Make a practice kiosk with its own catalogue."""
    app = create_app(replace(load(ROOT / "kiosk.toml"), root=root).practising(), NOW)
    app.extensions["context"] = replace(app.extensions["context"], catalogue=read_catalogue(catalogue))
    return app


def walk_to_form(app: Flask, code: str) -> Walker:
    """Return a walker on the first page of a form."""
    walker = Walker(app).go("/").go(f"/need/{code}").fill(CASES[code].get("need", {}))
    assert walker.at.startswith("/form/"), walker.at
    return walker


def step_ms(walker: Walker) -> float:
    """Return the median time to open the page again, in ms."""
    times = []
    for _ in range(TURNS):
        begun = perf_counter()
        walker.browser.get(walker.at)
        times.append((perf_counter() - begun) * 1000)
    return statistics.median(times)


def run() -> Figures:
    """Measure; ratios are the median of five rounds. The names of figures stay: older runs are compared by them."""
    with tempfile.TemporaryDirectory() as folder:
        own_root, many_root, many_catalogue = (Path(folder) / name for name in ("own", "many", "catalogue"))
        for root in (own_root, many_root, many_catalogue):
            root.mkdir()
        write_many(many_catalogue)
        reads = [(reading_ms(CATALOGUE), reading_ms(many_catalogue)) for _ in range(ROUNDS)]
        own = kiosk(own_root, CATALOGUE)
        many = kiosk(many_root, many_catalogue)
        walkers = [(walk_to_form(own, code), walk_to_form(many, code)) for code in sorted(CASES)]
        steps = []
        for _ in range(ROUNDS):
            steps += [(step_ms(own_walker), step_ms(many_walker)) for own_walker, many_walker in walkers]
        for app in (own, many):
            app.extensions["context"].store.close()
    return [
        ("reading one procedure, of 200 to of the house's", _ratio(reads), "<= 1.2"),
        ("opening a step, of 200 to of the house's", _ratio(steps), "<= 1.2"),
        ("reading one procedure", statistics.median(own_ms for own_ms, _ in reads), "ms"),
        ("opening a step", statistics.median(own_ms for own_ms, _ in steps), "ms"),
    ]


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return statistics.median(many_ms / own_ms for own_ms, many_ms in pairs)


if __name__ == "__main__":
    for name, figure, unit in run():
        print(f"{name}: {figure:.2f} {unit}")
