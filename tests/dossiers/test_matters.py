"""The matter of a form: its subject, equal under other spellings, and the hints on made-up days of 10,000 forms."""

import random
import tomllib
from collections import defaultdict
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import kiosk.procedures
from kiosk.context import Context
from kiosk.dossiers import matters
from kiosk.procedures.answers import field_at
from kiosk.procedures.model import Procedure
from tests.papers.forms import made_up_answers

BIRTH = "1.001193"
DAY = date(2026, 11, 24)
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi")
SHARES = (38, 12, 10, 7, 5, 5, 5, 4, 2, 2)
MIDDLES = ("Thị", "Văn", "Thị Ngọc", "Minh", "Hoài", "Thị Thu")
NAMES = ("Hà", "Hoa", "Lan", "Anh", "Bình", "Dũng", "Hiền", "Linh", "Nam", "Phước", "Sơn", "Trang", "Vân", "Yến")


@pytest.fixture
def context(app: Flask) -> Context:
    """Context of a practice kiosk; nothing is written."""
    context: Context = app.extensions["context"]
    return context


def _procedure(context: Context, code: str) -> Procedure:
    procedure = context.catalogue.in_force(code, DAY)
    assert procedure is not None
    return procedure


def test_every_key_of_the_table_is_a_field_of_its_form(context: Context) -> None:
    path = Path(kiosk.procedures.__file__).with_name("matters.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    missing = [
        (code, key)
        for code, lists in table.items()
        for keys in lists
        for key in keys
        if field_at(_procedure(context, code), key) is None
    ]
    assert missing == []


def test_every_procedure_that_goes_to_the_portal_has_a_matter(context: Context) -> None:
    without = [
        procedure.code
        for procedure in context.catalogue.all(DAY)
        if procedure.portal != "none" and not matters.subjects(procedure, made_up_answers(procedure), DAY)
    ]
    assert without == []


def test_a_birth_is_known_by_its_mother_and_day_not_by_the_name_of_the_child(context: Context) -> None:
    birth = _procedure(context, BIRTH)
    first = made_up_answers(birth) | {
        "con_ho_ten": "Trần Bảo Ngọc",
        "con_ngay_sinh": "2026-11-08",
        "me_ho_ten": "Nguyễn Thị Diệu Hiền",
        "me_ngay_sinh": "1996-03-12",
    }
    second = first | {
        "con_ho_ten": "Trần Nguyễn Bảo Ngọc",
        "me_ho_ten": "NGUYỄN THỊ DIỆU HIỀN",
        "me_giay_to_tuy_than": None,
    }
    other_day = first | {"con_ngay_sinh": "2026-11-09"}
    hashes = matters.matter_hashes(context, birth, first, DAY)
    assert hashes & matters.matter_hashes(context, birth, second, DAY)
    assert not hashes & matters.matter_hashes(context, birth, other_day, DAY)


def _person(chance: random.Random) -> dict[str, str]:
    surname = chance.choices(SURNAMES, SHARES[: len(SURNAMES)])[0]
    born = date(1940, 1, 1) + timedelta(days=chance.randrange(24000))
    return {
        "name": f"{surname} {chance.choice(MIDDLES)} {chance.choice(NAMES)}",
        "born": born.isoformat(),
        "number": f"046{chance.randrange(10**9):09}",
    }


def _form(context: Context, code: str, person: dict[str, str]) -> dict[str, Any]:
    """Return the answers of a form about a person."""
    paper = {"loai": "can_cuoc", "so": person["number"]} if person["number"] else None
    if code == BIRTH:
        mother = {"me_ho_ten": person["name"], "me_ngay_sinh": person["born"], "me_giay_to_tuy_than": paper}
        return mother | {"con_ngay_sinh": person["event"]}
    if code == "1.000656":
        dead = {"nc_ho_ten": person["name"], "nc_ngay_sinh": person["born"], "nc_giay_to_tuy_than": paper}
        return dead | {"nc_ngay_chet": person["event"]}
    if code == "2.000635":
        return {"nd_ho_ten": person["name"], "nd_ngay_sinh": person["born"], "loai_viec": "khai_sinh"}
    procedure = _procedure(context, code)
    step = next(step for step in procedure.steps if step.person)
    assert step.person is not None
    fills = step.person.fills
    who = {fills["full_name"]: person["name"], fills["id"]: paper, fills["date_of_birth"]: person["born"]}
    return who | {"loai_de_nghi": "de_nghi"}


def _without_number(chance: random.Random, person: dict[str, str]) -> dict[str, str]:
    """Return a person as one form of ten has them: the number is not at hand."""
    return person | {"number": ""} if chance.random() < 0.1 else person


def test_hints_on_made_up_days_of_ten_thousand_forms(context: Context) -> None:
    """Two months of a ward: 10,000 forms, 200 of them filed twice, 30 births of twins; figures in the commit.

    The names of the persons are as frequent as in Viet Nam; a form of ten lacks the number of the person.
    """
    chance = random.Random(28)
    kinds = ("twice",) * 200 + ("twins",) * 30 + ("once",) * 9_540
    codes = (BIRTH, "1.000656", "2.000635", "1.004873", "1.014027")
    filed: dict[str, list[tuple[int, str]]] = defaultdict(list)
    count = 0
    for number, kind in enumerate(kinds):
        person = _person(chance)
        code = BIRTH if kind == "twins" else chance.choices(codes, (20, 8, 40, 25, 7))[0]
        day = DAY + timedelta(days=chance.randrange(60))
        about = {"event": (day - timedelta(days=chance.randrange(40))).isoformat()}
        for _ in range(1 if kind == "once" else 2):
            answers = _form(context, code, _without_number(chance, person) | about)
            count += 1
            for matter in matters.matter_hashes(context, _procedure(context, code), answers, day):
                filed[matter].append((number, kind))
    pairs = {(one, other) for rows in filed.values() for one, other in combinations(rows, 2)}
    twice = {one for one, other in pairs if one == other and one[1] == "twice"}
    twins = {one for one, other in pairs if one == other and one[1] == "twins"}
    strangers = {frozenset(pair) for pair in pairs if pair[0] != pair[1]}
    assert count == 10_000
    assert len(twice) == 200
    assert (len(twins), len(strangers)) == (30, 1)
