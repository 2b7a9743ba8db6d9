"""Checks of a machine that was installed from the package: units, users, policy, browser profile, data, clock.

Only the doctor makes them. On another machine (a checkout, a bundle) there is nothing to check, and no row is shown.
"""

import json
import pwd
import subprocess  # nosec B404 # asks systemd for its state only
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.config import Config
from kiosk.health.check_result import CheckResult

PROGRAMS = "opt/ward-kiosk"
SERVER_UNITS = ("ward-kiosk.service", "ward-kiosk-worker.service")
SCREEN_UNITS = ("ward-kiosk-screen.service", "ward-kiosk-setup.service", "ward-kiosk-board.service")
USERS = ("kiosk", "kiosk-screen")
POLICY = "etc/chromium/policies/managed/ward-kiosk.json"
SHIPPED_POLICY = "usr/share/ward-kiosk/policy/locked.json"
BROWSER = "usr/bin/chromium"
MOUNTS = "proc/mounts"
_SYSTEMCTL_SECONDS = 10


@dataclass(frozen=True)
class Machine:
    """A machine as these checks see it; tests give another root folder and other answers of systemd."""

    root: Path
    active_units: Callable[[tuple[str, ...]], set[str] | None]
    """Returns the units that run; None when systemd does not answer."""
    user_id: Callable[[str], int | None]
    is_clock_synchronised: Callable[[], bool]

    def is_installed(self) -> bool:
        """Return whether the package is installed here."""
        return (self.root / PROGRAMS / "current").is_symlink()


def this_machine() -> Machine:
    """Return the machine that this process runs on."""
    return Machine(
        root=Path("/"), active_units=_active_units, user_id=_user_id, is_clock_synchronised=_is_clock_synchronised
    )


def look(config: Config, machine: Machine | None = None) -> list[CheckResult]:
    """Return the results of all checks of this module; none where the package is not installed."""
    machine = machine or this_machine()
    if not machine.is_installed():
        return []
    return [
        units(machine),
        touchscreen(machine),
        users(machine),
        policy(machine, config),
        profile(machine),
        data_owner(machine, config),
        time_source(machine, config),
    ]


def units(machine: Machine) -> CheckResult:
    """Check that systemd runs server and worker, so that they start again after a power cut."""
    active = machine.active_units(SERVER_UNITS)
    if active is None:
        return _unknown("Tự khởi động")
    stopped = [unit for unit in SERVER_UNITS if unit not in active]
    if not stopped:
        return CheckResult("Tự khởi động", "ok", "systemd chạy các trang và phần nền")
    return CheckResult(
        name="Tự khởi động",
        state="fault",
        words=f"Không chạy: {', '.join(stopped)}",
        do=f"Chạy bằng root: systemctl enable --now {' '.join(stopped)}. Vẫn vậy: journalctl -u {stopped[0]}",
    )


def touchscreen(machine: Machine) -> CheckResult:
    """Check that one of the screens runs; a machine without a browser has none."""
    if not (machine.root / BROWSER).exists():
        return CheckResult("Màn hình", "note", "Máy này không có trình duyệt: chỉ làm máy chủ")
    active = machine.active_units(SCREEN_UNITS)
    if active is None:
        return _unknown("Màn hình")
    if "ward-kiosk-setup.service" in active:
        return CheckResult(
            name="Màn hình",
            state="warning",
            words="Đang mở trang kỹ thuật, chưa khóa",
            do="Đặt máy xong thì chạy bằng root: rm /var/lib/ward-kiosk/setup-open, systemctl start ward-kiosk-screen",
        )
    if active:
        return CheckResult("Màn hình", "ok", "Đã khóa, đang chạy")
    return CheckResult(
        name="Màn hình",
        state="fault",
        words="Không chạy",
        do="Chạy bằng root: systemctl enable --now ward-kiosk-screen. Vẫn vậy: journalctl -u ward-kiosk-screen",
    )


def _unknown(name: str) -> CheckResult:
    return CheckResult(
        name=name,
        state="note",
        words="Không hỏi được systemd",
        do="Chạy bằng root: apt install dbus, bật lại máy; hoặc tự xem: systemctl status 'ward-kiosk*'",
    )


def users(machine: Machine) -> CheckResult:
    """Check that server and browser have users of their own."""
    missing = [name for name in USERS if machine.user_id(name) is None]
    if not missing:
        return CheckResult("Người dùng", "ok", "Trình duyệt chạy bằng người dùng riêng")
    return CheckResult(
        name="Người dùng",
        state="fault",
        words=f"Thiếu người dùng {', '.join(missing)}",
        do="Chạy bằng root: systemd-sysusers ward-kiosk.conf, rồi bật lại máy.",
    )


