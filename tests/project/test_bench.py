"""The benches still start: their catalogue is read, their receipt numbers differ, their kiosk answers."""

import ast
import json
import random
import re
from pathlib import Path

import pytest

from bench import archived, catalogue, drain, gateway, start
from bench._figures import BOUND
from kiosk.config import ROOT, load
from kiosk.procedures.loader import read_catalogue
from kiosk.records import receipts
from kiosk.startup.context_factory import create_store


def test_the_large_catalogue_is_read(tmp_path: Path) -> None:
    catalogue.write_many(tmp_path)
    assert len(list(tmp_path.glob("*.toml"))) == catalogue.MANY
    read_catalogue(tmp_path)


def test_a_kiosk_of_the_gateways_bench_uses_each_receipt_number_once() -> None:
    callers = gateway.Callers(random.Random(7), [])
    sent = [json.loads(callers.batch(gateway.kiosk_id(0)))["submissions"] for _ in range(3)]
    numbers = [json.loads(form["body"])["receiptNo"] for batch in sent for form in batch]
    assert len(set(numbers)) == len(numbers) == 3 * gateway.BATCH


def test_a_kiosk_of_a_bench_goes_on_with_the_numbers_of_the_next_day() -> None:
    parcels = [drain.make_parcel(n, random.Random(7), "PK10") for n in (1, 8999, 9000)]
    assert [parcel.receipt_no[:-2] for parcel in parcels] == [
        "PK10-261124-0001",
        "PK10-261124-8999",
        "PK10-261125-0001",
    ]


@pytest.mark.machine_date
def test_the_kiosk_of_the_start_bench_answers(tmp_path: Path) -> None:
    settings = tmp_path / "kiosk.toml"
    settings.write_text((ROOT / "kiosk.toml").read_text("utf-8"), "utf-8")
    create_store(load(settings))
    assert start.seconds_to_first_page(settings, start.environment(tmp_path)) > 0


def test_a_bench_submits_on_when_the_receipt_numbers_of_a_day_are_used_up(tmp_path: Path) -> None:
    with archived.open_kiosk(tmp_path) as kiosk:
        kiosk.submit()
        with kiosk.context.store.write() as db:
            receipts.start_block(db, kiosk.context.clock.today(), archived.NUMBERS_OF_DAY)
        kiosk.submit()
        kiosk.submit()
        with kiosk.context.store.read() as db:
            days = dict(db.execute("select day, count(*) from submissions group by day").fetchall())
    assert days == {"2026-11-25": 1, "2026-11-26": 2}


TIME = re.compile(r"(?<![\w'])(?:ms|s|milliseconds?|seconds?)(?!\w)")
"""Units of a time, and of a rate ("a second", "MB/s")."""
IN_BRACKETS = re.compile(r"\([^)]*\)")


def absolute_targets(source: str) -> list[str]:
    """Return the names of figures in a module whose target is a time or a rate of the machine, not a ratio."""
    tree = ast.parse(source)
    texts = {
        target.id: text_of(node.value, {})
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    figures = [node.elts for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == 3]
    found = []
    for name_node, _, target_node in figures:
        name = text_of(name_node, texts)
        target = text_of(target_node, texts)
        if BOUND.search(target) and TIME.search(IN_BRACKETS.sub("", f"{name} {target}")):
            found.append(name)
    return found


def text_of(node: ast.expr, texts: dict[str, str]) -> str:
    """Return a text of the source; a value that only a run knows is a 1, and what is no text is empty."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(text_of(part, texts) or "1" for part in parts)
        case ast.Name(id=name):
            return texts.get(name, "")
    return ""


@pytest.mark.machine_date
@pytest.mark.parametrize("path", sorted((ROOT / "bench").glob("*.py")), ids=lambda path: path.stem)
def test_no_target_of_a_bench_is_a_time(path: Path) -> None:
    assert absolute_targets(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "figure",
    [
        '("Submit p99, ms", 1.0, "<= 50")',
        '("longest Submit", 1.0, f"<= 50 ms of {n} Submits")',
        '("first search", 1.0, "ms, target < 60")',
        '(f"forms a second, {n} kiosks", 1.0, AT_LEAST)',
        '("a copy", 1.0, ">= 20 MB/s")',
        '("a change, p95, s", 1.0, words)',
    ],
)
def test_a_target_that_is_a_time_is_found(figure: str) -> None:
    source = f'AT_LEAST = ">= 2000"\ndef run():\n    words = f"<= 2 {{n}}"\n    return [{figure}]'
    assert len(absolute_targets(source)) == 1
