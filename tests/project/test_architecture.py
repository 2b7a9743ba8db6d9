"""Tests that docs/architecture.md describes the code: layers as in pyproject.toml, and every folder."""

import re
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.project import architecture

TABLE = {
    "contracts": [
        {
            "name": "the kiosk uses sync and printers",
            "type": "layers",
            "layers": ["kiosk", "sync | printers"],
        },
        {
            "name": "layers of printers",
            "type": "layers",
            "containers": ["printers"],
            "layers": ["devices", "(absent) : document : errors"],
        },
        {
            "name": "one module renders ESC/POS",
            "type": "protected",
            "protected_modules": ["escpos"],
            "allowed_importers": ["printers.render.escpos"],
        },
    ]
}
PATH = re.compile(r"`([a-z_]+/[\w/-]*(?:\.\w+)?)`")
"""A path in backticks, such as `acts/applying.begin`; an address of a page begins with a slash."""
BASES = (ROOT, ROOT / "kiosk", ROOT / "templates", ROOT / "static", ROOT / "docs")
NOT_OURS = {"build", "data", "__pycache__"}


def _page() -> str:
    return architecture.PAGE.read_text("utf-8")


def _folders(parent: Path) -> set[str]:
    return {
        path.name
        for path in parent.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name not in NOT_OURS
    }


def _absent_folders(page: str) -> list[str]:
    """List the folders of the project, two levels deep, that a page does not name.

    A folder of tests that has the name of a package is described with that package.
    """
    mirrors = {f"tests/{name}" for package in ("", "kiosk") for name in _folders(ROOT / package)}
    absent = []
    for top in sorted(_folders(ROOT)):
        if f"`{top}/`" not in page:
            absent.append(top)
        for name in sorted(_folders(ROOT / top)):
            if f"`{top}/{name}/`" not in page and not _is_named_in_row(page, top, name):
                absent.append(f"{top}/{name}")
    return [name for name in absent if name not in mirrors]


def _is_named_in_row(page: str, top: str, name: str) -> bool:
    """Check whether the row of a top folder names a subfolder by its last part."""
    row = re.search(rf"^\| `{top}/` \|.*$", page, re.MULTILINE)
    return row is not None and f"`{name}/`" in row.group()


def test_the_layers_in_the_docs_are_those_of_pyproject() -> None:
    expected = architecture.made_part(architecture.settings())
    assert architecture.current_part(_page()) == expected, "docs/architecture.md is stale: run `make architecture`"


def test_the_docs_name_every_folder() -> None:
    assert _absent_folders(_page()) == []


def test_a_page_without_a_folder_is_found() -> None:
    assert "kiosk/acts" in _absent_folders(_page().replace("`kiosk/acts/`", "acts"))
    assert "templates/enrolment" in _absent_folders(_page().replace("`enrolment/`", "enrolment"))
    assert "bench" in _absent_folders(_page().replace("`bench/`", ""))


def test_every_path_in_the_docs_exists() -> None:
    paths = set(PATH.findall(_page()))
    assert len(paths) > 60
    assert [path for path in sorted(paths) if not _is_there(path)] == []


@pytest.mark.parametrize("path", ["kiosk/nowhere.py", "acts/nowhere", "acts/applying.nothing", "tests/nowhere/"])
def test_a_path_that_is_not_there_is_found(path: str) -> None:
    assert PATH.fullmatch(f"`{path}`")
    assert not _is_there(path)


def _is_there(path: str) -> bool:
    """Check for a file or folder, a module without its suffix, or `module.function`, below one of BASES."""
    return any((base / path).exists() or _is_member(base / path) for base in BASES)


def _is_member(path: Path) -> bool:
    if path.with_suffix(".py").exists() and path.suffix:
        text = path.with_suffix(".py").read_text("utf-8")
        return re.search(rf"^(def |class )?{path.suffix[1:]}\b", text, re.MULTILINE) is not None
    return path.with_name(f"{path.name}.py").exists()


def test_containers_and_layers_are_parsed() -> None:
    packages, printers = architecture.layer_contracts(TABLE)
    assert packages.modules == ["kiosk", "sync", "printers"]
    assert printers.modules == ["printers.devices", "printers.document", "printers.errors"]
    assert [layer.is_independent for layer in printers.layers] == [True, False]


def test_a_drawing_has_a_box_for_each_layer() -> None:
    drawing = architecture.drawing(architecture.layer_contracts(TABLE)[0])
    rows = [line.strip("│ ") for line in drawing.splitlines() if line.startswith("│")]
    assert rows == ["kiosk", "sync │ printers"]


def test_a_change_of_a_layer_changes_the_drawing() -> None:
    moved = {**TABLE, "contracts": [{**TABLE["contracts"][0], "layers": ["kiosk", "sync", "printers"]}]}
    before = {**TABLE, "contracts": TABLE["contracts"][:1]}
    assert architecture.made_part(moved) != architecture.made_part(before)


def test_other_contracts_are_rows() -> None:
    assert "| `escpos` | `printers.render.escpos` |" in architecture.other_rules(TABLE)


@pytest.mark.parametrize(
    ("imported", "member"),
    [("kiosk.acts.calling", "kiosk.acts"), ("kiosk.actsx", ""), ("flask", ""), ("kiosk.acts", "kiosk.acts")],
)
def test_an_import_belongs_to_a_member(imported: str, member: str) -> None:
    assert architecture.member_of(imported, ["kiosk.acts", "kiosk.records"]) == member


def test_the_imports_of_a_package_are_counted() -> None:
    packages = architecture.layer_contracts(TABLE)[0]
    assert architecture.imports(packages) == {("kiosk", "sync"), ("kiosk", "printers")}
