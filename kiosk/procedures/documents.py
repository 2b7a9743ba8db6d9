"""Register of documents: each law, decree, record or copy of a form that the catalogue rests on, once, with its dates.

A fact names its documents by their ids (`sources = ["tt116"]`). A folder of the ward or the province may have a
`documents.toml` of its own: a document there replaces the shipped one of the same id.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from kiosk.procedures.file_errors import FileError, FileErrors, messages, suggestion
from kiosk.procedures.toml_dataclasses import parse_table
from kiosk.procedures.toml_file import read_toml

FILE_NAME = "documents.toml"
SHIPPED = Path(__file__).parent / FILE_NAME

Day = dt.date


@dataclass(frozen=True)
class Document:
    """A document of the register; `title` is its whole name."""

    title: str
    seen: Literal["official", "official-copy", "secondary", "memory"]
    """How the document itself was read."""
    name: str = ""
    """Name in the law line of a citizen's page; empty: the title."""
    number: str = ""
    date: Day | None = None
    """Day of signing."""
    from_: Day | None = None
    """First day in force; None: before the first version of the catalogue."""
    to: Day | None = None
    """Last day in force."""
    unsure_from: Day | None = None
    """From this day nobody has read whether it is still in force."""
    replaced_by: str = ""
    """Id of the document that follows."""
    address: str = ""

    @property
    def short(self) -> str:
        """Name in the law line."""
        return self.name or self.title

    @property
    def has_known_start(self) -> bool:
        """Return whether its first day is known: without it nobody can say that it is in force."""
        return self.from_ is not None

    def is_in_force(self, day: Day) -> bool:
        """Return whether the law line names the document on a day: it is not known to be over, in doubt or to come."""
        is_begun = self.from_ is None or self.from_ <= day
        is_over = self.to is not None and self.to < day
        is_unsure = self.unsure_from is not None and self.unsure_from <= day
        return is_begun and not is_over and not is_unsure


Documents = Mapping[str, Document]


def end_of(document: Document, documents: Documents) -> Day | None:
    """Return the first day without a document, by its last day or the first day of its successor; None if unknown."""
    successor = documents.get(document.replaced_by)
    days = [document.to + dt.timedelta(days=1)] if document.to else []
    # A successor of a document in doubt may leave parts of it in force.
    if successor and successor.from_ and not document.unsure_from:
        days.append(successor.from_)
    return min(days, default=None)


def is_changed_since(document: Document, documents: Documents, since: Day, today: Day) -> bool:
    """Return whether a document began, ended or came into doubt after a day and until today."""
    days = (document.from_, document.unsure_from, end_of(document, documents))
    return any(since < day <= today for day in days if day)


def names_in_force(documents: Documents, ids: Iterable[str], day: Day) -> list[str]:
    """Return the short names of the documents among `ids` that are in force on a day, in their order."""
    known = (documents[name] for name in ids if name in documents)
    return [document.short for document in known if document.is_in_force(day)]


def read_documents(path: Path) -> tuple[dict[str, Document], list[str]]:
    """Return (documents by id, error messages with file and line) of a register file."""
    file = read_toml(path)
    errors: FileErrors = list(file.errors)
    documents = {name: _document(name, entry, errors) for name, entry in file.table.items()}
    return (
        {name: document for name, document in documents.items() if document is not None},
        [f"{path.name}, {message}" for message in messages(errors, file.text)],
    )


def _document(name: str, entry: Any, errors: FileErrors) -> Document | None:
    """Return a document, or None after an error of its entry."""
    if not isinstance(entry, Mapping):
        errors.append(FileError(name, f"phải là một đoạn [{name}] với title, seen"))
        return None
    before = len(errors)
    document: Document = parse_table(dataclass_type=Document, table=entry, place=name, errors=errors)
    if document.from_ and document.to and document.to < document.from_:
        errors.append(FileError(f"{name}.to", "đứng trước from; xem lại hai ngày này"))
    return document if len(errors) == before else None


@cache
def shipped_documents() -> Documents:
    """Return the register that ships with the product; its errors are errors of a test."""
    return read_documents(SHIPPED)[0]


def documents_of(folders: Iterable[Path]) -> tuple[Documents, list[str]]:
    """Return (the shipped register with those of some folders, error messages)."""
    documents = dict(shipped_documents())
    errors: list[str] = []
    for path in dict.fromkeys(folder / FILE_NAME for folder in folders):
        if path.is_file():
            own, found = read_documents(path)
            documents |= own
            errors += found + [f"{path.name}: {error}" for error in _unknown_successors(own, documents)]
    return documents, errors


def _unknown_successors(own: Documents, documents: Documents) -> Iterator[FileError]:
    for name, document in own.items():
        if document.replaced_by and document.replaced_by not in documents:
            yield FileError(f"{name}.replaced_by", unknown_id(document.replaced_by, documents))


def unknown_id(name: str, documents: Documents) -> str:
    """Return the message about an id that the register does not have."""
    return f"'{name}' không có trong documents.toml{suggestion(name, documents)}"
