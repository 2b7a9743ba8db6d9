"""nginx in front of a gateway, from the file in deploy/: only addresses, names and paths are replaced."""

import os
import pwd
import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kiosk.config import ROOT
from sync.gateway import serve_in_thread
from tests.conftest import NGINX
from tests.faults.processes import free_port, is_listening
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_http_client import certificate

SITE = ROOT / "deploy" / "kiosk-gateway.nginx"
HOST = "localhost"
START_SECONDS = 20.0
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
    """A running nginx; `url` is its address, `ca` the certificate that clients trust."""

    def __init__(self, folder: Path, ports: Sequence[int], *, port: int) -> None:
        self.folder = folder
        self.port = port
        self.url = f"https://{HOST}:{port}"
        self.ca, _ = certificate(folder, HOST)
        (folder / "site").write_text(self._site(ports))
        user = pwd.getpwuid(os.geteuid()).pw_name
        (folder / "nginx.conf").write_text(_MAIN.format(user=user, folder=folder))
        command = [str(NGINX), "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stderr
        self.warnings = [line for line in checked.stderr.splitlines() if "[warn]" in line]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _site(self, ports: Sequence[int]) -> str:
        """Return the site with the ports, the name and the certificate of this test."""
        site = SITE.read_text(encoding="utf-8")
        servers = "\n".join(f"  server 127.0.0.1:{port};" for port in ports)
        for before, after in (
            ("  server 127.0.0.1:8101;\n  server 127.0.0.1:8102;", servers),
            ("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;"),
            ("  listen [::]:443 ssl;\n", ""),
            ("server_name gateway.example;", f"server_name {HOST};"),
            ("/etc/kiosk-gateway/fullchain.pem", str(self.ca)),
            ("/etc/kiosk-gateway/privkey.pem", str(self.ca.with_suffix(".key"))),
        ):
            assert site.count(before) == 1, before
            site = site.replace(before, after)
        return site

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
        self._process.wait(20)


class ProvinceGateway(PracticeGateway):
    """Two gateways outside practice on one database, and nginx in front of them; kiosks call nginx."""

    nginx: Nginx

    def start(self) -> None:
        """Start both gateways and nginx."""
        port = free_port()
        folder = self.folder / "nginx"
        folder.mkdir()
        self.settings = replace(self.settings, practice=False, public_urls=(f"https://{HOST}:{port}",))
        self.gateway, self.thread = serve_in_thread(self.settings)
        self.second, self.second_thread = serve_in_thread(self.settings)
        self.nginx = Nginx(folder, [self.gateway.port, self.second.port], port=port)
        self.url = self.nginx.url
        self.ca = self.nginx.ca

    def stop(self) -> None:
        """Stop nginx and both gateways."""
        self.nginx.close()
        for gateway, thread in ((self.gateway, self.thread), (self.second, self.second_thread)):
            gateway.close()
            thread.join(10)
