"""The e-forms of OpenCPS: the e-form of a procedure, and the e-form number of a case.

Anybody who knows a number can read and overwrite the form under it. So it is made of the ward's key and the receipt
number: nobody can guess it, every revision of a case has the same one, and a restored kiosk computes it again.
"""

import base64

from kiosk.base.errors import BadSettings
from kiosk.context import Context
from kiosk.records import submissions
from sync.portals.eforms import EForm, EFormCase, EFormSite

_NUMBER_BYTES = 10


def eform_number(context: Context, receipt_no: str) -> str:
    """Return the e-form number of a case: KH, so that no portal takes it for an id of its own, and 80 bits."""
    digest = bytes.fromhex(context.vault.keyed_hash("eform", receipt_no))[:_NUMBER_BYTES]
    return "KH" + base64.b32encode(digest).decode()


def find_case(context: Context, submission_id: str) -> EFormCase | None:
    """Return the e-form case of a submission; None when the submission is unknown."""
    with context.store.read() as db:
        submission = submissions.find(db, submission_id)
    if submission is None:
        return None
    return EFormCase(eform_number(context, submission.receipt_no), submission.receipt_no, submission.revision)


def eform_site(context: Context) -> EFormSite:
    """Return the ward's site at its OpenCPS.

    Raises:
        BadSettings: the file of the password cannot be read.
    """
    settings = context.config.opencps
    return EFormSite(
        group_id=settings.group_id,
        agency=settings.agency or context.config.ward.unit_code,
        forms={eform.procedure: EForm(eform.service, eform.template) for eform in context.config.eforms},
        case_of=lambda submission_id: find_case(context, submission_id),
        account=f"{settings.account}:{_password(context)}" if settings.account else "",
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
