"""Row 30: a form gets a new version while submissions and drafts of the old one wait."""

import json
from pathlib import Path

import pytest

from tests.faults.submitting import COPY, fill_in_form, submit_draft
from tests.faults.table import RowResult
from tests.faults.ward import Ward, expect_delivery

pytestmark = pytest.mark.faults
OWN = '[procedures]\nown = "own"'
RENEWED = f'extends = "{COPY}.toml"\nversion = "renewed"\neffective_from = 2026-11-01\n'


@pytest.mark.row(30)
def test_a_form_gets_a_new_version_while_the_old_one_waits(tmp_path: Path, row: RowResult) -> None:
    (tmp_path / "kiosk" / "own").mkdir(parents=True)
    with Ward(tmp_path, more=OWN) as ward:
        kiosk = ward.kiosk
        ward.proxy.close()
        queued = kiosk.submit(2, COPY)
        draft = fill_in_form(kiosk.context, COPY)
        (tmp_path / "kiosk" / "own" / f"{COPY}@renewed.toml").write_text(RENEWED)
        kiosk.reboot()
        drafted = submit_draft(kiosk.context, draft)[0]
        renewed = kiosk.submit(1, COPY)[0]
        expect_delivery(ward, [*queued, drafted, renewed], row)
        versions = {form: _version(ward, form) for form in (*queued, drafted, renewed)}
        assert versions[renewed] == "renewed"
        assert len({versions[form] for form in (*queued, drafted)} - {"renewed"}) == 1
        row.expect_text(kiosk.read_page(), "Đường truyền Tốt")


def _version(ward: Ward, form: str) -> str:
    return str(json.loads(ward.portal.body(form))["form"]["formVersion"])
