"""Numbers of releases, such as 0.12.0: parsed and compared as numbers, never as text."""

import re

_RELEASE = re.compile(r"(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})", re.ASCII)
_AGENT = re.compile(r"ward-kiosk/([0-9.]{5,17})", re.ASCII)


def parse_version(text: str) -> tuple[int, int, int] | None:
    """Return the three numbers of a release; None when the text is no release number."""
    found = _RELEASE.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def is_older(version: str, minimum: str) -> bool:
    """Return whether a release is older than another one; a text that is no release number is older than each."""
    wanted = parse_version(minimum)
    found = parse_version(version)
    return wanted is not None and (found is None or found < wanted)


def version_key(version: str) -> tuple[int, ...]:
    """Return the numbers of a program's version (0.3.0) or a content's (2026.11.28.2), to sort by; empty for none."""
    return tuple(int(part) for part in version.split(".")) if re.fullmatch(r"[0-9]+(\.[0-9]+)*", version) else ()


def version_of_agent(user_agent: str) -> str:
    """Return the release that a User-Agent names; empty for a kiosk of before releases had numbers."""
    found = _AGENT.fullmatch(user_agent)
    return found[1] if found else ""
