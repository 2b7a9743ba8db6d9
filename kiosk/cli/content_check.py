"""Check of a content before it is packed and published: every file of it as `kiosk procedure check` checks one."""

from collections.abc import Iterator
from pathlib import Path

from kiosk.base import release
from kiosk.cli.procedure import errors_in_use
from kiosk.config import Config
from kiosk.procedures.file_errors import messages
from kiosk.procedures.loader import CATALOGUE, BadProcedure, procedure_paths, read_procedure, read_usable_catalogue
from kiosk.procedures.toml_file import read_toml
from kiosk.updates import authorities
from kiosk.vietnam import reference_data
from kiosk.voice.published import DESCRIPTION

PROCEDURES = "procedures"
REFERENCE = "reference"
AUTHORITIES = "authorities"


def is_content(folder: Path) -> bool:
    """Return whether a folder is a content: no program, no voice."""
    return not (folder / release.FILE).exists() and not (folder / DESCRIPTION).exists()


def require_good(folder: Path, config: Config) -> None:
    """Check every file of a content.

    Raises:
        BadProcedure: lists what is wrong, each with its file and line.
    """
    errors = [
        *_unknown(folder),
        *_of_procedures(folder / PROCEDURES, config),
        *_of_reference(folder / REFERENCE),
        *_of_authorities(folder / AUTHORITIES),
    ]
    if errors:
        raise BadProcedure("Nội dung", errors)


def _unknown(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.name not in {PROCEDURES, REFERENCE, AUTHORITIES} or not path.is_dir():
            yield f"{path.name}: nội dung chỉ có ba thư mục {PROCEDURES}, {REFERENCE} và {AUTHORITIES}"


def _of_procedures(folder: Path, config: Config) -> Iterator[str]:
    if not folder.is_dir():
        return
    yield from read_usable_catalogue(CATALOGUE, folder).errors
    for path in procedure_paths(folder):
        try:
            procedure = read_procedure(path)
        except BadProcedure:
            continue  # named already
        text = read_toml(path).text
        yield from (f"{path.name}, {message}" for message in messages(errors_in_use(procedure, config), text))


def _of_reference(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not reference_data.is_readable(path):
            yield f"{path.name}: không có tệp dữ liệu nào tên đó, hoặc tệp thiếu bảng; chép từ bản có sẵn rồi sửa"


def _of_authorities(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not authorities.is_readable(path):
            yield f"{path.name}: không phải chứng thư của nơi cấp chữ ký số (.crt) hay danh sách thu hồi (.crl)"
