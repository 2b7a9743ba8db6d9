"""Scripts and style sheets: compressed for browsers that read it, bundles with their modules, no other file."""

import gzip
import re
from pathlib import Path

import pytest

from kiosk.config import ROOT
from kiosk.pages import static_text
from tests.journeys.walker import Walker


def _script(walker: Walker, name: str) -> str:
    """Return the address of a script."""
    address = re.search(r'src="(/static/[^/]+/)touchscreen\.js"', walker.go("/").page)
    assert address is not None
    return address[1] + name


@pytest.mark.parametrize("address", ["/kiosk.css", "touchscreen.js", "idle.js"])
def test_a_browser_that_reads_gzip_gets_the_same_text_in_a_third_of_the_bytes(walker: Walker, address: str) -> None:
    address = address if address.startswith("/") else _script(walker, address)
    plain = walker.browser.get(address)
    small = walker.browser.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(small.data) == plain.data
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data) / 2


def test_a_browser_that_refuses_gzip_gets_plain_text(walker: Walker) -> None:
    answer = walker.browser.get("/kiosk.css", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in answer.headers


def test_a_bundle_runs_each_module_once_after_those_that_it_imports(tmp_path: Path) -> None:
    (tmp_path / "part").mkdir()
    (tmp_path / "all.js").write_text(
        'import "./left.js";\nimport * as deep from "./part/deep.js";\nshow(deep.two());\n'
    )
    (tmp_path / "left.js").write_text(
        'import {\n  one,\n  two,\n} from "./part/deep.js";\nexport const three = one + two();\n'
    )
    (tmp_path / "part" / "deep.js").write_text(
        "export const one = 1;\nexport async function two() {}\nconst own = 3;\n"
    )
    bundle = static_text.bundle(tmp_path, "all.js")
    assert re.findall(r"^const \$(\w+) =", bundle, re.MULTILINE) == ["part_deep", "left", "all"]
    assert "return { one, two };" in bundle
    assert "const {\n  one,\n  two,\n} = $part_deep;" in bundle
    assert "const deep = $part_deep;" in bundle
    assert re.findall(r"\b(?:import|export)\b", bundle) == []


@pytest.mark.parametrize(
    "line", ["export default 1;", "export { one };", 'export * from "./a.js";', "export let one = 1;"]
)
def test_a_module_that_a_bundle_cannot_hold_is_an_error(tmp_path: Path, line: str) -> None:
    (tmp_path / "odd.js").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"odd\.js"):
        static_text.bundle(tmp_path, "odd.js")


@pytest.mark.parametrize(
    "name", ["../../kiosk.css", "%2e%2e/sync/gateway/static/gateway.css", "no.js", "css", "desk/no.js"]
)
def test_no_other_file_is_answered(walker: Walker, name: str) -> None:
    assert walker.browser.get(_script(walker, name)).status_code in (400, 404)


@pytest.mark.parametrize(
    ("folders", "bundles"),
    [
        (
            ("citizen", "parts", "practice", "tablet"),
            {"touchscreen.js", "keyboard.js", "paper_camera.js", "paper_camera/worker.js"},
        ),
        (("officer",), {"desk.js"}),
        (("board",), {"board.js"}),
    ],
    ids=["citizen", "officer", "board"],
)
def test_no_module_is_in_two_scripts_of_a_page(folders: tuple[str, ...], bundles: set[str]) -> None:
    modules = [module for name in bundles for module in static_text._modules(ROOT / "static", name)]
    assert len(modules) == len(set(modules))
    templates = ROOT / "templates"
    pages = [path.read_text("utf-8") for folder in folders for path in (templates / folder).glob("*.html")]
    if "citizen" in folders:
        pages.append((templates / "base.html").read_text("utf-8"))
    named = set(re.findall(r"filename='([\w/]+\.js)'", "\n".join(pages)))
    assert named >= bundles
    assert bundles <= static_text.BUNDLES
    alone = named - bundles
    assert alone & set(modules) == set(), "a module that runs twice has two states"
    importing = {name for name in alone if static_text._modules(ROOT / "static", name) != [name]}
    assert importing == set(), "a page asks for no module on its own: import the script in a bundle"
