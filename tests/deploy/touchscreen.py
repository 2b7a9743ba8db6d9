"""The touchscreen as it is shipped: Chromium under cage, with a managed policy, drawn into memory.

The policy lies over /etc/chromium in a mount namespace of the browser alone, so nothing of this machine changes.
Without root the namespace has its own users. Keys are typed as a keyboard's would be, with all modifiers: the layout of
the touchscreen, which has no Ctrl, is not in use here, so each test is about the policy alone.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Playwright

from kiosk.config import ROOT

PACKAGE_POLICIES = ROOT / "deploy" / "ward-kiosk"
LOCKED = PACKAGE_POLICIES / "etc" / "chromium" / "policies" / "managed" / "ward-kiosk.json"
SETUP = PACKAGE_POLICIES / "usr" / "share" / "ward-kiosk" / "policy" / "setup.json"
ADDRESS = "http://127.0.0.1:8000"
"""Of the kiosk in the shipped policy."""
LOCKS_THE_DRIVER_OUT = "DeveloperToolsAvailability"
BLOCKED = "ERR_BLOCKED_BY_ADMINISTRATOR"
ERROR_PAGE = "chrome-error://"
KEY_SECONDS = 1.0
"""Time in which a shortcut opens what it opens."""
STILL_SECONDS = 0.5
PATIENCE = 60.0


def read_policy(path: Path, address: str) -> dict[str, Any]:
    """Return a shipped policy for a kiosk at another address, without the key that locks the test's driver out."""
    policy: dict[str, Any] = json.loads(path.read_text("utf-8").replace(ADDRESS, address))
    del policy[LOCKS_THE_DRIVER_OUT]
    return policy


class Touchscreen:
    """A running touchscreen."""

    def __init__(self, context: BrowserContext, env: Mapping[str, str], address: str) -> None:
        self.context = context
        self.page = context.pages[0]
        self.address = address
        self._env = env
        self._session: CDPSession = context.new_cdp_session(self.page)

    def open(self, url: str) -> str:
        """Go to an address; return the browser's error, empty when the page opened."""
        answer = self._session.send("Page.navigate", {"url": url})
        deadline = time.monotonic() + PATIENCE
        while self._evaluate("document.readyState") != "complete":
            if time.monotonic() > deadline:
                raise TimeoutError(url)
            time.sleep(0.02)
        return str(answer.get("errorText", ""))

    def _evaluate(self, expression: str) -> object:
        return self._session.send("Runtime.evaluate", {"expression": expression})["result"].get("value")

    def press(self, keys: str) -> None:
        """Press a shortcut such as `ctrl shift n` or `F1`."""
        *modifiers, key = keys.split()
        arguments = [part for modifier in modifiers for part in ("-M", modifier)]
        subprocess.run(["wtype", *arguments, *(["-k", key] if len(key) > 1 else [key])], env=self._env, check=True)
        time.sleep(KEY_SECONDS)

    def picture(self) -> bytes:
        """Return what the screen shows when it is still, dialogs of the browser included."""
        former = b""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            now = subprocess.run(["grim", "-t", "ppm", "-"], env=self._env, check=True, capture_output=True).stdout
            if now == former:
                return now
            former = now
            time.sleep(STILL_SECONDS)
        raise TimeoutError("the screen is never still")

    def foreign_pages(self) -> list[str]:
        """Return the open pages that are neither the kiosk's nor the browser's page of a blocked address."""
        urls = [str(page.evaluate("location.href")) for page in self.context.pages]
        return [url for url in urls if not url.startswith((f"{self.address}/", ERROR_PAGE))]


@contextmanager
def touchscreen(play: Playwright, folder: Path, policy: Mapping[str, Any], address: str) -> Iterator[Touchscreen]:
    """Start compositor and browser with a policy, at the kiosk's start page."""
    folder.mkdir()
    program = _chromium_with(folder, policy)
    env = _compositor_env(folder)
    with _compositor(folder, env):
        context = play.chromium.launch_persistent_context(
            folder / "profile",
            executable_path=program,
            headless=False,
            env=dict(env),
            args=["--no-sandbox", "--ozone-platform=wayland", "--kiosk", "--no-first-run", "--disable-gpu"],
            ignore_default_args=["--disable-popup-blocking"],
            no_viewport=True,
        )
        try:
            screen = Touchscreen(context, env, address)
            screen.open(f"{address}/")
            yield screen
        finally:
            context.close()


def _chromium_with(folder: Path, policy: Mapping[str, Any]) -> Path:
    etc = folder / "etc-chromium"
    managed = etc / "policies" / "managed"
    managed.mkdir(parents=True)
    (managed / "ward-kiosk.json").write_text(json.dumps(policy), "utf-8")
    program = folder / "chromium"
    namespace = "unshare --mount" if os.geteuid() == 0 else "unshare --mount --map-root-user"
    bind = f'mount --bind {etc} /etc/chromium && exec /usr/bin/chromium "$@"'
    program.write_text(f"#!/bin/sh\nexec {namespace} sh -c '{bind}' sh \"$@\"\n", "utf-8")
    program.chmod(0o755)
    return program


def _compositor_env(folder: Path) -> dict[str, str]:
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    in_memory = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}
    return os.environ | {"XDG_RUNTIME_DIR": str(runtime)} | in_memory


@contextmanager
def _compositor(folder: Path, env: dict[str, str]) -> Iterator[None]:
    """Run cage, and set WAYLAND_DISPLAY to its socket."""
    # It ends when its program does, so both are in a group of their own.
    command = ["cage", "-d", "--", "sleep", "infinity"]
    process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (sockets := sorted((folder / "run").glob("wayland-[0-9]"))):
            if time.monotonic() > deadline:
                raise TimeoutError("cage did not start")
            time.sleep(0.05)
        env["WAYLAND_DISPLAY"] = sockets[0].name
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)
