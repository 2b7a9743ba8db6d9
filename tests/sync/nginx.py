"""nginx in front of a gateway, from the file in deploy/: only addresses, names and paths are replaced."""

import os
import pwd
import subprocess
import time
from dataclasses import replace
from pathlib import Path

from kiosk.config import ROOT
from sync.gateway import serve_in_thread
from tests.conftest import NGINX
from tests.faults.processes import is_listening
from tests.ports import free_port
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_http_client import certificate

SITE = ROOT / "deploy" / "kiosk-gateway.nginx"
HOST = "localhost"
START_SECONDS = 60.0
_MAIN = """
daemon off;
user {user};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/site;
}}
"""


class Nginx:
    """A running nginx with one site; `url` is its address."""

    def __init__(self, folder: Path, site: str, *, port: int) -> None:
        self.folder = folder
        self.port = port
        self.url = f"https://{HOST}:{port}"
        (folder / "site").write_text(site)
        user = pwd.getpwuid(os.geteuid()).pw_name
        (folder / "nginx.conf").write_text(_MAIN.format(user=user, folder=folder))
        command = [str(NGINX), "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        self.warnings = [line for line in checked.stderr.splitlines() if "[warn]" in line]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while not is_listening(self.port):
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)

    def log(self) -> str:
        """Return the error log."""
        return (self.folder / "error.log").read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Stop nginx."""
        self._process.terminate()
        self._process.wait(60)


def publish(site: str, port: int) -> str:
    """Return a site that listens at a port of this machine under the name of the tests."""
    return replace_once(
        site,
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("  listen [::]:443 ssl;\n", ""),
        ("server_name gateway.example;", f"server_name {HOST};"),
    )


def replace_once(text: str, *pairs: tuple[str, str]) -> str:
    """Replace parts of a text, each of which must be there once."""
    for before, after in pairs:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


class ProvinceGateway(PracticeGateway):
    """Two gateways outside practice on one database, and nginx in front of them; kiosks call nginx."""

    def start(self) -> None:
        """Start both gateways and nginx."""
        port = free_port()
        folder = self.folder / "nginx"
        folder.mkdir()
        self.settings = replace(self.settings, practice=False, public_urls=(f"https://{HOST}:{port}",))
        self.gateway, self.thread = serve_in_thread(self.settings)
        self.second, self.second_thread = serve_in_thread(self.settings)
        self.ca, _ = certificate(folder, HOST)
        site = replace_once(
            publish(SITE.read_text(encoding="utf-8"), port),
            ("127.0.0.1:8101", f"127.0.0.1:{self.gateway.port}"),
            ("127.0.0.1:8102", f"127.0.0.1:{self.second.port}"),
            ("/etc/kiosk-gateway/fullchain.pem", str(self.ca)),
            ("/etc/kiosk-gateway/privkey.pem", str(self.ca.with_suffix(".key"))),
        )
        self.nginx = Nginx(folder, site, port=port)
        self.url = self.nginx.url

    def stop(self) -> None:
        """Stop nginx and both gateways."""
        self.nginx.close()
        for gateway, thread in ((self.gateway, self.thread), (self.second, self.second_thread)):
            gateway.close()
            thread.join(10)
