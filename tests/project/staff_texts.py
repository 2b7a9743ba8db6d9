"""Vietnamese texts that officers, technicians and the province read, without the official words of forms."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from kiosk.config import ROOT

VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯà-ỹẠ-Ỹ]")
TEMPLATES = (
    "templates/officer/**/*.html",
    "templates/technician/**/*.html",
    "templates/enrolment/*.html",
    "templates/signin.html",
    "templates/staff_error.html",
    "sync/gateway/templates/**/*.html",
)
MODULES = (
    "kiosk/pages/*.py",
    "kiosk/pages/officer/*/*.py",
    "kiosk/pages/technician/*.py",
    "kiosk/acts/*.py",
    "kiosk/health/*.py",
    "kiosk/papers/*.py",
)
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_TAG = re.compile(r"\{[{%].*?[}%]\}", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_STATEMENT = re.compile(r"\{%.*?%\}", re.DOTALL)
_INLINE = re.compile(r"</?(?:b|i|a|code|em|strong|span|small|kbd)\b[^>]*>")
_BLOCK = re.compile(r"<[^>]*>")


def staff_texts() -> Iterator[tuple[str, str]]:
    """Yield (file, text) of each text."""
    for patterns, texts_of in ((TEMPLATES, template_texts), (MODULES, module_texts)):
        for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
            yield from ((str(path.relative_to(ROOT)), text) for text in texts_of(path))


def template_texts(path: Path) -> Iterator[str]:
    """Yield the running texts of a template, values as X, and the texts in its expressions."""
    source = _COMMENT.sub("", path.read_text("utf-8"))
    for tag in _TAG.findall(source):
        yield from (text for text in re.findall(r'"([^"]*)"', tag) if VIETNAMESE.search(text))
    source = _STATEMENT.sub("\n\n", _EXPRESSION.sub(" X ", source))
    for text in _BLOCK.sub("\n\n", _INLINE.sub(" ", source)).split("\n\n"):
        if VIETNAMESE.search(text):
            yield " ".join(text.split())


def module_texts(path: Path) -> Iterator[str]:
    """Yield the strings of a module, values of f-strings as X, without docstrings."""
    source = path.read_text("utf-8")
    if not VIETNAMESE.search(source):
        return
    tree = ast.parse(source)
    skipped = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        for statement in node.body
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            parts = (str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
            text = "".join(parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            text = node.value
        else:
            continue
        if VIETNAMESE.search(text):
            yield text
