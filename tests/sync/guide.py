"""A machine on which the commands of docs/gateway.md run: its folders lie in one folder, its units are processes.

Programs, files of deploy/, PostgreSQL's tools and the gateway are the real ones. Only what changes a whole machine is
left out (packages, accounts, mounts), and systemd, whose unit file is read here.
"""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from kiosk.config import ROOT
from tests.faults.processes import is_listening, wait_until
from tests.other_date import moved_clock
from tests.ports import UNITS, free_port
from tests.sync.nginx import HOST, Nginx, publish
from tests.sync.postgres import Postgres

GUIDE = ROOT / "docs" / "gateway.md"
ACCOUNT = "kiosk-gateway"
LEFT_OUT = {"apt-get", "adduser", "tar", "make", "mount"}
"""Programs that would change the machine of the test, or are tested elsewhere."""
FOLDERS = ("/etc/nginx/sites-available", "/etc/nginx/sites-enabled", "/etc/systemd/system", "/usr/local/sbin",
           "/var/lib", "/var/backups", "/media/usb")  # fmt: skip

WELCOME = "server { listen 80 default_server; root /var/www/html; }\n"
"""Site that Debian's package of nginx brings."""


def commands() -> dict[str, list[str]]:
    """Return the commands of the guide by section: lines indented by four spaces; a backslash continues one."""
    by_section: dict[str, list[str]] = {}
    section = ""
    for line in GUIDE.read_text(encoding="utf-8").replace("\\\n", "").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("    "):
            by_section.setdefault(section, []).append(line.strip())
    return by_section


class Machine:
    """A machine of the province with an empty PostgreSQL."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.root = folder
        self.postgres = postgres
        self.port = free_port()
        first = free_port(2, UNITS)
        self.listen = (first, first + 1)
        self.units: dict[str, subprocess.Popen[bytes]] = {}
        self.nginx: Nginx | None = None
        for name in FOLDERS:
            (folder / name[1:]).mkdir(parents=True)
        (folder / "nginx").mkdir()
        self.path("/etc/nginx/sites-available/default").write_text(WELCOME, encoding="utf-8")
        self.path("/etc/nginx/sites-enabled/default").symlink_to("../sites-available/default")

    def path(self, name: str) -> Path:
        """Return where a file of the machine really lies."""
        return self.root / name[1:]

    def run(self, command: str, typed: str = "", status: int = 0) -> str:
        """Run a command of the guide, which ends with `status`; return what it prints."""
        words = shlex.split(self._rewrite(command))
        user = ""
        if words[0] == "runuser":
            user = words[2]
            words = words[words.index("--") + 1 :]
        if words[0] in LEFT_OUT:
            return ""
        if words[0] == "systemctl":
            return self._systemctl(words[1:])
        if words == ["nginx", "-t"]:
            return ""  # `Nginx` checks the site before it starts
        if words[0] == "install":
            words = _without_owner(words)
        return self._execute(words, user or ACCOUNT, typed, status)

    def _execute(self, words: list[str], user: str, typed: str, status: int) -> str:
        env = self._environment(user) | {
            "PATH": f"{self.postgres.programs}:{self.path('/usr/local/sbin')}:/usr/bin:/bin"
        }
        done = subprocess.run(words, cwd=self.root, env=env, input=typed, capture_output=True, text=True, check=False)
        assert done.returncode == status, (words, done.stderr)
        if words[0] == "install" and f"{ROOT}/deploy/" in words[-2]:
            target = Path(words[-1])
            target = target / Path(words[-2]).name if target.is_dir() else target
            target.write_text(self._rewrite(target.read_text(encoding="utf-8")), encoding="utf-8")
        return done.stdout

    def _environment(self, user: str) -> dict[str, str]:
        """Return the environment of an account: PostgreSQL's socket knows it by its name."""
        return moved_clock() | {"PGUSER": user, "PGHOST": self.postgres.socket_folder, "LANG": "C.UTF-8"}

    def _rewrite(self, text: str) -> str:
        """Replace the places of the guide's machine by those of this one."""
        places = [
            ("runuser -u kiosk-gateway -- /opt", "/opt"),
            ("/opt/ward-kiosk/.venv/bin/python", sys.executable),
            ("/opt/ward-kiosk", str(ROOT)),
            ("/var/run/postgresql", self.postgres.socket_folder),
            ("https://gateway.example", f"https://{HOST}:{self.port}"),
            ("CN=gateway.example", f"CN={HOST}"),
            ("DNS:gateway.example", f"DNS:{HOST}"),
            ("8101", str(self.listen[0])),
            ("8102", str(self.listen[1])),
            *((name, str(self.path(name))) for name in (*FOLDERS, "/etc/kiosk-gateway")),
        ]
        for before, after in places:
            text = text.replace(before, after)
        return text

    def _systemctl(self, words: list[str]) -> str:
        units = [word for word in words[1:] if word.startswith(f"{ACCOUNT}@")]
        for unit in units:
            if words[0] == "stop":
                self.stop_unit(unit)
            else:
                self._start_unit(unit)
        if words == ["reload", "nginx"]:
            (enabled,) = self.path("/etc/nginx/sites-enabled").iterdir()
            site = publish(enabled.read_text(encoding="utf-8"), self.port)
            self.nginx = Nginx(self.root / "nginx", site, port=self.port)
        return ""

    def _start_unit(self, name: str) -> None:
        """Start a unit as systemd does: its settings alone, its options split into words, its folder of state."""
        instance = name.partition("@")[2]
        unit = dict(_unit_lines(self.path("/etc/systemd/system/kiosk-gateway@.service").read_text(encoding="utf-8")))
        state = self.path(f"/var/lib/{unit['StateDirectory']}")
        state.mkdir(mode=int(unit["StateDirectoryMode"], 8), exist_ok=True)
        settings = dict(
            line.split("=", 1)
            for line in Path(unit["EnvironmentFile"]).read_text(encoding="utf-8").splitlines()
            if "=" in line and not line.startswith("#")
        )
        words: list[str] = []
        for word in unit["ExecStart"].replace("%i", instance).split():
            words += settings.get(word[1:], "").split() if word.startswith("$") else [word]
        log = (self.root / f"{name}.log").open("ab")
        env = self._environment(unit["User"]) | settings
        self.units[name] = subprocess.Popen(words, cwd=unit["WorkingDirectory"], env=env, stdout=log, stderr=log)
        log.close()
        ports = (int(instance), int(f"1{instance}"))  # pages, then metrics
        log_text = (self.root / f"{name}.log").read_text(encoding="utf-8")
        wait_until(lambda: all(is_listening(port) for port in ports), 60, log_text)

    def stop_unit(self, name: str) -> None:
        """Stop a unit as systemd does: SIGTERM."""
        process = self.units.pop(name)
        process.terminate()
        assert process.wait(30) in (0, -15)

    def close(self) -> None:
        """Stop everything."""
        for name in list(self.units):
            self.stop_unit(name)
        if self.nginx is not None:
            self.nginx.close()


def _unit_lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield name, value


def _without_owner(words: list[str]) -> list[str]:
    """Return an `install` command without `-o`: the account of the guide is not on this machine."""
    if "-o" not in words:
        return words
    at = words.index("-o")
    return [*words[:at], *words[at + 2 :]]
