"""Where the pages of a form lie: at the touchscreen, or at the desk where an officer corrects it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for


@dataclass(frozen=True)
class FormUrls:
    """The endpoints of a form's pages: what stands before each name, and what each address needs besides."""

    endpoint_prefix: str = "citizen."
    url_values: Mapping[str, str] = field(default_factory=dict)
    back_url: str = ""
    """Where every page leads back to; empty: to the page before it."""
    reads_cards: bool = True

    def url_of(self, name: str, **told: str) -> str:
        """Return the address of a page."""
        values: dict[str, Any] = {**self.url_values, **told}
        return url_for(self.endpoint_prefix + name, **values)


CITIZEN_URLS = FormUrls()
