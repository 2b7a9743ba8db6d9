"""Files that kiosk.toml names: the ward's procedures and fees, the portal's certificate, the root of releases.

A copy of the store has them, and a machine that replaces a lost one gets them back where its settings look for them.
Voices are large and come from the province: no copy has them.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from kiosk.backup.unpack import NAMED
from kiosk.config import Config
from kiosk.config.edit import read_only, write_like
from kiosk.procedures.documents import FILE_NAME as REGISTER

_OWN = f"{NAMED}procedures/"
_MAX_BYTES = 1_000_000
"""A larger file is none of these, and each copy would have it."""


def read(config: Config) -> dict[str, bytes]:
    """Return the files by their names in a copy; one that is missing, closed or too large is left out."""
    files = {}
    for name, path in _places(config):
        with suppress(OSError):
            if path.is_file() and path.stat().st_size <= _MAX_BYTES:
                files[name] = path.read_bytes()
    return files


def by_path(config: Config, files: Mapping[str, bytes]) -> dict[Path, bytes]:
    """Return files of a copy by the paths that the settings give them; those that nothing names are left out."""
    places = dict(_places(config))
    if config.own_procedures:
        names = [name.removeprefix(_OWN) for name in files if name.startswith(_OWN)]
        places |= {_OWN + name: config.own_procedures / name for name in names if Path(name).name == name}
    return {places[name]: content for name, content in files.items() if name in places}


def write_missing(files: Mapping[Path, bytes], settings: Path) -> list[Path]:
    """Write the files that this machine does not have; return their paths. What is there stays.

    Args:
        files: contents by path.
        settings: the kiosk.toml whose owner and mode they get.

    Raises:
        SettingsReadOnly: a folder does not take them.
    """
    missing = [path for path in files if not path.exists()]
    for path in missing:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_like(settings, path, files[path])
        except OSError as error:
            raise read_only(path) from error
    return missing


def _places(config: Config) -> Iterator[tuple[str, Path]]:
    """Yield the name in a copy and the path of each file that is there or may come."""
    if config.own_procedures:
        for path in sorted(config.own_procedures.glob("*.toml")):
            yield _OWN + path.name, path
    if config.overrides_path:
        yield f"{NAMED}overrides", config.overrides_path
        yield f"{NAMED}register", config.overrides_path.parent / REGISTER
    if config.portal_ca:
        yield f"{NAMED}portal-ca", config.portal_ca
    yield f"{NAMED}release-root", config.release_root
