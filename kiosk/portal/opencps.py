"""The e-forms of OpenCPS: which one a procedure fills, and under which number a case goes there.

Whoever knows a number can read and overwrite what lies under it, so it is made of the ward's key and the receipt
number: nobody can guess it, every revision of a case has the same one, and a kiosk that was restored makes it again.
"""

import base64

from kiosk.context import Context
from kiosk.errors import BadSettings
from kiosk.records import submissions
from sync.portals.eforms import EForm, EFormCase, EFormSite

_BYTES = 10


def eform_number(context: Context, receipt_no: str) -> str:
    """Return the e-form number of a case: KH, so that no portal takes it for an id of its own, and 80 bits."""
    drawn = bytes.fromhex(context.vault.keyed_hash("eform", receipt_no))[:_BYTES]
    return "KH" + base64.b32encode(drawn).decode()


def find_case(context: Context, submission_id: str) -> EFormCase | None:
    """Return under which number a submission goes; None when it is unknown."""
    with context.store.read() as db:
        found = submissions.find(db, submission_id)
    return EFormCase(eform_number(context, found.receipt_no), found.receipt_no, found.revision) if found else None


def eform_site(context: Context) -> EFormSite:
    """Return the ward's place at its OpenCPS; BadSettings when the password's file is not there."""
    told = context.config.opencps
    return EFormSite(
        group_id=told.group_id,
        agency=told.agency or context.config.ward.unit_code,
        forms={one.procedure: EForm(one.service, one.template) for one in context.config.eforms},
        case_of=lambda submission_id: find_case(context, submission_id),
        account=f"{told.account}:{_password(context)}" if told.account else "",
    )


def _password(context: Context) -> str:
    path = context.config.opencps_password_path
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as cause:
        raise BadSettings(
            f"Chưa đọc được mật khẩu OpenCPS. Ghi mật khẩu vào tệp {path}, chỉ người chạy máy đọc được (chmod 600).",
            f"The password for OpenCPS cannot be read. Write it into {path}, mode 600.",
        ) from cause
