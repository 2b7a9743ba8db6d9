"""HTML without the line breaks and indentation of its template, so that a test does not depend on them."""

import re

_TAG = re.compile(r"""(<textarea.*?</textarea>|<(?:[^"'>]|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_BETWEEN_ATTRIBUTES = re.compile(r"""("[^"]*"|'[^']*')|\s+(?=>)|\s+""")


def compact(html: str) -> str:
    """Return a page with one space between attributes and no line break beside a tag."""
    parts = _TAG.split(html)
    for at, part in enumerate(parts):
        parts[at] = _tag(part) if at % 2 else _text(part)
    return "".join(parts)


def _tag(tag: str) -> str:
    start, end = (tag.split(">", 1) + [""])[:2] if tag.startswith("<textarea") else (tag[:-1], "")
    bare = _BETWEEN_ATTRIBUTES.sub(lambda found: found[1] or " ", start).rstrip()
    return f"{bare}>{end}"


def _text(text: str) -> str:
    text = re.sub(r"^\s*\n\s*|\s*\n\s*$", "", text)
    return re.sub(r"\s*\n\s*", " ", text)
