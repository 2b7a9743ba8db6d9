"""Where the pages of a form lie: at the touchscreen, or at the desk where an officer corrects it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for


@dataclass(frozen=True)
class FormUrls:
    """The endpoints of a form's pages: what stands before each name, and what each address needs besides."""

    before: str = "citizen."
    told: Mapping[str, str] = field(default_factory=dict)
    home: str = ""
    """Where every page leads back to; empty: to the page before it."""
    reads_cards: bool = True

    def to(self, name: str, **told: str) -> str:
        """Return the address of a page."""
        values: dict[str, Any] = {**self.told, **told}
        return url_for(self.before + name, **values)


CITIZEN = FormUrls()
