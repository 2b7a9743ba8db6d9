"""The parts of a release: an SBOM (CycloneDX) and the texts of all licences, made of the lock file and the wheels.

Usage: python deploy/parts.py WHEELS INTO

WHEELS is a folder of wheels, or of installed packages (site-packages), which may hold more than the lock file names.
Written are INTO/SBOM.json and INTO/LICENCES.txt. A part without a licence is an error.
"""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_string
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
OWN_TEXTS = (
    "LICENSE",
    "kiosk/vietnam/reference_data/NOTICE.md",
    "printers/fonts/OFL-form-serif.txt",
    "printers/fonts/OFL-noto-sans.txt",
    "static/fonts/OFL.txt",
)
"""Licences of the program, its reference data and its fonts, which lie in the tree."""
_RULE = "=" * 100


@dataclass(frozen=True)
class Part:
    """A package: its name, version and licence as its metadata says them, and the texts of its licence."""

    name: str
    version: str
    licence: str
    is_spdx: bool
    texts: tuple[str, ...]


def read_parts(folder: Path) -> list[Part]:
    """Return the packages of a folder of wheels or of installed packages, by name."""
    parts = [_part(files) for files in (*_wheels(folder), *_installed(folder))]
    return sorted(parts, key=lambda part: part.name)


def _wheels(folder: Path) -> Iterator[Mapping[str, str]]:
    for path in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(path) as wheel:
            names = [name for name in wheel.namelist() if ".dist-info/" in name]
            yield {
                name.partition(".dist-info/")[2]: _text(wheel.read(name)) for name in names if not name.endswith("/")
            }


def _installed(folder: Path) -> Iterator[Mapping[str, str]]:
    for info in sorted(folder.glob("*.dist-info")):
        yield {str(path.relative_to(info)): _text(path.read_bytes()) for path in info.rglob("*") if path.is_file()}


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _part(files: Mapping[str, str]) -> Part:
    metadata = message_from_string(files["METADATA"])
    classifiers = [text.rpartition(" :: ")[2] for text in metadata.get_all("Classifier", []) if "License ::" in text]
    declared = str(metadata.get("License", "")).strip()
    short = declared if "\n" not in declared and len(declared) < 60 else ""
    expression = str(metadata.get("License-Expression", ""))
    licence = expression or ", ".join(classifiers) or short
    texts = tuple(text for name, text in sorted(files.items()) if LICENCE_FILE.search(name) and text.strip())
    if not texts and "\n" in declared:
        texts = (declared,)
    return Part(
        name=_name(str(metadata["Name"])),
        version=str(metadata["Version"]),
        licence=licence,
        is_spdx=bool(expression),
        texts=texts,
    )


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_texts(parts: list[Part]) -> str:
    """Return the licences of the program, its data and fonts, and of each part, in one text."""
    own = [f"{_RULE}\n{name}\n{_RULE}\n{(ROOT / name).read_text('utf-8').strip()}\n" for name in OWN_TEXTS]
    others = []
    for part in parts:
        body = "\n\n".join(text.strip() for text in part.texts) or f"Licence: {part.licence} (no text in the package)"
        others.append(f"{_RULE}\n{part.name} {part.version}: {part.licence}\n{_RULE}\n{body}\n")
    return "\n".join([*own, *others])


def bill(parts: list[Part]) -> dict[str, Any]:
    """Return the SBOM: every locked package with its hashes, licences and whether the release contains it."""
    command = [
        str(Path(sys.executable).parent / "cyclonedx-py"),
        *("requirements", "requirements.lock", "--pyproject", "pyproject.toml"),
        *("--output-reproducible", "--output-format", "JSON"),
    ]
    made = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    document: dict[str, Any] = json.loads(made.stdout)
    by_name = {part.name: part for part in parts}
    kept = []
    for component in document["components"]:
        part = by_name.get(_name(component["name"]))
        component.pop("description", None)
        if part is not None:
            licence = (
                {"expression": part.licence} if part.is_spdx else {"license": {"name": part.licence or "see texts"}}
            )
            component["licenses"] = [licence]
            kept.append(component)
    document["components"] = kept
    names = {component["bom-ref"] for component in kept} | {"root-component"}
    document["dependencies"] = [each for each in document.get("dependencies", []) if each["ref"] in names]
    return document


def _locked() -> set[str]:
    """Return the names of the packages of requirements.lock."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    return {_name(name) for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}


def main(wheels: Path, into: Path) -> None:
    """Write both files.

    Raises:
        SystemExit: a part has neither a licence nor its text.
    """
    parts = [part for part in read_parts(wheels) if part.name in _locked()]
    bare = [part.name for part in parts if not part.licence and not part.texts]
    if bare or not parts:
        sys.exit(f"no licence: {', '.join(bare)}" if bare else f"no packages in {wheels}")
    (into / "LICENCES.txt").write_text(licence_texts(parts), "utf-8")
    (into / "SBOM.json").write_text(json.dumps(bill(parts), indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
