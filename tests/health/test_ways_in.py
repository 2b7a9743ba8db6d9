"""Ways into a machine with a locked screen: the pages of the LAN, ssh with a key, or none."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask

from kiosk.acts import setting_up, staffing
from kiosk.base.errors import NotAllowed
from kiosk.context import Context
from kiosk.health import machine, ways_in
from kiosk.health.check_result import CheckResult
from kiosk.health.machine import Machine


@pytest.fixture
def context(app: Flask) -> Context:
    made: Context = app.extensions["context"]
    return made


@pytest.fixture
def this(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine with the package, whose sshd does not run."""
    monkeypatch.setattr(ways_in, "SSH_PORT", 1)  # tcpmux: nothing of a kiosk listens there
    programs = tmp_path / machine.PROGRAMS
    programs.mkdir(parents=True)
    (programs / "current").symlink_to("releases/1")
    made = Machine(
        root=tmp_path, active_units=lambda _names: set(), user_id=lambda _name: 1, is_clock_synchronised=lambda: True
    )
    monkeypatch.setattr(machine, "this_machine", lambda: made)
    return made


@pytest.fixture
def sshd(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Answer as sshd does, until the test ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setattr(ways_in, "SSH_PORT", listener.getsockname()[1])

    def serve() -> None:
        with suppress(OSError):
            while True:
                with listener.accept()[0] as wire:
                    wire.sendall(b"SSH-2.0-OpenSSH_10.0\r\n")

    thread = Thread(target=serve)
    thread.start()
    yield
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def add_key(this: Machine) -> None:
    folder = this.root / ways_in.KEYS
    folder.mkdir(parents=True)
    (folder / "kythuat").write_text("ssh-ed25519 AAAA made-up\n")


def add_technician(context: Context) -> None:
    staffing.add_person(context, login="kythuat", name="Đỗ Kỳ Thuật", role="technician", actor="technician")


def open_lan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways_in.lan, "check", lambda _context: CheckResult("Mạng nội bộ", "ok", ""))


def test_a_machine_without_a_way_in_is_not_locked(context: Context, this: Machine) -> None:
    file = context.config.folder / setting_up.OPEN_FILE
    file.touch()
    with pytest.raises(NotAllowed, match="không còn đường vào máy"):
        setting_up.finish(context, "technician")
    assert file.exists()


def test_ssh_needs_a_key_and_a_server(context: Context, this: Machine, sshd: None) -> None:
    assert not ways_in.leaves_way_in(context, this)
    add_key(this)
    assert ways_in.leaves_way_in(context, this)


def test_a_key_without_a_server_is_no_way_in(context: Context, this: Machine) -> None:
    add_key(this)
    assert not ways_in.leaves_way_in(context, this)


def test_the_pages_of_the_lan_need_a_technician_who_can_sign_in(
    context: Context, this: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_lan(monkeypatch)
    assert not ways_in.leaves_way_in(context, this)
    add_technician(context)
    assert ways_in.leaves_way_in(context, this)


def test_with_a_way_in_the_screen_is_locked(context: Context, this: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    open_lan(monkeypatch)
    add_technician(context)
    file = context.config.folder / setting_up.OPEN_FILE
    file.touch()
    setting_up.finish(context, "technician")
    assert not file.exists()


def test_a_checkout_locks_nothing(context: Context) -> None:
    assert ways_in.leaves_way_in(context)
