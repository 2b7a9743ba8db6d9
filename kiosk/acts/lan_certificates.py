"""A technician makes or renews the certificate of the LAN listener."""

from kiosk.base.errors import BadSettings
from kiosk.context import Context
from kiosk.records import audit
from kiosk.security.tls import Certificates


def renew_certificate(context: Context, actor: str) -> Certificates:
    """Make a new certificate of the ward's authority, and the authority too where there is none.

    Raises:
        BadSettings: [lan] names is empty, or the authority may not sign for one of them.
    """
    from kiosk.security.certificate_making import create

    config = context.config
    now = context.clock.now()
    if not config.lan.names:
        raise BadSettings(
            "Chưa ghi tên máy trong mạng nội bộ: ô Tên máy ở trang Cài đặt, hoặc [lan] names của kiosk.toml.",
            "[lan] names is empty: write what officers type.",
        )
    certificates = create(folder=config.tls_folder, ward=config.ward.name, names=config.lan.names, now=now)
    with context.store.write() as db:
        line = audit.AuditLine(act="certificate", actor=actor, subject=config.kiosk.id)
        audit.append(db, key=context.audit_key(), now=now, line=line)
    return certificates
