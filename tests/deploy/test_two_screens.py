"""Touchscreen and board on two screens of one computer: sway with the shipped settings, drawn into memory."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PIL import Image

from tests.deploy.touchscreen import LOCKED, read_policy

# The compositor draws no picture for a client with a moved clock, so no run at another date runs these.
pytestmark = pytest.mark.browser

SCRIPTS = LOCKED.parents[4] / "usr" / "lib" / "ward-kiosk"
PATIENCE = 240.0  # seconds: two browsers start
TOUCHSCREEN = "HEADLESS-1"
BOARD = "HEADLESS-2"
RED = (200, 0, 0)
GREEN = (0, 128, 0)
PAGE = """<!doctype html><title>{path}</title><body style="background: rgb{colour}">
<input autofocus oninput="fetch('/typed' + location.pathname + '?' + this.value)">"""
SHORTCUTS = ("logo Return", "logo shift e", "logo d", "ctrl alt BackSpace", "logo shift q", "alt Tab")


class _Pages(BaseHTTPRequestHandler):
    """A red page for the touchscreen and a green one for the board; each reports what is typed into it."""

    typed: list[str]

    def do_GET(self) -> None:
        if self.path.startswith("/typed"):
            self.typed.append(self.path.removeprefix("/typed"))
        colour = GREEN if self.path.startswith("/display") else RED
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.format(path=self.path, colour=colour).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


class Screens:
    """Two running screens; `typed` grows by a line for each letter."""

    def __init__(self, env: dict[str, str], typed: list[str]) -> None:
        self.env = env
        self.typed = typed

    def windows(self) -> dict[str, dict[str, Any]]:
        """Return the windows by the output that shows them; empty while sway starts."""
        answer = subprocess.run(
            ["swaymsg", "-t", "get_tree"], env=self.env, capture_output=True, text=True, check=False
        )
        outputs = json.loads(answer.stdout)["nodes"] if answer.returncode == 0 else []
        found = {}
        for output in outputs:
            for workspace in output["nodes"]:
                for window in workspace["nodes"] + workspace["floating_nodes"]:
                    found[output["name"]] = window
        return found

    def colour(self, output: str) -> tuple[int, ...]:
        """Return the colour in the middle of a screen."""
        command = ["grim", "-o", output, "-t", "ppm", "-"]
        with subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE) as grim:
            assert grim.stdout is not None
            with Image.open(grim.stdout) as picture:
                return tuple(picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2)) or ())

    def hears(self) -> bool:
        """Type a letter, and return whether the touchscreen has got one: its page is not ready for the first ones."""
        self.type("n")
        return any(line.startswith("/?") for line in self.typed)

    def type(self, *arguments: str) -> None:
        """Press keys; a screen that is busy may refuse them for a moment."""
        until(lambda: subprocess.run(["wtype", *arguments], env=self.env, check=False).returncode == 0)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, condition
        time.sleep(0.1)


@pytest.fixture
def screens(tmp_path: Path) -> Iterator[Screens]:
    typed: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Pages", (_Pages,), {"typed": typed}))
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    run = tmp_path / "run"
    run.mkdir(mode=0o700)
    env = os.environ | {
        "XDG_RUNTIME_DIR": str(run),
        "RUNTIME_DIRECTORY": str(run),
        "WLR_BACKENDS": "headless",
        "WLR_HEADLESS_OUTPUTS": "2",
        "WLR_RENDERER": "pixman",
        "WLR_LIBINPUT_NO_DEVICES": "1",
        "WARD_KIOSK_BOARD": f"{address}/display/",
        "WARD_KIOSK_BOARD_OUTPUT": BOARD,
        "WARD_KIOSK_ROTATE": "90",
    }
    process = subprocess.Popen(_in_namespace(tmp_path, f"{address}/"), env=env, start_new_session=True)
    found = Screens(env, typed)
    try:
        until(lambda: list(run.glob("sway-ipc*.sock")) and list(run.glob("wayland-[0-9]")))
        env["SWAYSOCK"] = str(next(run.glob("sway-ipc*.sock")))
        env["WAYLAND_DISPLAY"] = next(run.glob("wayland-[0-9]")).name
        until(lambda: len(found.windows()) == 2)
        until(lambda: found.colour(TOUCHSCREEN) == RED and found.colour(BOARD) == GREEN)
        yield found
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)
        server.shutdown()
        server.server_close()


def _in_namespace(folder: Path, address: str) -> list[str]:
    """Return the command of the unit, with the shipped policy and a browser that runs as root."""
    managed = folder / "etc-chromium" / "policies" / "managed"
    managed.mkdir(parents=True)
    policy = read_policy(LOCKED, address.removesuffix("/"))
    (managed / "ward-kiosk.json").write_text(json.dumps(policy), "utf-8")
    browser = folder / "chromium"
    browser.write_text('#!/bin/sh\nexec /usr/lib/chromium/chromium --no-sandbox --disable-gpu "$@"\n', "utf-8")
    browser.chmod(0o755)
    binds = f"mount --bind {folder / 'etc-chromium'} /etc/chromium && mount --bind {browser} /usr/bin/chromium"
    namespace = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]
    return [*namespace, "sh", "-c", f"{binds} && exec {SCRIPTS}/compositor {address}"]


def test_each_screen_shows_its_page_and_only_the_touchscreen_has_the_keyboard(screens: Screens) -> None:
    windows = screens.windows()
    assert windows[TOUCHSCREEN]["focused"]
    assert not windows[BOARD]["focused"]
    for window in windows.values():
        assert window["fullscreen_mode"] == 1
    until(screens.hears)
    assert [line for line in screens.typed if line.startswith("/display")] == []


def test_the_touchscreen_is_turned_and_the_board_is_not(screens: Screens) -> None:
    answer = subprocess.run(["swaymsg", "-t", "get_outputs"], env=screens.env, capture_output=True, check=True)
    turned = {output["name"]: output["transform"] for output in json.loads(answer.stdout)}
    assert turned == {TOUCHSCREEN: "90", BOARD: "normal"}


def test_no_shortcut_of_a_compositor_does_anything(screens: Screens) -> None:
    """A keyboard of the touchscreen has no such keys (test_touchscreen_keys); sway has no binding for them either.

    Alt F4 is Chromium's own: wtype has a keymap with these keys, and would end the touchscreen by it.
    """
    before = {name: window["pid"] for name, window in screens.windows().items()}
    for shortcut in SHORTCUTS:
        *modifiers, key = shortcut.split()
        pressed = [part for modifier in modifiers for part in ("-M", modifier)]
        screens.type(*pressed, *(["-k", key] if len(key) > 1 else [key]))
    until(screens.hears)
    until(lambda: len(screens.windows()) == 2)
    after = screens.windows()
    assert {name: window["pid"] for name, window in after.items() if name == BOARD} == {BOARD: before[BOARD]}
    assert after[TOUCHSCREEN]["app_id"] == "ward-kiosk-touchscreen"


def test_a_board_that_ends_comes_back_alone(screens: Screens) -> None:
    before = {name: window["pid"] for name, window in screens.windows().items()}
    os.kill(before[BOARD], signal.SIGKILL)
    until(lambda: screens.windows().get(BOARD, {"pid": before[BOARD]})["pid"] != before[BOARD])
    until(lambda: screens.colour(BOARD) == GREEN)
    assert screens.windows()[TOUCHSCREEN]["pid"] == before[TOUCHSCREEN]
    assert screens.windows()[TOUCHSCREEN]["focused"]
