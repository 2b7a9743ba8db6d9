"""Compiled templates, kept beside their sources as Python keeps its modules.

The start page takes 3 ms to draw, and 90 ms to compile with all that it includes.
"""

import hashlib
import marshal
import os
import sys
import threading
from contextlib import suppress
from functools import cache
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType
from typing import Final

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from kiosk.pages import compact_markup

_DIGEST_SIZE = hashlib.sha256().digest_size
_MARSHAL_VERSION: Final = 2
"""Later versions write references, which depend on what else is in memory: a package has the same bytes each time."""


class CompiledTemplates(BytecodeCache):
    """Bytecode of templates in the folder `__pycache__` beside them.

    A file is used when it is whole and was made of the same source, by the same Python, Jinja and settings. Otherwise
    the template is compiled, and the file is written if this process may write there. A package brings its files.
    """

    def __init__(self, templates: Path) -> None:
        self._folder = Path(cache_from_source(str(templates / "template.py"))).parent

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002 # Jinja calls it with both
        """Return the name of a template, which is the same wherever the folder lies."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load the bytecode of a template, if a file has it."""
        try:
            content = self._path_of(bucket).read_bytes()
        except OSError:
            return
        code = content[_DIGEST_SIZE:]
        if content[:_DIGEST_SIZE] == _digest(bucket, code):
            bucket.code = marshal.loads(code)  # noqa: S302  # nosec B302 # who can write it can write the program

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the bytecode of a template, unless Python writes none or the folder is closed."""
        if sys.dont_write_bytecode or bucket.code is None:
            return
        path = self._path_of(bucket)
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            code = marshal.dumps(_renamed(bucket.code, f"templates/{bucket.key}"), _MARSHAL_VERSION)
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(_digest(bucket, code) + code)
            unfinished.replace(path)
        except (
            OSError,
            ValueError,
        ):  # a closed folder, a full disk; code of a later Python
            with suppress(OSError):
                unfinished.unlink()

    def _path_of(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key.replace('/', '.')}.{sys.implementation.cache_tag}"


def _digest(bucket: Bucket, code: bytes) -> bytes:
    """Return the hash of a template's bytecode with all that it depends on."""
    environment = bucket.environment
    settings = environment.trim_blocks, environment.lstrip_blocks, sorted(environment.extensions)
    facts = jinja2.__version__, MAGIC_NUMBER, _markup_source(), settings, bucket.checksum
    return hashlib.sha256(repr(facts).encode() + code).digest()


@cache
def _markup_source() -> bytes:
    return Path(compact_markup.__file__).read_bytes()


def _renamed(code: CodeType, filename: str) -> CodeType:
    """Return code whose functions name a file without the folder in which it was compiled."""
    constants = (_renamed(each, filename) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_filename=filename, co_consts=tuple(constants))
