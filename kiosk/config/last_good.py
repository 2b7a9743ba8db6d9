"""The last kiosk.toml that a server started with: a file that is broken or missing at a start stops no machine.

It is a hidden file beside kiosk.toml, since a broken file does not say where the data folder is. Without it the former
files of the pages are tried. A folder that cannot be written has no such file.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from kiosk.base.errors import BadSettings
from kiosk.config import FILE, ROOT, Config, load
from kiosk.config.edit import former_files, write_like


def good_path(file: Path) -> Path:
    """Return where the last good text of a kiosk.toml is kept."""
    return file.with_name(f".{file.name}.good")


def keep(config: Config) -> None:
    """Keep the text of kiosk.toml, with which a server starts now; one that was broken keeps the one before."""
    file = config.file
    if file is None or config.broken is not None:
        return
    with suppress(OSError):
        content = file.read_bytes()
        good = good_path(file)
        if not good.is_file() or good.read_bytes() != content:
            write_like(file, good, content)


def find(error: BadSettings, path: Path | None = None, env: Mapping[str, str] = os.environ) -> Config | None:
    """Return the settings of the newest text beside a broken kiosk.toml that can be used; None where there is none.

    Args:
        error: what is wrong with the file; the settings remember it as `broken`.
        path: the file, as `kiosk.config.load` takes it.
        env: the environment, as `kiosk.config.load` takes it.
    """
    file = (path or Path(env.get("KIOSK_CONFIG") or ROOT / FILE)).resolve()
    for other in _texts(file):
        with suppress(BadSettings):
            return replace(load(other), root=file.parent, file=file, broken=error)
    return None


def _texts(file: Path) -> Iterator[Path]:
    if good_path(file).is_file():
        yield good_path(file)
    with suppress(OSError):
        yield from (former.path for former in former_files(file))
