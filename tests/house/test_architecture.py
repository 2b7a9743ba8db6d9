"""Tests that docs/architecture.md describes the code: layers as in pyproject.toml, and every folder."""

import re
from pathlib import Path

import pytest

from kiosk.config import ROOT
from tests.house import architecture

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
    """List the folders of the project, two levels deep, that a page does not name."""
    absent = []
    for top in sorted(_folders(ROOT)):
        if f"`{top}/`" not in page:
            absent.append(top)
        for name in sorted(_folders(ROOT / top)):
            if f"`{top}/{name}/`" not in page and not _is_named_in_row(page, top, name):
                absent.append(f"{top}/{name}")
    return absent


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
    assert "templates/doors" in _absent_folders(_page().replace("`doors/`", "doors"))
    assert "bench" in _absent_folders(_page().replace("`bench/`", ""))


def test_every_path_in_the_docs_exists() -> None:
    named = set(re.findall(r"`((?:kiosk|sync|printers|tests|templates|static|docs)/[\w./-]+)`", _page()))
    assert len(named) > 40
    assert [path for path in sorted(named) if not (ROOT / path).exists() and not _is_member(path)] == []


def _is_member(path: str) -> bool:
    """Check for `folder/module.function` and for a module without its suffix."""
    module, _, member = path.partition(".")
    file = ROOT / f"{module}.py"
    return file.exists() and f"def {member}(" in file.read_text("utf-8") if member else file.exists()


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
