"""Pixels that cross from the decoding process to the kiosk: the only thing of a file that does.

The kiosk never parses what a hostile file wrote: it reads sizes, checks them, and takes so many bytes as colours.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from kiosk.uploads.limits import MAX_PAGE_EDGE, MAX_PAGE_POINTS, MAX_PAGES

_HEAD = struct.Struct("!IIff")
_MAX_LINE = 200
REFUSALS = frozenset({"fonts", "jail", "pages", "unreadable"})


class BadPixels(Exception):  # noqa: N818 - named after what happened, as in errors.py
    """The decoding process ended early or wrote something else."""


@dataclass(frozen=True)
class Picture:
    """A page or photo in RGB; its paper size in points, 0 for a photo."""

    width: int
    height: int
    points_wide: float
    points_high: float
    colours: bytes


@dataclass(frozen=True)
class Head:
    """The number of pages, and the reason of a refusal; empty when the pages follow.

    A PDF with `has_signature_field` may be signed: a field that nobody has signed counts too.
    """

    pages: int
    refusal: str = ""
    has_signature_field: bool = False


def write_head(stream: IO[bytes], head: Head) -> None:
    """Write what follows: pages, or nothing but a refusal."""
    stream.write(json.dumps(vars(head)).encode() + b"\n")


def read_head(stream: IO[bytes]) -> Head:
    """Read what follows.

    Raises:
        BadPixels: it is nothing that `write_head` writes.
    """
    try:
        values = json.loads(stream.readline(_MAX_LINE))
        head = Head(
            pages=int(values["pages"]),
            refusal=str(values["refusal"]),
            has_signature_field=bool(values["has_signature_field"]),
        )
    except (ValueError, KeyError, TypeError, OverflowError) as cause:
        raise BadPixels from cause
    if head.refusal not in REFUSALS and (head.refusal or not 1 <= head.pages <= MAX_PAGES):
        raise BadPixels
    return head


def write_picture(stream: IO[bytes], picture: Picture) -> None:
    """Write one page or photo."""
    stream.write(_HEAD.pack(picture.width, picture.height, picture.points_wide, picture.points_high))
    stream.write(picture.colours)


def read_pictures(stream: IO[bytes], count: int) -> Iterator[Picture]:
    """Read so many pages or photos, each within the limits.

    Raises:
        BadPixels: a size is out of limits, or the stream ends too early.
    """
    for _ in range(count):
        head = stream.read(_HEAD.size)
        if len(head) != _HEAD.size:
            raise BadPixels
        width, height, points_wide, points_high = _HEAD.unpack(head)
        is_paper = all(0 <= points <= MAX_PAGE_POINTS for points in (points_wide, points_high))
        if not (is_paper and 1 <= width <= MAX_PAGE_EDGE and 1 <= height <= MAX_PAGE_EDGE):
            raise BadPixels
        colours = stream.read(width * height * 3)
        if len(colours) != width * height * 3:
            raise BadPixels
        yield Picture(width=width, height=height, points_wide=points_wide, points_high=points_high, colours=colours)
