"""Document as plain text, for previews, test logs and screen readers."""

from collections.abc import Callable
from textwrap import wrap
from typing import Any

from printers import document as doc
from printers.settings import DARKNESS


def render(document: doc.Document, columns: int = 42) -> str:
    """Return the words of a document in lines of at most `columns` letters."""
    lines = [f"[ {doc.PRACTICE_WORD} ] {doc.PRACTICE_LINE}"] if document.practice else []
    for block in document.blocks:
        lines += LINES[type(block)](block, columns)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def plain(words: doc.Words) -> str:
    """Return words without their weights."""
    return words if isinstance(words, str) else "".join(run.text for run in words)


def _aligned(text: str, align: doc.Align, columns: int) -> list[str]:
    pad = {"left": str.ljust, "centre": str.center, "right": str.rjust}[align]
    return [pad(line, columns) for line in wrap(text, columns) or [""]]


def _text(block: doc.Text, columns: int) -> list[str]:
    return _aligned(plain(block.text), block.align, columns)


def _pair(block: doc.Pair, columns: int) -> list[str]:
    available_width = columns - len(block.label) - 1
    if len(block.value) <= available_width:
        return [f"{block.label} {block.value:>{available_width}}"]
    return [*wrap(block.label, columns), *_aligned(block.value, "right", columns)]


def _table(block: doc.Table, _columns: int) -> list[str]:
    return [" | ".join(row) for row in ((block.head,) if block.head else ()) + block.rows]


def _rule(block: doc.Rule, columns: int) -> list[str]:
    return ["- " * (columns // 2) if block.dashed else "-" * columns]


def _code(block: doc.Code, columns: int) -> list[str]:
    beside = [line for text in block.beside for line in _text(text, columns)]
    caption = _aligned(block.caption, "centre", columns) if block.caption else []
    return [f"[{block.kind.upper()} {block.data}]".center(columns), *beside, *caption]


def _tick(block: doc.Tick, columns: int) -> list[str]:
    first, *rest = wrap(plain(block.text), columns - 4) or [""]
    return [f"[{'x' if block.done else ' '}] {first}", *(f"    {line}" for line in rest)]


def _step(block: doc.Step, columns: int) -> list[str]:
    first, *rest = wrap(plain(block.text), columns - 4) or [""]
    return [f"({block.number}) {first}", *(f"    {line}" for line in rest)]


def _bridge(_block: doc.Bridge, columns: int) -> list[str]:
    return ["︵︵︵︵︵︵".center(columns)]


LINES: dict[type[doc.Block], Callable[[Any, int], list[str]]] = {
    doc.Text: _text,
    doc.Pair: _pair,
    doc.Table: _table,
    doc.Rule: _rule,
    doc.Code: _code,
    doc.Picture: lambda block, columns: _aligned(block.alt_text, "centre", columns) if block.alt_text else [],
    doc.Gap: lambda _block, _columns: [],
    doc.Cut: lambda _block, columns: ["=" * columns],
    doc.Frame: lambda block, columns: _aligned(f"( {block.text} )", "centre", columns),
    doc.BigNumber: lambda block, columns: ["", block.text.center(columns), ""],
    doc.Tick: _tick,
    doc.Step: _step,
    doc.Bridge: _bridge,
    doc.Edges: lambda _block, columns: ["|" + "-" * (columns - 2) + "|"],
    doc.DarknessSamples: lambda block, _columns: [f"{number}: {block.text}" for number in DARKNESS],
}