def policy(machine: Machine, config: Config) -> CheckResult:
    """Check that the browser's policy is the shipped one, but for the port of this kiosk."""
    do = f"Chạy bằng root: cp /{SHIPPED_POLICY} /{POLICY}, systemctl restart ward-kiosk-screen"
    try:
        shipped_text = (machine.root / SHIPPED_POLICY).read_text("utf-8")
        used = json.loads((machine.root / POLICY).read_text("utf-8"))
    except (OSError, ValueError):
        return CheckResult(name="Khóa màn hình", state="fault", words="Trình duyệt không có quy tắc khóa", do=do)
    shipped_port = urlsplit(json.loads(shipped_text)["URLAllowlist"][0]).port
    wanted = json.loads(shipped_text.replace(f":{shipped_port}", f":{config.web.port}"))
    changed = sorted(key for key in wanted.keys() | used.keys() if wanted.get(key) != used.get(key))
    if not changed:
        return CheckResult("Khóa màn hình", "ok", "Đúng quy tắc của bản cài")
    if config.web.port != shipped_port:
        do = f"{do}. Rồi thay cổng {shipped_port} bằng {config.web.port} trong tệp đó."
    return CheckResult(
        name="Khóa màn hình", state="fault", words=f"Quy tắc khác với bản cài: {', '.join(changed)}", do=do
    )


def profile(machine: Machine) -> CheckResult:
    """Check that the folders of the browser's profile are in memory."""
    lines = (machine.root / MOUNTS).read_text("utf-8").splitlines()
    kinds = {fields[1]: fields[2] for line in lines if len(fields := line.split()) > 2}
    screens = tuple(f"/run/{unit.removesuffix('.service')}" for unit in SCREEN_UNITS)
    places = ["/run", *sorted(place for place in kinds if place.startswith(screens))]
    on_disk = next((place for place in places if kinds.get(place) != "tmpfs"), None)
    if on_disk is None:
        return CheckResult("Hồ sơ trình duyệt", "ok", "Chỉ ở trong bộ nhớ, mỗi lần chạy là mới tinh")
    return CheckResult(
        name="Hồ sơ trình duyệt",
        state="fault",
        words=f"{on_disk} không ở trong bộ nhớ: điều người dân khai có thể còn trên ổ",
        do=f"Bỏ dòng {on_disk} trong /etc/fstab rồi bật lại máy.",
    )


def data_owner(machine: Machine, config: Config) -> CheckResult:
    """Check that only the kiosk's user can open the data folder."""
    found = config.folder.stat()
    others = found.st_mode & 0o077
    if found.st_uid == machine.user_id("kiosk") and not others:
        return CheckResult("Thư mục dữ liệu", "ok", "Chỉ người dùng kiosk mở được")
    return CheckResult(
        name="Thư mục dữ liệu",
        state="fault",
        words=f"Người khác mở được {config.folder}",
        do=f"Chạy bằng root: chown -R kiosk:kiosk {config.folder}, chmod 700 {config.folder}",
    )


def time_source(machine: Machine, config: Config) -> CheckResult:
    """Check that the clock is set over the network; without a network it cannot be, so somebody has to compare it."""
    if machine.is_clock_synchronised():
        return CheckResult("Chỉnh giờ", "ok", "Đồng hồ được chỉnh theo mạng")
    if config.portal.kind == "none":
        return CheckResult(
            name="Chỉnh giờ",
            state="note",
            words="Đồng hồ không được chỉnh theo mạng: mỗi tuần so với điện thoại",
            do="Máy có mạng thì chạy bằng root: apt install systemd-timesyncd",
        )
    return CheckResult(
        name="Chỉnh giờ",
        state="warning",
        words="Đồng hồ không được chỉnh theo mạng",
        do="Chạy bằng root: apt install systemd-timesyncd. Vẫn vậy: hỏi phòng công nghệ máy chủ giờ (NTP) của mạng.",
    )


def _active_units(names: tuple[str, ...]) -> set[str] | None:
    states = _ask("systemctl", "is-active", *names).split()
    if not states:
        return None
    return {name for name, state in zip(names, states, strict=False) if state == "active"}


def _is_clock_synchronised() -> bool:
    """Ask systemd: a process whose clock is protected may not ask the kernel."""
    return _ask("timedatectl", "show", "--property=NTPSynchronized", "--value").strip() == "yes"


def _ask(program: str, *arguments: str) -> str:
    """Return what a program of systemd prints; empty when it fails."""
    command = [f"/usr/bin/{program}", *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=_SYSTEMCTL_SECONDS, check=False).stdout  # noqa: S603  # nosec B603 # no text of others
    except (OSError, subprocess.SubprocessError):
        return ""


def _user_id(name: str) -> int | None:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return None
