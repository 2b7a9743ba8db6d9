"""Connection test before the first citizen: name, encrypted channel, greeting, key, clock, each with what to do.

It stops at the first failure, because each step needs the one before. It sends no form and changes nothing.
"""

import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sync import errors
from sync.name_lookup import NameLookup
from sync.parcel import Hello
from sync.portals.base import Portal

SECONDS = 10.0
"""Limit of the name look-up and of the channel; the portal is opened with its own."""
MAX_CLOCK_SECONDS = 600.0
NAMES = ("Tên của cổng", "Kênh mã hóa", "Lời chào của cổng", "Khóa của máy", "Đồng hồ")
CALL = "Gọi phòng công nghệ của thành phố"

_OTHER_NAME = (
    "chứng thư là của tên khác",
    "Xem địa chỉ cổng trong kiosk.toml, đoạn [portal], có gõ sai chữ nào không.",
)
_CERTIFICATES = {
    9: ("chứng thư của cổng chưa đến ngày dùng", "Xem ngày giờ của máy với điện thoại; sai thì chỉnh lại."),
    10: (
        "chứng thư của cổng hết hạn",
        f"Xem ngày giờ của máy với điện thoại; sai thì chỉnh lại. {CALL} nếu ngày giờ đúng.",
    ),
    62: _OTHER_NAME,
    64: _OTHER_NAME,
}
"""Words and advice by OpenSSL's verification code (x509_vfy.h)."""
_OTHER_ISSUER = (
    "chứng thư do nơi khác cấp",
    "Cổng dùng chứng thư riêng thì tải tệp của nơi cấp lên ở Cài đặt, Cổng của thành phố. Không thì mạng có máy đứng "
    "giữa: báo nhà mạng.",
)
_LACKING = range(79, 94)
"""OpenSSL's codes of an authority or a certificate without what RFC 5280 asks for; Python 3.13 asks too."""
_GATEWAY_DOWN = (
    "cổng đang tắt hoặc đang nâng cấp",
    "Không phải làm gì ở phường. Quá một buổi thì gọi phòng công nghệ.",
)
_GREETINGS = {
    "foreign answer": (
        "có máy khác trả lời thay cổng",
        "Mở trình duyệt xem mạng có đòi đăng nhập không. Không thì xem địa chỉ cổng trong kiosk.toml.",
    ),
    "421": (
        "máy chủ của cổng không nhận địa chỉ này",
        f"Xem địa chỉ cổng trong kiosk.toml, đoạn [portal]. Đúng địa chỉ: {CALL}, đọc mã LINK-15 và địa chỉ đó.",
    ),
    "502": _GATEWAY_DOWN,
    "503": _GATEWAY_DOWN,
    "504": _GATEWAY_DOWN,
}


@dataclass(frozen=True)
class ConnectionStep:
    """Result of one step: its words, what to do, and the time that it took; `waits` for an earlier one."""

    name: str
    state: Literal["ok", "fault", "waits"]
    words: str
    do: str = ""
    milliseconds: int = 0


def certificate_fault(code: int, message: str) -> tuple[str, str]:
    """Return words and advice about a certificate that OpenSSL refuses, by its code and its English message."""
    if code in _LACKING:
        return (
            f"chứng thư thiếu mục mà máy đòi ({message})",
            f"{CALL}: lập lại chứng thư theo docs/gateway.md của bản phát hành, đọc dòng này.",
        )
    return _CERTIFICATES.get(code, _OTHER_ISSUER)


class _Failed(Exception):  # noqa: N818 - named after what happened, as in errors.py
    """A step failed; words and advice."""

    def __init__(self, words: str, do: str) -> None:
        super().__init__(words)
        self.words = words
        self.do = do


