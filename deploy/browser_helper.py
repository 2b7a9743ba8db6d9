"""Packaging of the browser helper: a folder and a .zip of deploy/browser-helper with the addresses of a ward.

Usage: python deploy/browser_helper.py INTO [--desk URL]... [--page KIND=URL]...

INTO is the folder to write; INTO.zip lies beside it. `--desk` is the start of the desk's addresses on the LAN, `--page`
an address of the ward's own system whose fields have the names of KIND. The browser lets the helper into these only.
"""

import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SOURCE = Path(__file__).resolve().parent / "browser-helper"
START = "export default "
LOOPBACK = {"127.0.0.1", "localhost"}
ZIP_DATE = (2026, 1, 1, 0, 0, 0)


def read_pages() -> dict[str, Any]:
    """Return the shipped list of pages and field names."""
    pages: dict[str, Any] = json.loads((SOURCE / "pages.js").read_text("utf-8").partition(START)[2])
    return pages


def with_permissions(manifest: dict[str, Any], pages: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest with the addresses of the list as its only host permissions."""
    listed = [address for page in pages["pages"] for address in page["addresses"]]
    filled = sorted({_pattern(address) for address in (*listed, *pages["around"], *pages["desks"])})
    shown = [row | {"matches": filled} for row in manifest["web_accessible_resources"]]
    return manifest | {"host_permissions": filled, "web_accessible_resources": shown}


def write(into: Path, desks: list[str], own_pages: list[str]) -> Path:
    """Write the folder and its archive; return the archive.

    Raises:
        ValueError: an address is not https (on this machine also http), has no path, or its kind is unknown.
    """
    pages = read_pages()
    pages["desks"] += [_checked(address) for address in desks]
    kinds = {page["id"]: page for page in pages["pages"]}
    for entry in own_pages:
        kind, _, address = entry.partition("=")
        if kind not in kinds:
            raise ValueError(f"unknown kind of page: {kind}; known: {', '.join(kinds)}")
        kinds[kind]["addresses"].append(_checked(address))
    manifest = with_permissions(json.loads((SOURCE / "manifest.json").read_text("utf-8")), pages)
    into.mkdir(parents=True, exist_ok=True)
    for path in SOURCE.iterdir():
        (into / path.name).write_bytes(path.read_bytes())
    (into / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")
    (into / "pages.js").write_text(START + json.dumps(pages, ensure_ascii=False) + "\n", "utf-8")
    archive = into.with_name(into.name + ".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(path.name for path in SOURCE.iterdir()):
            packed.writestr(zipfile.ZipInfo(name, ZIP_DATE), (into / name).read_bytes(), zipfile.ZIP_DEFLATED)
    return archive


def _checked(address: str) -> str:
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not is_safe or not parts.path or not re.fullmatch(r"[a-z0-9.-]+", parts.hostname or ""):
        raise ValueError(f"not an address that begins with https:// and ends its host with a slash: {address}")
    return address


def _pattern(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname}/*"


def main(arguments: list[str]) -> None:
    """Write the folder and the archive that the command line names."""
    into, *options = arguments
    given: dict[str, list[str]] = {"--desk": [], "--page": []}
    for option, value in zip(options[::2], options[1::2], strict=True):
        given[option].append(value)
    sys.stdout.write(f"{write(Path(into), given['--desk'], given['--page'])}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
