"""`kiosk run`, `kiosk web`: pages with and without a worker; practice starts a gateway as a second process."""

import argparse
import http.client
import os
import signal
import socket
import subprocess  # nosec B404 # starts our own program only
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC
from functools import partial
from threading import Event, Thread

from flask import Flask

from kiosk.acts import signing
from kiosk.base import codes, service_manager
from kiosk.base.clock import SYSTEM, local
from kiosk.base.errors import BadSettings
from kiosk.cli.process import (
    PRACTICE_CODE,
    PRACTICE_PASSWORD,
    add_practice,
    content_watch,
    exit_on_sigterm,
    hold_worker_lock,
    open_paced_worker,
    prepare_process,
    release_watch,
    stop_event,
)
from kiosk.config import FILE, ROOT, Config
from kiosk.context import Context
from kiosk.context.scanner import Scanner
from kiosk.health import machine
from kiosk.lan_server import lan
from kiosk.security.password_strength import random_password
from kiosk.startup import demo_data
from kiosk.startup.process_restart import ProcessRestart, files_state
from kiosk.startup.wiring import enrol, open_enrolling_portal
from kiosk.voice import engine
from kiosk.web import loopback_server
from kiosk.web.app import create_app

STOP_SECONDS = 5.0
CHECK_SECONDS = 20.0
"""Limit of a self-check; all threads of the pages may be busy for a moment."""
ALIVE = frozenset({200, 503})


def add_run(command: argparse.ArgumentParser) -> None:
    """Add the options of `kiosk run`."""
    command.add_argument("--empty", action="store_true", help="practise without the made-up morning's queue")
    command.set_defaults(act=run)
    add_practice(command)


def add_web(command: argparse.ArgumentParser) -> None:
    """Add the options of `kiosk web`."""
    command.set_defaults(act=web)
    add_practice(command)


def run(config: Config, args: argparse.Namespace) -> int:
    """Run pages, worker and scanner; in practice the gateway and the virtual printer too."""
    ports = [config.web.port]
    if config.kiosk.practice:
        ports += [config.gateway_port, config.virtual_printer_port]
    _require_free_ports(config, ports)
    restart = ProcessRestart()
    known = files_state(config)
    with ExitStack() as stack:
        stack.enter_context(prepare_process(config))
        app = create_app(config)
        context: Context | None = app.extensions.get("context")
        stack.enter_context(release_watch(config, serves_pages=True))
        if context is not None:
            stack.callback(context.store.close)
            lock = hold_worker_lock(config)
            stack.callback(lock.close)
            stop = stack.enter_context(stop_event())
            if config.kiosk.practice:
                _start_practice(context, stack, stop)
                _make_voice(stack, config, args)
                if not args.empty:
                    demo_data.seed(context)
            stack.enter_context(_worker_thread(context, stop))
            stack.enter_context(_scanner_thread(context))
            stack.enter_context(lan(app, config, app.body_limit))
            stack.enter_context(restart.watch(context))
            stack.enter_context(content_watch(context))
        else:
            stack.enter_context(restart.watch_files(config, known))
        _serve(app, config)
    return restart.exit_status()


def web(config: Config, args: argparse.Namespace) -> int:
    """Serve the pages, and read the card scanner for them."""
    _require_free_ports(config, [config.web.port])
    restart = ProcessRestart()
    known = files_state(config)
    with prepare_process(config), release_watch(config, serves_pages=True):
        app = create_app(config)
        context: Context | None = app.extensions.get("context")
        with ExitStack() as stack:
            if context is None:
                stack.enter_context(restart.watch_files(config, known))
            else:
                stack.callback(context.store.close)
                stack.enter_context(_scanner_thread(context))
                stack.enter_context(lan(app, config, app.body_limit))
                stack.enter_context(restart.watch(context))
                stack.enter_context(content_watch(context))
            _serve(app, config)
    return restart.exit_status()


def _require_free_ports(config: Config, ports: list[int]) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as cause:
                is_installed = machine.this_machine().is_installed()
                raise port_in_use(config, port, is_installed=is_installed) from cause


def port_in_use(config: Config, port: int, *, is_installed: bool) -> BadSettings:
    """Return the error of a port that another program has, with what to do on this kind of machine."""
    vi = f"Cổng {port} đang có chương trình khác dùng."
    en = f"Port {port} is in use by another program."
    if config.kiosk.practice and not is_installed:
        other = config.web.port + 10
        return BadSettings(f"{vi} Chọn cổng khác: make run PORT={other}", f"{en} Choose another: make run PORT={other}")
    if config.kiosk.practice:
        command = f"kiosk run --practice --port {config.web.port + 10}"
        return BadSettings(f"{vi} Chọn cổng khác: {command}", f"{en} Choose another: {command}")
    file = config.file or ROOT / FILE
    screen = ", rồi sửa cổng ở /etc/default/ward-kiosk-screen và /etc/chromium/policies/managed/ward-kiosk.json"
    unit = f"systemctl status {machine.SERVER_UNITS[0]}" if is_installed else f"http://127.0.0.1:{port}"
    return BadSettings(
        f"{vi} Máy có thể đã chạy rồi: xem {unit}. Tìm chương trình kia: ss -ltnp "
        f"sport = :{port}. Không tắt được nó thì đổi [web] port trong {file}{screen if is_installed else ''}.",
        f"{en} Perhaps the kiosk runs already: look at {unit}. Find the other: ss -ltnp sport = :{port}. "
        f"If it must stay, change [web] port in {file}.",
    )


