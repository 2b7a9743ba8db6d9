"""docs/security.md is a list of claims; each names tests that hold it, and each of these tests exists."""

import re

from kiosk.config import ROOT

TESTS = ROOT / "tests"
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
RESERVED = (".example", ".invalid", ".test", "example.com", "example.org", "example.net")
NAMED = re.compile(r"`([a-z_/0-9]+)::(test_\w+)`")


def _claims() -> list[str]:
    """Return the rows of the tables of claims: all tables whose second column is headed `held by`."""
    rows: list[str] = []
    is_claims = False
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines():
        if line == "| claim | held by |":
            is_claims = True
        elif not line.startswith("|"):
            is_claims = False
        elif is_claims and not line.startswith("|---"):
            rows.append(line)
    return rows


def _has_test(module: str, name: str) -> bool:
    path = TESTS / f"{module}.py"
    return path.exists() and f"def {name}(" in path.read_text(encoding="utf-8")


def test_every_claim_names_a_test() -> None:
    claims = _claims()
    assert len(claims) > 40
    assert [row for row in claims if not NAMED.search(row)] == []


def test_every_test_that_a_claim_names_exists() -> None:
    named = [match for row in _claims() for match in NAMED.findall(row)]
    assert [f"{module}::{name}" for module, name in named if not _has_test(module, name)] == []


def test_the_one_contact_receives_mail_or_is_said_to_be_a_placeholder() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    addresses = ADDRESS.findall(text)
    assert len(addresses) == 1, "one address, so that nobody writes to the wrong one"
    is_placeholder = addresses[0].endswith(RESERVED)
    assert is_placeholder == ("That address is a placeholder" in text)
    assert is_placeholder == ("no private way to report" in text)


def test_the_readme_leads_to_the_contact() -> None:
    assert "](SECURITY.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
