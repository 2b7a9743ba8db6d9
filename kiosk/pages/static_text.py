"""Scripts and style sheets: read, bundled and compressed once, then answered from memory.

The modules of a bundle are files of their own in `static/`; a browser that loads them one by one runs the same code.
"""

import gzip
import posixpath
import re
from functools import cache, lru_cache
from pathlib import Path

from flask import Response, current_app, request
from werkzeug.security import safe_join

MIMETYPES = {".js": "text/javascript", ".css": "text/css"}
BUNDLES = {"touchscreen.js", "keyboard.js", "paper_camera.js", "paper_camera/worker.js", "desk.js", "board.js"}
"""Scripts that are answered with all modules that they import: a request for each module is slow on a slow machine."""
SYSTEM = "system.css"
"""Style sheet of the staff's pages: all sheets of `static/system/` in one answer."""
GZIP_LEVEL = 6
_IMPORT = re.compile(r'^import (?:([^;"]+?) from )?"(\.[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|const) (\w+))", re.MULTILINE)


def static_text(folder: Path, name: str) -> Response | None:
    """Return a script or a style sheet of the static folder; None for a file that is neither, or absent."""
    if name == SYSTEM:
        return cached_answer(_system_sheet(folder), MIMETYPES[".css"])
    path = Path(safe_join(str(folder), name) or folder)
    mimetype = MIMETYPES.get(path.suffix)
    if mimetype is None or not path.is_file():
        return None
    name = path.relative_to(folder).as_posix()
    return cached_answer(bundle(folder, name) if name in BUNDLES else _read(folder, name), mimetype)


def cached_answer(text: str, mimetype: str) -> Response:
    """Return a text that browsers keep, compressed for those that can read it; it must hold nothing of a person."""
    response = Response(text, mimetype=mimetype)
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"]:
        response.data = _compressed(text)
        response.content_encoding = "gzip"
    response.headers["Cache-Control"] = f"max-age={current_app.config['SEND_FILE_MAX_AGE_DEFAULT']}"
    response.add_etag()
    response.make_conditional(request)
    return response


@lru_cache(maxsize=256)
def _compressed(text: str) -> bytes:
    return gzip.compress(text.encode(), compresslevel=GZIP_LEVEL, mtime=0)


@cache
def _read(folder: Path, name: str) -> str:
    return (folder / name).read_text("utf-8")


@cache
def _system_sheet(folder: Path) -> str:
    """Return tokens and components; `tokens.css`, the first, sets the order of the layers."""
    tokens = folder / "system" / "tokens.css"
    others = sorted(path for path in tokens.parent.glob("*.css") if path != tokens)
    return "\n".join(path.read_text("utf-8") for path in [tokens, *others])


@cache
def bundle(folder: Path, name: str) -> str:
    """Return a script with all modules that it imports, each in a function of its own that returns its exports.

    Raises:
        ValueError: a module imports or exports in a way that is not understood here.
    """
    return "\n".join(_module(folder, module) for module in _modules(folder, name))


def _modules(folder: Path, name: str) -> list[str]:
    """Return the modules of a script in the order in which a browser runs them: each after those that it imports."""
    ordered: dict[str, None] = {}

    def add(module: str) -> None:
        for _names, target in _IMPORT.findall(_read(folder, module)):
            imported = _target(module, target)
            if imported not in ordered:
                add(imported)
        ordered[module] = None

    add(name)
    return list(ordered)


def _module(folder: Path, name: str) -> str:
    text = _read(folder, name)
    exported = [export for _declared, export in _EXPORT.findall(text)]
    text = _IMPORT.sub(lambda found: _as_constants(name, found), _EXPORT.sub(r"\1", text))
    if re.search(r"^(import|export)\b", text, re.MULTILINE):
        raise ValueError(f"{name}: import or export that a bundle cannot hold")
    return f"const {_variable(name)} = (() => {{\n{text}return {{ {', '.join(exported)} }};\n}})();\n"


def _as_constants(name: str, found: re.Match[str]) -> str:
    """Return an import as constants with the exports of the module that ran before."""
    if not found[1]:
        return ""
    return f"const {found[1].removeprefix('* as ')} = {_variable(_target(name, found[2]))};"


def _target(name: str, imported: str) -> str:
    """Return the name of an imported module in the static folder."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), imported))


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
