"""A shelf of 200 procedures against the shelf of the house: read, and any step opened, in one run.

The 200 are the files of the house and copies of them under other codes. A step is opened through the whole kiosk, by
turns on the one shelf and on the other, so that a slower machine slows both.
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

from kiosk.app import create_app
from kiosk.clock import FixedClock
from kiosk.config import ROOT, load
from kiosk.procedures.loader import CATALOGUE, read_catalogue
from tests.journeys.typical import CASES
from tests.journeys.walker import Walker

MANY = 200
ROUNDS = 5
TURNS = 15
NOW = FixedClock(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))


def grown(folder: Path) -> Path:
    """Fill a folder with the files of the house and copies of them, 200 in all."""
    files = sorted(CATALOGUE.glob("*.toml"))
    for path in files:
        shutil.copy(path, folder)
    for at in range(MANY - len(files)):
        path = files[at % len(files)]
        code = f"9.{at:06}"
        text = re.sub(r'^code = "[^"]+"', f'code = "{code}"', path.read_text("utf-8"), count=1, flags=re.MULTILINE)
        (folder / f"{code}.toml").write_text(text, "utf-8")
    return folder


def reading_ms(folder: Path) -> float:
    """The time to read one procedure of a folder, in ms."""
    begun = perf_counter()
    read_catalogue(folder)
    return (perf_counter() - begun) * 1000 / len(list(folder.glob("*.toml")))


def kiosk(root: Path, catalogue: Path) -> Flask:
    """A practice kiosk with a shelf of its own."""
    app = create_app(replace(load(ROOT / "kiosk.toml"), root=root).practising(), NOW)
    app.extensions["context"] = replace(app.extensions["context"], catalogue=read_catalogue(catalogue))
    return app


def opened(app: Flask, code: str) -> Walker:
    """Somebody who stands on the first page of a form."""
    walker = Walker(app).go("/").go(f"/need/{code}").fill(CASES[code].get("need", {}))
    assert walker.at.startswith("/form/"), walker.at
    return walker


def step_ms(walker: Walker) -> float:
    """The median time to open the page again, in ms."""
    spent = []
    for _ in range(TURNS):
        begun = perf_counter()
        walker.browser.get(walker.at)
        spent.append((perf_counter() - begun) * 1000)
    return statistics.median(spent)


def run() -> list[tuple[str, float, str]]:
    """Return name, figure and target of each measure; ratios are the median of five rounds."""
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / name for name in ("few", "many", "shelf")]
        for home in homes:
            home.mkdir()
        many = grown(homes[2])
        reads = [(reading_ms(CATALOGUE), reading_ms(many)) for _ in range(ROUNDS)]
        few = kiosk(homes[0], CATALOGUE)
        lots = kiosk(homes[1], many)
        pairs = [(opened(few, code), opened(lots, code)) for code in sorted(CASES)]
        steps = [(step_ms(one), step_ms(other)) for _ in range(ROUNDS) for one, other in pairs]
        for app in (few, lots):
            app.extensions["context"].store.close()
    return [
        ("reading one procedure, of 200 to of the house's", _ratio(reads), "<= 1.2"),
        ("opening a step, of 200 to of the house's", _ratio(steps), "<= 1.2"),
        ("reading one procedure", statistics.median(one for one, _ in reads), "ms"),
        ("opening a step", statistics.median(one for one, _ in steps), "ms"),
    ]


def _ratio(pairs: list[tuple[float, float]]) -> float:
    return statistics.median(other / one for one, other in pairs)


if __name__ == "__main__":
    for name, figure, unit in run():
        print(f"{name}: {figure:.2f} {unit}")
