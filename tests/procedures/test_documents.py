"""The register of documents, and the origin of each fact."""

import re
from datetime import date
from pathlib import Path

import pytest

from kiosk.procedures.documents import (
    SHIPPED,
    Document,
    documents_of,
    names_in_force,
    read_documents,
    shipped_documents,
)
from kiosk.procedures.facts import STATED, documents_in_use, facts_of, own_facts_of
from kiosk.procedures.loader import CATALOGUE, BadProcedure, read_catalogue, read_procedure, read_usable_catalogue

STAY = Path(__file__).with_name("stay.toml").read_text("utf-8")
TIME = 'days = 3\nseen = "product"\n'
OWN = """
[nq_phuong]
title = "Nghị quyết 12/2026/NQ-HĐND của thành phố (ví dụ)"
name = "Nghị quyết 12/2026/NQ-HĐND"
from = 2026-01-01
seen = "official"
"""


def written(folder: Path, text: str, name: str = "x.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_register_has_no_error() -> None:
    assert read_documents(SHIPPED)[1] == []
    documents, errors = documents_of([])
    assert errors == []
    assert len(documents) > 60
    assert {document.replaced_by for document in documents.values()} - {""} <= documents.keys()


def test_a_document_is_in_force_from_its_first_to_its_last_day() -> None:
    waiver = shipped_documents()["nq6622"]
    days = [date(2026, 8, 14), date(2026, 8, 15), date(2027, 2, 28), date(2027, 3, 1)]
    assert [waiver.is_in_force(day) for day in days] == [False, True, True, False]


def test_a_document_that_nobody_has_read_since_a_change_is_not_named_as_law() -> None:
    decree = shipped_documents()["nd20"]
    assert decree.is_in_force(date(2026, 10, 4))
    assert not decree.is_in_force(date(2026, 10, 5))


def test_the_law_line_names_documents_in_force_only() -> None:
    ids = ("tt_cu_tru_cu", "tt116", "luat_cu_tru", "khong_co")
    names = names_in_force(shipped_documents(), ids, date(2026, 7, 1))
    assert names == ["Thông tư 116/2026/TT-BCA", "Luật Cư trú 68/2020/QH14"]
    before = names_in_force(shipped_documents(), ids, date(2026, 6, 30))
    assert before == ["Thông tư 55/2021, 56/2021, 66/2023, 53/2025/TT-BCA", "Luật Cư trú 68/2020/QH14"]


MISTAKES = [
    ('seen = "official"', 'seen = "seen"', "dòng 6: nq_phuong.seen: 'seen' phải là một trong: official,"),
    ("from = 2026-01-01", 'from = "01/01/2026"', "dòng 5: nq_phuong.from: phải là ngày viết như 2026-11-24"),
    ("name =", "nane =", "dòng 4: nq_phuong.nane: 'nane' không có trong quy cách; có phải 'name'?"),
    ("title =", "# title =", "dòng 2: nq_phuong: thiếu 'title'"),
    ("from = 2026-01-01", "from = 2026-01-02\nto = 2026-01-01", "nq_phuong.to: đứng trước from"),
    ("name =", 'replaced_by = "nq"\nname =', "nq_phuong.replaced_by: 'nq' không có trong documents.toml"),
    ("[nq_phuong]", "", "title: phải là một đoạn [title]"),
    (
        "[nq_phuong]",
        "[nq_phuong",
        "dòng 2: viết sai quy cách: “[nq_phuong”. Đầu đoạn phải có đủ dấu ngoặc vuông ở hai bên",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "message"), MISTAKES)
def test_a_mistake_in_a_register_is_named(right: str, wrong: str, message: str, tmp_path: Path) -> None:
    assert right in OWN
    written(tmp_path, OWN.replace(right, wrong, 1), "documents.toml")
    _, errors = documents_of([tmp_path])
    assert any(message in error for error in errors), errors
    assert all(error.startswith("documents.toml") for error in errors)
    catalogue = read_usable_catalogue(CATALOGUE, tmp_path)
    assert catalogue.errors == tuple(errors), "the register is no procedure"
    assert catalogue.all(date(2026, 11, 24)), "everything else is served"


def test_a_ward_adds_a_document_and_its_files_name_it(tmp_path: Path) -> None:
    written(tmp_path, OWN, "documents.toml")
    text = STAY.replace(TIME, 'days = 3\nsources = ["nq_phuong"]\narticle = "Điều 2"\nseen = "official"\n', 1)
    path = written(tmp_path, text.replace('code = "1.004194"', 'code = "H57.000001"'))
    time = read_procedure(path).times[0]
    assert (time.sources, time.article, time.seen) == (("nq_phuong",), "Điều 2", "official")
    catalogue = read_catalogue(CATALOGUE, tmp_path)
    assert catalogue.documents["nq_phuong"].short == "Nghị quyết 12/2026/NQ-HĐND"


ORIGINS = [
    ('sources = ["tt_116"]\nseen = "secondary"', "time[1].sources: 'tt_116' không có trong documents.toml; có phải"),
    ('seen = "secondary"', 'time[1]: seen = "secondary" thì phải có sources'),
    ('seen = "product"\nsources = ["tt116"]', 'time[1].sources: seen = "product" là lời của máy'),
    ('seen = "compared"', "time[1].seen: 'compared' phải là một trong: official, official-copy, secondary, memory"),
]  # fmt: skip


@pytest.mark.parametrize(("origin", "message"), ORIGINS)
def test_an_origin_that_cannot_be_is_named_with_its_line(origin: str, message: str, tmp_path: Path) -> None:
    text = STAY.replace(TIME, f"days = 3\n{origin}\n", 1)
    with pytest.raises(BadProcedure) as caught:
        read_procedure(written(tmp_path, text))
    assert any(message in error and error.startswith("dòng ") for error in caught.value.errors), caught.value.errors


def test_the_law_of_a_procedure_names_documents_of_the_register(tmp_path: Path) -> None:
    lines = [line if not line.startswith("law =") else 'law = ["tt116", "tt_117"]' for line in STAY.split("\n")]
    with pytest.raises(BadProcedure) as caught:
        read_procedure(written(tmp_path, "\n".join(lines)))
    assert any(
        "law: 'tt_117' không có trong documents.toml; có phải 'tt117'?" in error for error in caught.value.errors
    )


def test_a_line_inherits_the_origin_of_its_declaration(tmp_path: Path) -> None:
    origin = 'sources = ["tt116", "tt281"]\nseen = "official-copy"\n'
    head, _, declaration = STAY.partition("[declaration]\n")
    text = head + "[declaration]\n" + declaration.replace('seen = "product"\n', origin, 1)
    procedure = read_procedure(written(tmp_path, text))
    (line, *_) = (stated for stated in facts_of(procedure) if stated.place == "declaration.line[1]")
    assert (line.sources, line.seen) == (("tt116", "tt281"), "official-copy")
    documents = documents_in_use(procedure, shipped_documents(), date(2026, 11, 24))
    assert isinstance(documents["tt281"], Document)


@pytest.mark.parametrize("table", ["time", "fee", "paper", "note", "check", "declaration"])
def test_a_fact_that_does_not_say_how_it_was_read_is_an_error(table: str, tmp_path: Path) -> None:
    parts = re.split(r"(?m)^(?=\[)", STAY)
    at = next(at for at, part in enumerate(parts) if part.startswith((f"[{table}]", f"[[{table}]]")))
    parts[at] = re.sub(r"(?m)^(seen|sources|article) = .*\n", "", parts[at])
    with pytest.raises(BadProcedure) as caught:
        read_procedure(written(tmp_path, "".join(parts)))
    (error,) = caught.value.errors
    assert error.startswith("dòng ")
    assert f"{table}" in error
    assert "thiếu 'seen': một trong: official, official-copy, secondary, memory, product" in error


def test_every_shipped_fact_says_how_it_was_read() -> None:
    facts = [stated for form in read_catalogue().every_version() for stated in own_facts_of(form)]
    assert [stated.place for stated in facts if stated.fact.seen is None and isinstance(stated.fact, STATED)] == []


@pytest.mark.parametrize("old", ["confidence", "source", "law"])
def test_the_words_that_seen_and_sources_replace_are_unknown(old: str, tmp_path: Path) -> None:
    with pytest.raises(BadProcedure, match=f"'{old}' không có trong quy cách"):
        read_procedure(written(tmp_path, "format = 3\n" + STAY.replace(TIME, f'{TIME}{old} = "x"\n', 1)))


def test_nobody_is_refused_and_nobody_pays_on_something_that_nobody_read() -> None:
    facts = [(form.code, stated) for form in read_catalogue().every_version() for stated in own_facts_of(form)]
    memory = [(code, stated) for code, stated in facts if stated.seen == "memory"]
    refusals = [(code, stated.place) for code, stated in memory if getattr(stated.fact, "level", "") == "error"]
    amounts = [(code, stated.place) for code, stated in memory if getattr(stated.fact, "amount", 0)]
    assert (refusals, amounts) == ([], [])
