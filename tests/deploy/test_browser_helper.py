"""The package of the browser helper: its permissions are its list, its names are known, and it can send nothing."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from deploy import browser_helper
from kiosk.vietnam import electronic_forms
from kiosk.vietnam.reference_data import read
from tests.deploy import helper_list

SOURCE = browser_helper.SOURCE
SENDING = (
    r"XMLHttpRequest|WebSocket|EventSource|sendBeacon|WebTransport|RTCPeer|import\(|\.submit\(|requestSubmit|\beval\b"
)


def _manifest(folder: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return manifest


def test_the_shipped_manifest_lets_it_into_the_listed_addresses_only() -> None:
    manifest = _manifest(SOURCE)
    assert manifest == browser_helper.with_permissions(manifest, browser_helper.read_pages())
    assert manifest["permissions"] == ["scripting", "storage", "clipboardWrite"]
    assert not {"content_scripts", "externally_connectable", "optional_host_permissions"} & set(manifest)
    assert "connect-src 'none'" in manifest["content_security_policy"]["extension_pages"]


def test_its_only_request_reads_the_form_at_the_desk_and_it_presses_no_button() -> None:
    scripts = "".join((SOURCE / name).read_text("utf-8") for name in ("background.js", "fill.js", "panel.js"))
    assert re.findall(SENDING, scripts) == []
    assert re.findall(r"fetch\(.*", scripts) == ['fetch(address, { cache: "no-store" });']
    assert re.findall(r".*\.click\(\)", (SOURCE / "fill.js").read_text("utf-8")) == [
        "      if (isChoice(control)) option.click()"
    ]
    assert len(scripts.splitlines()) < 500


def test_each_value_of_the_list_is_a_known_name_of_its_procedure() -> None:
    known = {
        row["code"]: {f"{form}.{name}" for names in row["names"].values() for form, name in names.items()}
        for row in read("national_names.toml")["procedure"]
    }
    for form in electronic_forms.forms():
        for code in form.procedures:
            known[code] = known.get(code, set()) | {f"portal.{field.name}" for field in form.fields if not field.by}
    for page in browser_helper.read_pages()["pages"]:
        for code, rows in page["procedures"].items():
            assert {row["from"] for row in rows} <= known[code], code
            assert all(row["title"] and bool(row["name"]) != bool(row.get("byHand")) for row in rows), code
            assert {row.get("kind", "") for row in rows} <= {"", "digits", "full-date", "date-parts", "date-or-year"}
            names = [row["name"] for row in rows if row["name"]]
            assert len(names) == len(set(names)), code


def test_the_rows_of_the_electronic_forms_are_those_of_their_list() -> None:
    (page,) = [page for page in browser_helper.read_pages()["pages"] if page["id"] == helper_list.PAGE]
    codes = sorted(code for form in electronic_forms.forms() for code in form.procedures)
    assert list(page["procedures"]) == codes, "python -m tests.deploy.helper_list"
    for code in codes:
        assert page["procedures"][code] == helper_list.rows_of(code), code


def test_a_year_alone_goes_into_three_boxes_only() -> None:
    (page,) = [page for page in browser_helper.read_pages()["pages"] if page["id"] == helper_list.PAGE]
    rows = [row for row in page["procedures"]["1.005461"] if row["name"] in {"NgayMat", "NgayCapDD", "NgaySinh"}]
    assert {row["name"]: row.get("kind", "") for row in rows} == {
        "NgayMat": "date-or-year",
        "NgayCapDD": "date-parts",
        "NgaySinh": "",
    }


def test_the_addresses_of_a_ward_are_added_and_the_archive_is_the_same_each_time(tmp_path: Path) -> None:
    desk = "https://mot-cua.lan:8443/officer/"
    own = "https://motcua.example/tiep-nhan/"
    archives = [browser_helper.write(tmp_path / name / "helper", [desk], [f"formio={own}"]) for name in ("a", "b")]
    assert len({hashlib.sha256(archive.read_bytes()).hexdigest() for archive in archives}) == 1
    manifest = _manifest(tmp_path / "a" / "helper")
    added = set(manifest["host_permissions"]) - set(_manifest(SOURCE)["host_permissions"])
    assert added == {"https://mot-cua.lan/*", "https://motcua.example/*"}
    pages = (tmp_path / "a" / "helper" / "pages.js").read_text("utf-8")
    assert desk in pages
    assert own in pages


@pytest.mark.parametrize(
    ("desks", "pages"),
    [
        (["http://mot-cua.lan/officer/"], []),
        (["https://mot-cua.lan"], []),
        (["https://*/officer/"], []),
        ([], ["igate9=https://motcua.example/"]),
        ([], ["formio=file:///etc/"]),
    ],
)
def test_an_address_that_is_too_wide_or_open_is_refused(desks: list[str], pages: list[str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"not an address|unknown kind"):
        browser_helper.write(tmp_path / "helper", desks, pages)
    assert not (tmp_path / "helper").exists()
