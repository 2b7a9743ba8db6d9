"""The benches still start: their catalogue is read, their receipt numbers differ, their kiosk answers."""

import json
import random
from pathlib import Path

from bench import archived, catalogue, drain, gateway, start
from kiosk.config import ROOT, load
from kiosk.context_factory import create_store
from kiosk.procedures.loader import read_catalogue
from kiosk.records import receipts


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