@contextmanager
def _worker_thread(context: Context, stop: Event) -> Iterator[None]:
    thread = Thread(target=open_paced_worker(context).run, args=[stop], name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_SECONDS)


@contextmanager
def _scanner_thread(context: Context) -> Iterator[None]:
    if not context.config.scanner.port:
        yield
        return
    scanner = Scanner(context.config.scanner.port, context.card_inbox.put, context.config.scanner.baud)
    context.card_inbox.scanner = scanner
    scanner.start()
    try:
        yield
    finally:
        scanner.stop()


def _start_practice(context: Context, stack: ExitStack, stop: Event) -> None:
    """Start the virtual printer and the practice gateway, and print all addresses."""
    config = context.config
    folder = config.paper_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    from printers.virtual.server import VirtualPrinter  # imports Pillow, which only practice needs

    printer = VirtualPrinter(port=config.virtual_printer_port, folder=folder)
    printer.start()
    stack.callback(printer.stop)
    if any(office.kind == "virtual" for office in config.office_printers):
        from printers.virtual.office import VirtualOfficePrinter  # only practice needs it

        office_printer = VirtualOfficePrinter(port=config.virtual_office_port, folder=folder)
        office_printer.start()
        stack.callback(office_printer.stop)
    code = codes.token()
    operator_password = random_password()
    process = subprocess.Popen(  # noqa: S603  # nosec B603 # our own program
        [sys.executable, "-m", "kiosk", "gateway", "--practice", "--port", str(config.web.port),
         f"--data={config.root / config.kiosk.data}"],
        cwd=ROOT,
        env=os.environ | {PRACTICE_CODE: code, PRACTICE_PASSWORD: operator_password},
    )  # fmt: skip
    stack.callback(process.wait, STOP_SECONDS)
    stack.callback(process.terminate)
    portal = open_enrolling_portal(config)
    if portal is not None:
        enrolling = Thread(target=enrol, args=[portal, code, config.ward.unit_code, stop], daemon=True)
        enrolling.start()
    people, password = signing.reset_demo_staff(context)
    _print_addresses(
        config,
        staff=", ".join(f"{person.login} ({person.role})" for person in people),
        staff_password=password,
        technician_password=signing.reset_demo_technician(context),
        operator_password=operator_password,
    )


def _make_voice(stack: ExitStack, config: Config, args: argparse.Namespace) -> None:
    """Make the clips of board and pages in another process, where an engine is installed; nothing waits for them."""
    if not engine.spoken_languages(config.voice_model):
        return
    settings = ["--config", str(args.config.resolve())] if args.config else []
    process = subprocess.Popen(  # noqa: S603  # nosec B603 # our own program
        [sys.executable, "-m", "kiosk", *settings, "voice", "build"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    stack.callback(process.wait, STOP_SECONDS)
    stack.callback(process.terminate)


def _print_addresses(
    config: Config, *, staff: str, staff_password: str, technician_password: str, operator_password: str
) -> None:
    kiosk = f"http://127.0.0.1:{config.web.port}"
    gateway = f"http://127.0.0.1:{config.gateway_port}"
    now = local(SYSTEM.now().astimezone(UTC))
    print(f"Practice kiosk, {now:%d/%m/%Y %H:%M}: made-up people only", flush=True)
    print(f"  citizens      {kiosk}/")
    print(f"  paper         {kiosk}/practice/paper")
    print(f"  phone         {kiosk}/practice/phone")
    print(f"  officers      {kiosk}/officer/   {staff}   password {staff_password}")
    print(f"  board         {kiosk}/display/")
    print(f"  technician    {kiosk}/technician/   password {technician_password}")
    print(f"  gateway       {gateway}/   password {operator_password}", flush=True)


def _serve(app: Flask, config: Config) -> None:
    signal.signal(signal.SIGTERM, exit_on_sigterm)
    with service_manager.watchdog(partial(_is_serving, config)):
        loopback_server.serve(app, config)


def _is_serving(config: Config) -> bool:
    """Return whether the pages answer over the listener; "Máy tạm nghỉ" is an answer too, which no restart mends."""
    connection = http.client.HTTPConnection(config.web.host, config.web.port, timeout=CHECK_SECONDS)
    with closing(connection):
        try:
            connection.request("GET", "/alive")
            return connection.getresponse().status in ALIVE
        except (OSError, http.client.HTTPException):
            return False
