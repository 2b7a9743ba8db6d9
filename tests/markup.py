"""Compact HTML: without the line breaks and indentation of templates, so that tests do not depend on them."""

import re

_TAG = re.compile(r"""(<textarea.*?</textarea>|<(?:[^"'>]|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_BETWEEN_ATTRIBUTES = re.compile(r"""("[^"]*"|'[^']*')|\s+(?=>)|\s+""")


def compact(html: str) -> str:
    """Return a page with one space between attributes and no line break beside a tag."""
    parts = _TAG.split(html)
    for index, part in enumerate(parts):
        parts[index] = _tag(part) if index % 2 else _text(part)
    return "".join(parts)


def _tag(tag: str) -> str:
    if "\n" not in tag and "  " not in tag and " >" not in tag:
        return tag
    if tag.startswith("<textarea"):
        start, _, end = tag.partition(">")
    else:
        start = tag[:-1]
        end = ""
    bare = _BETWEEN_ATTRIBUTES.sub(lambda match: match[1] or " ", start).rstrip()
    return f"{bare}>{end}"


def _text(text: str) -> str:
    if "\n" not in text:
        return text
    text = re.sub(r"^\s*\n\s*|\s*\n\s*$", "", text)
    return re.sub(r"\s*\n\s*", " ", text)
