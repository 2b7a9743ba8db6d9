"""The generated part of docs/architecture.md: packages, layers and import rules. `make architecture` writes it.

The layers come from `[tool.importlinter]` in pyproject.toml, the purpose of a module from its docstring, so neither is
written twice. `tests/project/test_architecture.py` compares the file with what this module makes.
"""

import ast
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.config import ROOT

PAGE = ROOT / "docs" / "architecture.md"
BEGIN = "<!-- made by `make architecture`; do not edit by hand -->"
END = "<!-- end of the made part -->"
WIDTH = 100
"""Characters of a drawn box, frame included."""


@dataclass(frozen=True)
class Layer:
    """One layer of a contract: its members, and whether they may import each other."""

    members: tuple[str, ...]
    is_independent: bool


@dataclass(frozen=True)
class Contract:
    """One import-linter contract of type `layers`; `container` is empty for the root packages."""

    container: str
    title: str
    layers: tuple[Layer, ...]

    @property
    def modules(self) -> list[str]:
        """List the full names of all members, from the top layer down; an optional one may be absent."""
        prefix = f"{self.container}." if self.container else ""
        names = [prefix + member for layer in self.layers for member in layer.members]
        return [name for name in names if source(name).exists()]


def settings(pyproject: Path = ROOT / "pyproject.toml") -> dict[str, Any]:
    """Load the table `[tool.importlinter]`."""
    table: dict[str, Any] = tomllib.loads(pyproject.read_text("utf-8"))["tool"]["importlinter"]
    return table


def layer_contracts(table: dict[str, Any]) -> list[Contract]:
    """Parse the contracts of type `layers`, one for each container."""
    contracts = []
    for entry in table["contracts"]:
        if entry["type"] == "layers":
            layers = tuple(parse_layer(words) for words in entry["layers"])
            for container in entry.get("containers", [""]):
                contracts.append(Contract(container=container, title=entry["name"], layers=layers))
    return contracts


def parse_layer(words: str) -> Layer:
    """Parse one layer: `a | b` are independent, `a : b` are not, `(a)` is optional."""
    separator = ":" if ":" in words else "|"
    members = tuple(member.strip().strip("()").strip() for member in words.split(separator))
    return Layer(members=members, is_independent=separator == "|")


def made_part(table: dict[str, Any]) -> str:
    """Write the generated part: a drawing and a table for each container, then the other rules."""
    parts = []
    for contract in layer_contracts(table):
        parts.append(f"### {contract.container or 'Packages'}\n\n{sentence(contract.title)}\n\n{drawing(contract)}\n")
        parts.append(purposes(contract))
    parts.append(f"### Other rules\n\n{other_rules(table)}")
    return "\n".join(parts)


def drawing(contract: Contract) -> str:
    """Draw one box a layer, the top layer first."""
    inner = WIDTH - 4
    rule = "─" * (inner + 2)
    lines = ["```text", f"┌{rule}┐"]
    for number, layer in enumerate(contract.layers):
        if number:
            lines.append(f"├{rule}┤")
        separator = " │ " if layer.is_independent else " · "
        lines += [f"│ {row:{inner}} │" for row in textwrap.wrap(separator.join(layer.members), inner)]
    return "\n".join([*lines, f"└{rule}┘", "```"])


def purposes(contract: Contract) -> str:
    """Write a table of the modules and what each is responsible for, in alphabetical order."""
    rows = ["| module | responsible for |", "|---|---|"]
    rows += [f"| `{shown_path(name)}` | {purpose(name)} |" for name in sorted(contract.modules)]
    return "\n".join(rows) + "\n"


def other_rules(table: dict[str, Any]) -> str:
    """Write a table of the contracts that are not layers."""
    rows = ["| rule | modules | may be imported by |", "|---|---|---|"]
    for entry in table["contracts"]:
        if entry["type"] != "layers":
            modules = entry.get("protected_modules") or entry.get("source_modules") or entry.get("modules", [])
            importers = ", ".join(f"`{name}`" for name in entry.get("allowed_importers", [])) or "-"
            rows.append(f"| {entry['name']} | {', '.join(f'`{name}`' for name in modules)} | {importers} |")
    return "\n".join(rows) + "\n"


def sentence(title: str) -> str:
    """Return a contract's name as a sentence."""
    return f"{title[:1].upper()}{title[1:]}."


def source(module: str) -> Path:
    """Return the file of a module or package."""
    path = ROOT / module.replace(".", "/")
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def shown_path(module: str) -> str:
    """Return the path to show: a folder with a slash, or a file."""
    path = source(module)
    if path.name == "__init__.py":
        return f"{path.parent.relative_to(ROOT)}/"
    return str(path.relative_to(ROOT))


def purpose(module: str) -> str:
    """Return the first paragraph of a module's docstring, safe inside a table."""
    docstring = ast.get_docstring(ast.parse(source(module).read_text("utf-8"))) or ""
    return " ".join(docstring.partition("\n\n")[0].split()).replace("|", "\\|")


def imports(contract: Contract) -> set[tuple[str, str]]:
    """Collect which member of a container imports which other one."""
    edges = set()
    for name in contract.modules:
        path = source(name)
        files = path.parent.rglob("*.py") if path.name == "__init__.py" else [path]
        for file in files:
            for imported in imported_names(file):
                target = member_of(imported, contract.modules)
                if target and target != name:
                    edges.add((name, target))
    return edges


def imported_names(path: Path) -> Iterator[str]:
    """Yield the full names that a file imports, late imports too."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def member_of(imported: str, modules: list[str]) -> str:
    """Return the member that an imported name belongs to; empty for a name from elsewhere."""
    owners = [name for name in modules if imported == name or imported.startswith(f"{name}.")]
    return max(owners, key=len, default="")


def current_part(page: str) -> str:
    """Return the part of the page between the markers."""
    return page.partition(f"{BEGIN}\n")[2].partition(f"\n{END}")[0]


def main() -> None:
    """Write the generated part into docs/architecture.md and print the counts."""
    table = settings()
    page = PAGE.read_text("utf-8")
    head = page.partition(BEGIN)[0]
    tail = page.partition(END)[2]
    PAGE.write_text(f"{head}{BEGIN}\n{made_part(table)}\n{END}{tail}", "utf-8")
    for contract in layer_contracts(table):
        counts = f"{len(contract.modules)} modules, {len(contract.layers)} layers, {len(imports(contract))} imports"
        print(f"{contract.container or 'packages'}: {counts}")


if __name__ == "__main__":
    main()
