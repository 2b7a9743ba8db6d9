"""A setting as a dataclass field: default, limits, and the words that describe it.

The words are written once: the technician's page shows them, and kiosk.toml has them as comments (a test compares).
"""

from collections.abc import Collection, Mapping
from dataclasses import field
from typing import Any


def number(least: int, most: int, default: Any, *, label: str = "", about: str = "") -> Any:
    """Return a field with a whole number, or a tuple of them.

    Args:
        least: the lowest value.
        most: the highest value.
        default: the value where kiosk.toml says nothing.
        label: its name on the technician's page; empty: it is not there.
        about: what it is for, in Vietnamese; `{like}` is an example.
    """
    return _field(default, label, about, least=least, most=most)


def text(pattern: str, default: Any, like: str, *, label: str = "", about: str = "") -> Any:
    """Return a field with a text of a pattern, such as `like`, or a tuple of them."""
    return _field(default, label, about, pattern=pattern, like=like)


def one_of(options: Collection[str], default: str, *, label: str = "", about: str = "") -> Any:
    """Return a field with one of some words: those that `options` has when a file is read."""
    return _field(default, label, about, options=options)


def plain(default: Any, *, label: str = "", about: str = "") -> Any:
    """Return a field whose type alone limits it."""
    return _field(default, label, about)


def _field(default: Any, label: str, about: str, **limits: Any) -> Any:
    return field(default=default, metadata={"label": label, "about": about, **limits})


def describe(metadata: Mapping[str, Any], like: str) -> str:
    """Return what a setting is for, with an example as the reader writes it."""
    about: str = metadata["about"]
    return about.replace("{like}", like)
