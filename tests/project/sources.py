"""Modules of the project, parsed for the rules that look at them.

To parse all modules takes several seconds of the processor, to look for a word in their texts a tenth of one: a rule
names the words without which no module breaks it.
"""

import ast
import gc
from collections.abc import Iterable
from pathlib import Path


def parse_modules(paths: Iterable[Path], words: Iterable[str] = ("",)) -> dict[Path, ast.Module]:
    """Parse the modules whose text has one of some words; by default all of them.

    The garbage collector would look through the trees while they grow, which takes half of the time.
    """
    trees = {}
    gc.disable()
    try:
        for path in sorted(paths):
            source = path.read_text("utf-8")
            if any(word in source for word in words):
                trees[path] = ast.parse(source)
    finally:
        gc.enable()
    return trees
