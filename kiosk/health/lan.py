"""Check of the LAN listener: its address belongs to this machine, and it answers there with its certificate."""

import socket
import ssl

from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.security import tls

NAME = "Mạng nội bộ"
SECONDS = 2.0
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # nosec B104 # a key, nothing is bound to it


def check(context: Context) -> CheckResult:
    """Check that browsers of the LAN reach the kiosk; a missing certificate is the business of `certificate`."""
    host = context.config.lan.host
    port = context.config.lan.port
    if not host or tls.read_certificates(context.config.tls_folder) is None:
        return CheckResult(NAME, "note", "Chưa mở ra mạng nội bộ")
    if not _is_own_address(host):
        return CheckResult(
            name=NAME,
            state="fault",
            words=f"{host} không phải địa chỉ của máy lúc này",
            do="Cắm dây mạng, bật bộ chia mạng. Máy đã đổi địa chỉ thì sửa [lan] host. Có địa chỉ là máy tự mở.",
            code="INTRA-01",
        )
    if not _answers(host, port, str(tls.authority_path(context.config.tls_folder))):
        return CheckResult(
            name=NAME,
            state="fault",
            words=f"Cổng {port} chưa mở được",
            do=f"Tắt chương trình khác đang dùng cổng {port}, hoặc đổi [lan] port rồi khởi động lại máy.",
            code="INTRA-02",
        )
    return CheckResult(NAME, "ok", f"Đang mở ở {host}, cổng {port}")


def _is_own_address(host: str) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
    return True


def _answers(host: str, port: int, authority: str) -> bool:
    """Return whether a listener with a certificate of the ward answers; another program has none."""
    context = ssl.create_default_context(cafile=authority)
    context.check_hostname = False
    try:
        with (
            socket.create_connection((ANY_ADDRESS.get(host, host), port), SECONDS) as wire,
            context.wrap_socket(wire),
        ):
            return True
    except OSError:
        return False
