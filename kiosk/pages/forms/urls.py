"""URLs of a form's pages: at the touchscreen, or at the desk where an officer corrects the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import url_for


@dataclass(frozen=True)
class FormUrls:
    """Endpoints of a form's pages: their prefix, and the values that each URL needs."""

    endpoint_prefix: str = "citizen."
    url_values: Mapping[str, str] = field(default_factory=dict)
    back_url: str = ""
    """Target of every "back" link; empty: the page before."""
    reads_cards: bool = True

    def url_of(self, name: str, **values: str) -> str:
        """Return the URL of a page."""
        all_values: dict[str, Any] = {**self.url_values, **values}
        return url_for(self.endpoint_prefix + name, **all_values)


CITIZEN_URLS = FormUrls()
