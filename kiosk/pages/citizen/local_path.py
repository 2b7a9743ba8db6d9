"""The check of a posted path, so that no form leads to another host."""

import re

from flask import url_for

LOCAL_PATH = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]{0,299})?")
"""A path of this kiosk, with its query: at most 300 visible ASCII characters. A second slash, a backslash or a control
character, which browsers drop, would lead to another host."""


def local_path(text: str) -> str:
    """Return a posted path if it is one of this kiosk, else that of the start page."""
    return text if LOCAL_PATH.fullmatch(text) else url_for("citizen.start")
