"""Row 30: a form is renewed while forms and drafts of its old version wait."""

import json
from pathlib import Path

import pytest

from tests.faults.filing import COPY, begin, finish
from tests.faults.table import Seen
from tests.faults.ward import Ward, arrive

pytestmark = pytest.mark.faults
OWN = '[procedures]\nown = "own"'
RENEWED = f'extends = "{COPY}.toml"\nversion = "renewed"\neffective_from = 2026-11-01\n'


@pytest.mark.row(30)
def test_a_form_is_renewed_while_its_old_version_waits(tmp_path: Path, row: Seen) -> None:
    (tmp_path / "kiosk" / "own").mkdir(parents=True)
    with Ward(tmp_path, more=OWN) as ward:
        kiosk = ward.kiosk
        ward.line.shut()
        queued = kiosk.file(2, COPY)
        begun = begin(kiosk.context, COPY)
        (tmp_path / "kiosk" / "own" / f"{COPY}@renewed.toml").write_text(RENEWED)
        kiosk.reboot()
        drafted = finish(kiosk.context, begun)[0]
        renewed = kiosk.file(1, COPY)[0]
        arrive(ward, [*queued, drafted, renewed], row)
        told = {form: _version(ward, form) for form in (*queued, drafted, renewed)}
        assert told[renewed] == "renewed"
        assert len({told[form] for form in (*queued, drafted)} - {"renewed"}) == 1
        row.read(kiosk.reads(), "Đường truyền Tốt")


def _version(ward: Ward, form: str) -> str:
    return str(json.loads(ward.portal.body(form))["form"]["formVersion"])
