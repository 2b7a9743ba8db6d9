"""`kiosk tls`: create, show and renew the certificates of the LAN listener."""

import argparse
import sys
from datetime import datetime

import segno

from kiosk.base.clock import SYSTEM, local
from kiosk.base.errors import BadSettings
from kiosk.config import Config
from kiosk.security import certificate_making, tls
from kiosk.security.tls import Certificates


def add_tls(command: argparse.ArgumentParser) -> None:
    """Add the acts of `kiosk tls`."""
    acts = command.add_subparsers(dest="what", required=True, metavar="what")
    acts.add_parser("init", help="make the ward's authority and a certificate").set_defaults(act=init)
    acts.add_parser("show", help="fingerprint, names, expiry, where to install it").set_defaults(act=show)
    acts.add_parser("renew", help="a new certificate of the same authority").set_defaults(act=renew)


def init(config: Config, args: argparse.Namespace) -> int:
    """Create the ward's authority, unless it exists, and the listener's certificate."""
    names = _names(config)
    made = certificate_making.create(config.tls_folder, ward=config.ward.name, names=names, now=SYSTEM.now())
    _print_certificates(config, made)
    return 0


def renew(config: Config, args: argparse.Namespace) -> int:
    """Renew the listener's certificate; browsers keep trusting it, because the authority stays."""
    _print_certificates(config, certificate_making.renew(config.tls_folder, _names(config), SYSTEM.now()))
    print("Máy dùng chứng thư mới từ lần khởi động tới.")
    return 0


def show(config: Config, args: argparse.Namespace) -> int:
    """Show the certificates, and the address where a browser installs the authority."""
    certificates = tls.read_certificates(config.tls_folder)
    if certificates is None:
        raise BadSettings(
            f"Chưa có chứng thư ở {config.tls_folder}. Chạy: kiosk tls init",
            f"There are no certificates in {config.tls_folder}. Run: kiosk tls init",
        )
    _print_certificates(config, certificates)
    return 0


def _names(config: Config) -> tuple[str, ...]:
    if not config.lan.names:
        raise BadSettings(
            '[lan] names còn trống: ghi tên hoặc địa chỉ máy mà cán bộ gõ, ví dụ ["mot-cua.lan", "192.168.1.10"]',
            '[lan] names is empty: write what officers type, for example ["mot-cua.lan", "192.168.1.10"]',
        )
    return config.lan.names


def _print_certificates(config: Config, found: Certificates) -> None:
    print(f"Chứng thư để cài vào trình duyệt: {tls.authority_path(config.tls_folder)}")
    print(f"Dấu vân tay SHA-256:\n  {found.fingerprint[:47]}\n  {found.fingerprint[48:]}")
    print(f"Tên và địa chỉ: {', '.join(found.names)}")
    print(f"Chứng thư của máy hết hạn {_day(found.expires_at)}, của phường {_day(found.authority_expires_at)}.")
    if config.lan.names:
        address = f"https://{config.lan.address(config.lan.names[0])}/signin/certificate"
        print(f"Trang hướng dẫn cài: {address}")
        if sys.stdout.isatty():
            segno.make_qr(address).terminal(compact=True)


def _day(at: datetime) -> str:
    return f"{local(at):%d/%m/%Y}"
