"""The check of the LAN listener's certificate."""

from datetime import timedelta

from kiosk.base import clock
from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.security import tls


def check(context: Context) -> CheckResult:
    """Check that the certificate of the LAN listener exists and is not about to expire."""
    if not context.config.lan.host:
        return CheckResult("Chứng thư", "note", "Không mở cửa ra mạng nội bộ")
    found = tls.read_certificates(context.config.tls_folder)
    now = context.clock.now()
    if found is None:
        return CheckResult(
            name="Chứng thư",
            state="fault",
            words="Chưa có",
            do="Mở Bảo trì, Chứng thư, bấm “Lập chứng thư”, đợi một phút: máy tự mở ra mạng nội bộ.",
            code="CERT-01",
        )
    words = f"Dùng đến {clock.local(found.expires_at):%d/%m/%Y}"
    if found.authority_expires_at - now < timedelta(days=tls.RENEW_DAYS):
        do = f"Xóa thư mục {context.config.tls_folder}, chạy kiosk tls init, cài lại chứng thư ở từng máy của cán bộ."
        return CheckResult(
            name="Chứng thư",
            state="warning",
            words=f"Chứng thư của phường hết hạn {found.authority_expires_at:%d/%m/%Y}",
            do=do,
            code="CERT-02",
        )
    if found.expires_at <= now:
        return CheckResult(
            name="Chứng thư",
            state="fault",
            words=f"Hết hạn {found.expires_at:%d/%m/%Y}",
            do="Khởi động lại máy: máy tự gia hạn.",
            code="CERT-03",
        )
    if found.expires_at - now < timedelta(days=tls.RENEW_DAYS):
        return CheckResult(
            name="Chứng thư",
            state="warning",
            words=words,
            do="Khởi động lại máy trong tuần: máy tự gia hạn.",
            code="CERT-03",
        )
    return CheckResult("Chứng thư", "ok", words)
