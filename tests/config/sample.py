"""The words of kiosk.toml, the sample of the settings: each comment is the description of its setting.

`python -m tests.config.sample` writes the descriptions into the file again.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from kiosk.config import ROOT, Config, setting
from kiosk.procedures.toml_writer import write_value

SAMPLE = ROOT / "kiosk.toml"
_HEADER = re.compile(r"(?:# )?\[\[?(\w+)\]\]?")
_LINE = re.compile(r"((?:# )?(\w+) = (?:\"[^\"]*\"|\[[^\]]*\]|[\w.]+))(\s*#.*)?")


def descriptions() -> dict[tuple[str, str], str]:
    """Return the comment of each setting, by section and key."""
    return {
        (section, item.name): _comment(item.metadata, get_type_hints(kind)[item.name])
        for section, kind in _sections()
        for item in fields(kind)
    }


def rewritten(text: str) -> str:
    """Return the text of a sample with the description of each setting as its comment, in the column of the old one.

    The second entry of a list (`[[counter]]`) has no comments.
    """
    words = descriptions()
    described: set[tuple[str, str]] = set()
    section = ""
    lines: list[str] = []
    for line in text.splitlines():
        header = _HEADER.match(line)
        section = header[1] if header else section
        found = _LINE.fullmatch(line)
        place = (section, found[2]) if found else ("", "")
        if found is None or place not in words:
            lines.append(line)
        elif place in described:
            lines.append(found[1])
        else:
            described.add(place)
            column = line.index("#", len(found[1])) if found[3] else max(23, len(found[1]) + 3)
            lines.append(f"{found[1]:<{column}}# {words[place]}")
    return "\n".join(lines) + "\n"


def _sections() -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(Config)
    for item in fields(Config):
        hint = hints[item.name]
        kind = get_args(hint)[0] if get_origin(hint) is tuple else hint
        if is_dataclass(kind):
            yield item.metadata.get("toml", item.name), kind


def _comment(metadata: Any, hint: Any) -> str:
    like = metadata.get("like", "")
    about = setting.describe(metadata, write_value([like] if get_origin(hint) is tuple else like))
    label = f"{metadata['label']}. " if metadata["label"] else ""
    return f"{label}{about}".strip()


if __name__ == "__main__":
    SAMPLE.write_text(rewritten(SAMPLE.read_text("utf-8")), "utf-8")
