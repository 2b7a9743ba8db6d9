"""Compiled templates: kept beside their sources, used only when they fit, and the same bytes in every package."""

import sys
import traceback
from pathlib import Path

import jinja2
import pytest

from kiosk.bare_app import bare_app, compile_templates
from kiosk.config import ROOT, Config
from kiosk.pages.compact_markup import CompactMarkup
from kiosk.pages.compiled_templates import CompiledTemplates


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Python write bytecode, whatever the settings of this run are."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    (folder / "citizen").mkdir(parents=True)
    (folder / "citizen" / "start.html").write_text("<p>\n  Xin chào {{ name }}\n</p>\n", "utf-8")
    return folder


def _environment(folder: Path, *, trims: bool = True) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        trim_blocks=trims,
        extensions=[CompactMarkup],
        bytecode_cache=CompiledTemplates(folder),
        autoescape=True,
    )


def _draw(folder: Path) -> str:
    return _environment(folder).get_template("citizen/start.html").render(name="bà Mẫu")


def _file(folder: Path) -> Path:
    (file,) = (folder / "__pycache__").iterdir()
    return file


def test_a_second_process_compiles_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = _draw(folder)
    assert text == "<p>\nXin chào bà Mẫu\n</p>"
    monkeypatch.setattr(jinja2.Environment, "compile", None)
    assert _draw(folder) == text


def test_a_file_that_does_not_fit_is_made_anew(folder: Path) -> None:
    _draw(folder)
    whole = _file(folder).read_bytes()
    other = whole[:-1] + bytes([whole[-1] ^ 1])
    for content in (b"", whole[:20], whole[:-9], other, whole + b"\0"):
        _file(folder).write_bytes(content)
        assert _draw(folder) == "<p>\nXin chào bà Mẫu\n</p>"
        assert _file(folder).read_bytes() == whole


def test_a_changed_template_is_drawn_as_it_is_now(folder: Path) -> None:
    _draw(folder)
    (folder / "citizen" / "start.html").write_text("Chào {{ name }}", "utf-8")
    assert _draw(folder) == "Chào bà Mẫu"


@pytest.mark.parametrize("name", ["__version__", "trims"])
def test_another_jinja_or_setting_compiles_anew(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _draw(folder)
    before = _file(folder).read_bytes()
    if name == "__version__":
        monkeypatch.setattr(jinja2, name, "99")
    _environment(folder, trims=name != "trims").get_template("citizen/start.html")
    assert _file(folder).read_bytes() != before


def test_a_closed_folder_keeps_no_page_away(folder: Path) -> None:
    (folder / "__pycache__").write_text("no folder", "utf-8")
    assert _draw(folder) == "<p>\nXin chào bà Mẫu\n</p>"


def test_nothing_is_written_where_python_writes_no_bytecode(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    _draw(folder)
    assert not (folder / "__pycache__").exists()


def test_the_bytes_do_not_depend_on_the_folder(folder: Path, tmp_path: Path) -> None:
    _draw(folder)
    other = folder.rename(tmp_path / "elsewhere")
    before = _file(other).read_bytes()
    _file(other).unlink()
    _draw(other)
    assert _file(other).read_bytes() == before


def test_a_fault_names_the_template_and_its_line(folder: Path) -> None:
    (folder / "citizen" / "start.html").write_text("\n{{ name.first.last }}\n", "utf-8")
    for _ in range(2):  # compiled, then read
        with pytest.raises(jinja2.UndefinedError) as caught:
            _draw(folder)
        frames = traceback.extract_tb(caught.value.__traceback__)
        assert [frame.lineno for frame in frames if frame.filename.endswith("templates/citizen/start.html")] == [2]


def test_a_package_brings_every_template_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    count = compile_templates()
    assert count == sum(
        1 for path in (ROOT / "templates").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    assert len(list(tmp_path.rglob(f"*.{sys.implementation.cache_tag}"))) == count
    monkeypatch.setattr(jinja2.Environment, "compile", None)
    bare_app(Config()).jinja_env.get_template("citizen/start.html")