@dataclass(frozen=True)
class ConnectionTest:
    """Everything that the test needs: the portal and its address, and this machine's time."""

    portal: Portal
    url: str
    ca: Path | None
    now: Callable[[], datetime]
    is_enrolled_by_key: bool
    lookup: NameLookup

    def run(self) -> list[ConnectionStep]:
        """Return the results of the five steps."""
        greeting: list[Hello] = []
        steps = (
            self._look_up,
            self._open_channel,
            lambda: self._greet(greeting),
            self._use_key,
            lambda: self._compare_clock(greeting[0]),
        )
        results: list[ConnectionStep] = []
        for name, step in zip(NAMES, steps, strict=True):
            if results and results[-1].state != "ok":
                failed = next(result.name for result in results if result.state == "fault")
                results.append(ConnectionStep(name, "waits", f"Chưa thử: {failed} phải tốt đã"))
                continue
            began = time.monotonic()
            result = _try(name, step)
            results.append(replace(result, milliseconds=round((time.monotonic() - began) * 1000)))
        return results

    @property
    def _address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)

    def _look_up(self) -> str:
        host, port = self._address
        try:
            addresses = self.lookup.addresses(host, port, SECONDS)
        except OSError as cause:
            raise _Failed(
                f"không tìm thấy {host}",
                "Mở trình duyệt xem một trang báo: không vào được thì mất mạng. Vào được thì xem địa chỉ cổng trong "
                "kiosk.toml, đoạn [portal].",
            ) from cause
        return f"{host} là {addresses[0]}"

    def _open_channel(self) -> str:
        host, port = self._address
        try:
            with socket.create_connection((host, port), timeout=SECONDS) as plain:
                if urlsplit(self.url).scheme != "https":
                    return "Cùng một máy, không cần mã hóa"
                context = ssl.create_default_context(cafile=str(self.ca) if self.ca else None)
                with context.wrap_socket(plain, server_hostname=host) as channel:
                    return f"{channel.version()}, chứng thư tốt"
        except ssl.SSLCertVerificationError as cause:
            raise _Failed(*certificate_fault(cause.verify_code, cause.verify_message)) from cause
        except FileNotFoundError as cause:
            raise _Failed(f"không có tệp {self.ca}", "Tải chứng thư lên ở Cài đặt, Cổng của thành phố.") from cause
        except OSError as cause:
            words = f"không nối được đến {host} cổng {port}"
            raise _Failed(words, f"Xem tường lửa và dây mạng. {CALL} nếu vẫn vậy.") from cause

    def _greet(self, greeting: list[Hello]) -> str:
        try:
            greeting.append(self.portal.hello())
        except errors.SyncError as cause:
            words, do = _GREETINGS.get(cause.code, (f"cổng không chào ({cause.code})", f"{CALL}, đọc dòng này."))
            raise _Failed(words, do) from cause
        return "Đúng là cổng"

    def _use_key(self) -> str:
        if not self.is_enrolled_by_key:
            return "Cổng này không dùng khóa của máy"
        try:
            self.portal.changes(None)
        except errors.NotKnown as cause:
            raise _Failed(
                "cổng chưa biết khóa của máy",
                f"{CALL}, xin mã ghi danh, rồi gõ mã ở trang Khóa của máy.",
            ) from cause
        except errors.NotAllowed as cause:
            raise _Failed(
                "cổng biết máy nhưng không cho gửi",
                f"{CALL}: máy bị thu hồi, hoặc máy ghi danh cho đơn vị hay chế độ khác (tập, dùng thật).",
            ) from cause
        except errors.SyncError as cause:
            raise _Failed(f"cổng không trả lời ({cause.code})", f"{CALL}, đọc dòng này.") from cause
        return "Cổng nhận khóa của máy"

    def _compare_clock(self, greeting: Hello) -> str:
        offset = (greeting.server_time - self.now()).total_seconds()
        if abs(offset) > MAX_CLOCK_SECONDS:
            raise _Failed(f"lệch với cổng {abs(offset) / 60:.0f} phút", "Chỉnh lại ngày giờ của máy, rồi thử lại.")
        return f"Lệch với cổng {abs(offset):.0f} giây"


def _try(name: str, step: Callable[[], str]) -> ConnectionStep:
    try:
        return ConnectionStep(name, "ok", step())
    except _Failed as failed:
        return ConnectionStep(name=name, state="fault", words=failed.words[0].upper() + failed.words[1:], do=failed.do)
