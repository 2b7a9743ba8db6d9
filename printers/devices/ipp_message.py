"""Messages of the Internet Printing Protocol: the bytes of a request, and the attributes of an answer.

Only the kinds of values that a print job needs are written. All values of an answer are read; collections are skipped.

Source: RFC 8010 (encoding), RFC 8011 (operations, states).
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

CONTENT_TYPE = "application/ipp"
Operation = Literal["Print-Job", "Cancel-Job", "Get-Job-Attributes", "Get-Printer-Attributes", "CUPS-Get-Printers"]
OPERATIONS: dict[Operation, int] = {
    "Print-Job": 0x0002,
    "Cancel-Job": 0x0008,
    "Get-Job-Attributes": 0x0009,
    "Get-Printer-Attributes": 0x000B,
    "CUPS-Get-Printers": 0x4002,
}
VERSION = b"\x01\x01"
OPERATION_GROUP = 0x01
JOB_GROUP = 0x02
END = 0x03
PRINTER_GROUP = 0x04
FIRST_VALUE_TAG = 0x10
HEAD_LENGTH = 8  # version, operation or status, request id
INTEGER = 0x21
BOOLEAN = 0x22
ENUM = 0x23
TEXT = 0x41
NAME = 0x42
KEYWORD = 0x44
URI = 0x45
CHARSET = 0x47
LANGUAGE = 0x48
MIME_TYPE = 0x49
OUT_OF_BAND = range(0x10, 0x20)
NUMBER_LENGTHS = {INTEGER: 4, ENUM: 4, BOOLEAN: 1}
BEGIN_COLLECTION = 0x34
END_COLLECTION = 0x37
FIRST_ERROR = 0x0400
NOT_FOUND = 0x0406
FORMAT_NOT_SUPPORTED = 0x040A
Value = int | str


class MalformedMessageError(ValueError):
    """An answer is no IPP message."""


@dataclass(frozen=True)
class Attribute:
    """An attribute of a request; several values have one tag."""

    tag: int
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class IppAnswer:
    """An answer: its status code, and the values by attribute name, of all groups together.

    `printers` has the groups of an answer about several printers apart, each as an answer of its own.
    """

    status: int
    values: dict[str, list[Value]] = field(default_factory=dict)
    printers: "tuple[IppAnswer, ...]" = ()

    @property
    def is_error(self) -> bool:
        """Whether the printer has not done what was asked."""
        return self.status >= FIRST_ERROR

    def number(self, name: str) -> int | None:
        """Return the first value of a number, if there is one."""
        return next((value for value in self.values.get(name, []) if isinstance(value, int)), None)

    def texts(self, name: str) -> list[str]:
        """Return the values of a text or keyword."""
        return [value for value in self.values.get(name, []) if isinstance(value, str)]


def request(
    operation: Operation, printer: str, attributes: Sequence[Attribute] = (), job: Sequence[Attribute] = ()
) -> bytes:
    """Return the bytes of a request; a document follows them.

    Args:
        operation: its name.
        printer: address of the printer, ipp://...
        attributes: more attributes of the operation.
        job: attributes of the job.
    """
    first = (
        Attribute(CHARSET, "attributes-charset", ("utf-8",)),
        Attribute(LANGUAGE, "attributes-natural-language", ("vi",)),
        Attribute(URI, "printer-uri", (printer,)),
    )
    groups = bytes((OPERATION_GROUP,)) + _attributes((*first, *attributes))
    if job:
        groups += bytes((JOB_GROUP,)) + _attributes(job)
    return VERSION + struct.pack(">HI", OPERATIONS[operation], 1) + groups + bytes((END,))


def answer(status: int, attributes: Iterable[Attribute], group: int = JOB_GROUP) -> bytes:
    """Return the bytes of an answer, as a printer sends it."""
    first = (
        Attribute(CHARSET, "attributes-charset", ("utf-8",)),
        Attribute(LANGUAGE, "attributes-natural-language", ("vi",)),
    )
    head = VERSION + struct.pack(">HI", status, 1) + bytes((OPERATION_GROUP,)) + _attributes(first)
    return head + bytes((group,)) + _attributes(attributes) + bytes((END,))


def _attributes(attributes: Iterable[Attribute]) -> bytes:
    written = bytearray()
    for attribute in attributes:
        for number, value in enumerate(attribute.values):
            name = b"" if number else attribute.name.encode()
            content = _content(attribute.tag, value)
            written += struct.pack(">BH", attribute.tag, len(name)) + name
            written += struct.pack(">H", len(content)) + content
    return bytes(written)


def _content(tag: int, value: Value) -> bytes:
    if isinstance(value, int):
        return struct.pack(">?" if tag == BOOLEAN else ">i", value)
    return value.encode()


def parse(message: bytes) -> tuple[IppAnswer, bytes]:
    """Return an answer, or a request with its operation as status, and the document behind it.

    Raises:
        MalformedMessageError: the bytes are no IPP message.
    """
    try:
        return _parse(message)
    except (struct.error, IndexError) as cause:
        raise MalformedMessageError("the message ends too early") from cause


def _parse(message: bytes) -> tuple[IppAnswer, bytes]:
    if len(message) < HEAD_LENGTH or message[0] not in (1, 2):
        raise MalformedMessageError("no IPP version")
    (status,) = struct.unpack_from(">H", message, 2)
    values: dict[str, list[Value]] = {}
    printers: list[dict[str, list[Value]]] = []
    name = ""
    at = HEAD_LENGTH
    depth = 0
    while (tag := message[at]) != END:
        at += 1
        if tag < FIRST_VALUE_TAG:
            printers += [{}] if tag == PRINTER_GROUP else []
            continue
        own_name, at = _sized(message, at)
        content, at = _sized(message, at)
        if own_name:
            name = own_name.decode("utf-8", "replace")
        if not depth and tag != BEGIN_COLLECTION and tag not in OUT_OF_BAND:
            value = _value(tag, content)
            values.setdefault(name, []).append(value)
            if printers:
                printers[-1].setdefault(name, []).append(value)
        depth += (tag == BEGIN_COLLECTION) - (tag == END_COLLECTION)
    groups = tuple(IppAnswer(status, own) for own in printers)
    return IppAnswer(status=status, values=values, printers=groups), message[at + 1 :]


def _sized(message: bytes, at: int) -> tuple[bytes, int]:
    """Return a text with its length before it, and the place behind it."""
    (length,) = struct.unpack_from(">H", message, at)
    end = at + 2 + length
    if end > len(message):
        raise MalformedMessageError("a value is longer than the message")
    return message[at + 2 : end], end


def _value(tag: int, content: bytes) -> Value:
    if tag in NUMBER_LENGTHS:
        if len(content) != NUMBER_LENGTHS[tag]:
            raise MalformedMessageError("a number has a wrong length")
        return int.from_bytes(content, "big", signed=tag != BOOLEAN)
    return content.decode("utf-8", "replace")
