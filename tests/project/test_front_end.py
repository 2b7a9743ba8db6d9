"""Templates, style sheets and scripts: line length, and no class, token, block, function or file without a user."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from kiosk.config import ROOT

MAX_LINE = 120
STATIC = ROOT / "static"
GATEWAY = ROOT / "sync" / "gateway"
TEMPLATES = [ROOT / "templates", GATEWAY / "templates"]
SAMPLES = ROOT / "templates" / "practice" / "design"
STYLED = [STATIC, GATEWAY / "static"]
BUILT_NAMES = {
    "as-": "size of a letter, from the choices of `citizen.easier`",
    "cols-": "number of columns, from the macro `cols` of parts/kit.html",
    "is-": "state of a finding, a dossier or a ticket",
}
"""Beginnings of class names that a template completes with a value, and what the value is."""
OTHER_VALUES = {("gateway.css", "--hair"): "practice mode, a shade darker than on the kiosk"}
"""Tokens that a sheet sets to a value of its own, and where that shows."""
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|rgb\(|hsl\(")


def _files(folders: list[Path], *ends: str) -> list[Path]:
    found = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in ends)
    assert found
    return found


@cache
def _read(path: Path) -> str:
    return path.read_text("utf-8")


def _rules(path: Path) -> Iterator[tuple[str, str]]:
    """Yield selector and declarations of each rule, those inside of media queries too."""
    sheet = re.sub(r"/\*.*?\*/", "", _read(path), flags=re.DOTALL)
    for found in re.finditer(r"([^{};]+)\{([^{}]*)\}", sheet):
        yield found[1].strip(), found[2]


def test_no_line_is_too_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _files([*TEMPLATES, *STYLED], ".html", ".css", ".js")
        for number, line in enumerate(_read(path).splitlines(), 1)
        if len(line) > MAX_LINE
    ]
    assert long == []


def _styled_classes(*folders: Path) -> dict[str, str]:
    """Return each class that a selector names, with the sheet that does."""
    found: dict[str, str] = {}
    for path in _files(list(folders or STYLED), ".css"):
        for selector, _ in _rules(path):
            bare = re.sub(r'"[^"]*"', "", selector)
            found |= {name: path.name for name in re.findall(r"\.([a-z][\w-]*)", bare) if not bare.startswith("@")}
    return found


def _classes_of_templates() -> set[str]:
    """Return the words of class attributes, and of the strings that Jinja puts into them.

    The samples of components do not count: they show what other pages use.
    """
    return _classes(path for path in _files(TEMPLATES, ".html") if path.parent != SAMPLES)


def _classes(templates: Iterable[Path]) -> set[str]:
    words: set[str] = set()
    for path in templates:
        for value in re.findall(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)"', _read(path)):
            words |= set(re.findall(r"[a-z][\w-]*", value))
        words |= set(re.findall(r"\{%- block kind %\}([\w-]+)\{% endblock", _read(path)))  # the class of the body
        for code in re.findall(r"\{[{%].*?[}%]\}", _read(path), flags=re.DOTALL):
            words |= {word for text in re.findall(r'"([^"]*)"', code) for word in text.split()}
    return words


def _classes_of_scripts() -> set[str]:
    scripts = "\n".join(_read(path) for path in _files([STATIC], ".js"))
    named = re.findall(r'classList\.\w+\("([\w-]+)"|className = "([\w-]+)"', scripts)
    return {name for pair in named for name in pair if name}


def test_every_class_of_a_style_sheet_is_used() -> None:
    used = _classes_of_templates() | _classes_of_scripts()
    unused = {name: sheet for name, sheet in _styled_classes().items() if name not in used}
    built = tuple(BUILT_NAMES)
    assert {name: sheet for name, sheet in unused.items() if not name.startswith(built)} == {}


def test_every_class_of_the_system_is_on_the_page_of_the_components() -> None:
    shown = _classes([*_files([SAMPLES], ".html"), ROOT / "templates" / "parts" / "icons.html"])
    assert {name: sheet for name, sheet in _styled_classes(STATIC / "system").items() if name not in shown} == {}


def test_every_listed_name_is_still_needed() -> None:
    styled = set(_styled_classes())
    plain = _classes_of_templates() | _classes_of_scripts()
    assert [begin for begin in BUILT_NAMES if not any(name.startswith(begin) for name in styled - plain)] == []


def test_only_tokens_css_sets_colours() -> None:
    found: set[tuple[str, str]] = set()
    for path in _files(STYLED, ".css"):
        if path.name != "tokens.css":
            for _, body in _rules(path):
                for name, value in re.findall(r"(--[\w-]+):([^;]+)", body):
                    found |= {(path.name, name)} if COLOUR.search(value) else set()
    assert found == set(OTHER_VALUES)


def test_every_token_is_read_and_every_token_that_is_read_is_set() -> None:
    text = "\n".join(_read(path) for path in [*_files(STYLED, ".css"), ROOT / "templates" / "measure.css"])
    is_set = set(re.findall(r"(--[\w-]+):", text))
    is_read = set(re.findall(r"(?:var|style)\((--[\w-]+)", text))
    assert len(is_set) > 40
    assert is_set ^ is_read == set()


def _blocks(path: Path) -> dict[str, bool]:
    """Return the blocks of a template, and whether each has content."""
    found = re.findall(r"\{%-?\s*block (\w+)\s*-?%\}(.*?)\{%-?\s*endblock", _read(path), flags=re.DOTALL)
    return {name: bool(content.strip()) for name, content in found}


def _parent(path: Path) -> Path | None:
    extends = re.search(r'\{%-?\s*extends "([^"]+)"', _read(path))
    folder = next(folder for folder in TEMPLATES if folder in path.parents)
    return folder / extends[1] if extends else None


def _block_names(path: Path) -> set[str]:
    """Return the names of the blocks of a template, those inside other blocks too."""
    return set(re.findall(r"\{%-?\s*block (\w+)", _read(path)))


def _frame_of(page: Path, name: str) -> Path:
    """Return the outermost template, of a page and those it extends, that has a block of this name."""
    frame = page
    parent = _parent(page)
    while parent:
        frame = parent if name in _block_names(parent) else frame
        parent = _parent(parent)
    return frame


def _is_frame(template: Path, pages: list[Path]) -> bool:
    return any(_parent(page) == template for page in pages)


def test_every_block_is_filled_by_a_page_and_every_filled_block_is_shown() -> None:
    pages = _files(TEMPLATES, ".html")
    defined = {(page, name): _frame_of(page, name) for page in pages for name in _block_names(page)}
    offered = {block for block, frame in defined.items() if frame == block[0] and _is_frame(frame, pages)}
    filled = {(frame, name) for (page, name), frame in defined.items() if frame != page}
    shown_nowhere = {block for block, frame in defined.items() if frame == block[0] and not _is_frame(frame, pages)}
    assert len(offered) > 10
    assert {(page.name, name) for page, name in (offered ^ filled) | shown_nowhere} == set()


def _linked() -> set[str]:
    """Return the static files that a template or a script names."""
    named: set[str] = set()
    for path in _files(TEMPLATES, ".html"):
        named |= set(re.findall(r"filename='([^']+)'", _read(path)))
        for call in re.findall(r"\{\{ sheets\(([^)]*)\)", _read(path)):
            named |= {f"{name}.css" for name in re.findall(r'"([^"]+)"', call)}
    for path in _files([STATIC], ".js"):
        for target in re.findall(r'(?:from|import) "(\.[^"]+)"', _read(path)):
            named.add(str((path.parent / target).resolve().relative_to(STATIC)))
    return named


def test_every_style_sheet_and_script_is_linked() -> None:
    folders = [STATIC / "css", STATIC / "system"]
    served_as_one = {str(path.relative_to(STATIC)) for folder in folders for path in folder.iterdir()}
    served_as_one |= {"keyboard.css", "desk/offline.js"}
    files = {str(path.relative_to(STATIC)) for path in _files([STATIC], ".css", ".js")}
    assert files - _linked() == served_as_one - {"system/tokens.css"}
    styles_and_scripts = {name for name in _linked() if name.endswith((".css", ".js"))}
    assert styles_and_scripts - files == {"system.css", "gateway.css"}


def test_every_sheet_of_the_system_is_in_one_layer_and_tokens_set_their_order() -> None:
    tokens = _read(STATIC / "system" / "tokens.css")
    ordered = re.search(r"^@layer ([^;{]+);", tokens, re.MULTILINE)
    assert ordered
    layers = ordered[1].split(", ")
    named = {path.name: re.findall(r"^@layer (\w+) \{", _read(path), re.MULTILINE) for path in _layered()}
    assert {name: found for name, found in named.items() if len(found) != 1 or found[0] not in layers} == {}
    assert {found[0] for found in named.values()} == set(layers)


def _layered() -> list[Path]:
    return _files([STATIC / "system", STATIC / "pages"], ".css")


_DEFINED = re.compile(r"^(export )?(?:async )?(?:function|const|let) (\w+)", re.MULTILINE)


def test_every_function_of_a_script_is_called() -> None:
    scripts = {path: re.sub(r"/\*.*?\*/", "", _read(path), flags=re.DOTALL) for path in _scripts()}
    engine = "\n".join(_read(path) for path in (ROOT / "tests" / "keyboard").glob("*.py"))
    unused = []
    for path, text in scripts.items():
        others = "\n".join([engine, *(other for at, other in scripts.items() if at != path)])
        for exported, name in _DEFINED.findall(text):
            readers = text + others if exported else text
            if len(re.findall(rf"\b{name}\b", readers)) == 1:
                unused.append(f"{path.name}: {name}")
    assert unused == []


def _scripts() -> list[Path]:
    return _files([STATIC], ".js")


def test_every_script_begins_with_what_it_is_responsible_for() -> None:
    first_lines = {path.name: _read(path).splitlines()[0] for path in _scripts()}
    assert {name: line for name, line in first_lines.items() if not re.match(r"/\* [A-Z][^:.]+[:.] ?", line)} == {}


_ATTRIBUTE_BLOCK = re.compile(r"\s*\{%-? if [^%]*%\}[\w-]+(?:=\"[^<>]*\")?\{% endif %\}$")


def _joined_attributes(text: str) -> list[str]:
    """Return attribute blocks whose next line is a block too: `trim_blocks` and `lstrip_blocks` join the attributes."""
    lines = text.splitlines()
    pairs = pairwise(lines)
    return [line.strip() for line, after in pairs if _ATTRIBUTE_BLOCK.match(line) and re.match(r"\s*{%-? if", after)]


def test_no_two_attributes_of_a_template_are_joined() -> None:
    joined = {str(path): _joined_attributes(_read(path)) for folder in TEMPLATES for path in folder.rglob("*.html")}
    assert {name: lines for name, lines in joined.items() if lines} == {}


def test_joined_attributes_are_found() -> None:
    joined = '<input\n  {% if a %}autofocus{% endif %}\n  {% if b %}aria-invalid="true"{% endif %}\n>'
    assert _joined_attributes(joined) == ["{% if a %}autofocus{% endif %}"]
    assert _joined_attributes(joined.replace("autofocus{% endif %}", "autofocus{% endif +%}")) == []


def test_every_text_size_of_the_desk_is_in_rem_so_that_officers_can_enlarge_it() -> None:
    fixed = [
        (path.name, declared)
        for path in _files([STATIC / "desk", STATIC / "system"], ".css")
        for _, body in _rules(path)
        for declared in re.findall(r"font(?:-size)?:[^;]*\d+px[^;]*", body)
    ]
    assert fixed == [], "write font sizes of static/desk and static/system in rem: 14px is 0.875rem"
