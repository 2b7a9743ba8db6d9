"""Stores that are prepared once a run: a test copies one instead of filling in a form of thirteen pages again.

A test or fixture asks for `birth_filed` of tests/conftest.py; `app` then opens a copy of that store.
"""

from collections.abc import Callable
from types import MappingProxyType

from flask import Flask

from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker


def file_birth(app: Flask) -> None:
    """Register the birth of a child by its mother, at the touchscreen."""
    submit(birth_until_check(Walker(app).go("/")))


PREPARATIONS = MappingProxyType[str, Callable[[Flask], None]]({"birth_filed": file_birth})
"""What each prepared store contains, by the name of its fixture."""
