"""Starting and stopping: one process for the ward, a second one for the practice gateway."""

import argparse
import logging
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC
from threading import Event, Thread
from types import FrameType
from typing import IO, Any

import waitress
from flask import Flask

from kiosk import codes, demo_data, uploads
from kiosk.acts import signing
from kiosk.app import create_app, open_context
from kiosk.backup.schedule import Hourly
from kiosk.backup.startup import ready
from kiosk.clock import SYSTEM, local
from kiosk.config import ROOT, Config
from kiosk.context import Context
from kiosk.errors import BadSettings
from kiosk.lan_server import lan
from kiosk.log import close_log, open_log
from kiosk.scanner import Scanner
from kiosk.wiring import enrol, open_portal
from kiosk.worker import Busy, only_one, open_worker
from sync.backoff import BackoffSettings

LARGEST_BODY = uploads.LARGEST + 256 * 1024
LIMITS = {"max_request_body_size": LARGEST_BODY, "inbuf_overflow": LARGEST_BODY * 2}
"""Bytes that are read of a request, all in memory: what overflows lies in /tmp. What a page takes is its own matter."""
STOP_SECONDS = 5.0
PACE = BackoffSettings()
"""The one setting that a test turns to try a fault of ten minutes in twenty seconds (tests/faults/process.py)."""
PRACTICE_PACE = BackoffSettings(first=2.0, longest=20.0, spread=1.0, pause=5.0)


def add_to(commands: Any) -> None:
    """Add `kiosk run`, `kiosk web` and `kiosk worker`."""
    together = commands.add_parser("run", help="pages, worker and scanner; with --practice everything else too")
    together.add_argument("--empty", action="store_true", help="practise without the made-up morning's queue")
    together.set_defaults(act=run)
    pages = commands.add_parser("web", help="the pages alone")
    pages.set_defaults(act=web)
    work = commands.add_parser("worker", help="the worker alone: prints, delivers, wipes")
    work.set_defaults(act=worker)
    for command in (together, pages, work):
        add_practice(command)


def add_practice(command: argparse.ArgumentParser) -> None:
    """Add the options of a command that can serve practice."""
    command.add_argument("--practice", action="store_true", help="made-up data in a folder of its own")
    command.add_argument("--port", type=int, help="port of the pages; gateway +1, virtual printer +2")


def run(config: Config, asked: argparse.Namespace) -> int:
    """Pages, worker and scanner; in practice the gateway and the virtual printer too."""
    ports = [config.web.port]
    if config.kiosk.practice:
        ports += [config.gateway_port, config.virtual_printer_port]
    _want_free(ports)
    with ExitStack() as open_now:
        open_now.enter_context(_logging(config))
        app = create_app(config)
        context: Context | None = app.extensions.get("context")
        if context is not None:
            open_now.callback(context.store.close)
            lock = _own_worker(config)
            open_now.callback(lock.close)
            stop = open_now.enter_context(_stopping())
            if config.kiosk.practice:
                _practise(context, open_now, stop)
                if not asked.empty:
                    demo_data.seed(context)
            open_now.enter_context(_working(context, stop))
            open_now.enter_context(_copying(context, stop))
            open_now.enter_context(_scanning(context))
            open_now.enter_context(lan(app, config, LARGEST_BODY))
        _serve(app, config)
    return 0


def web(config: Config, asked: argparse.Namespace) -> int:  # noqa: ARG001
    """Serve the pages alone."""
    _want_free([config.web.port])
    with _logging(config):
        app = create_app(config)
        context: Context | None = app.extensions.get("context")
        if context is None:
            _serve(app, config)
            return 0
        with closing(context.store), lan(app, config, LARGEST_BODY):
            _serve(app, config)
    return 0


def worker(config: Config, asked: argparse.Namespace) -> int:  # noqa: ARG001
    """Print, deliver and wipe until told to stop."""
    with ExitStack() as open_now:
        open_now.enter_context(_logging(config))
        ready(config, SYSTEM)
        context = open_context(config)
        open_now.callback(context.store.close)
        open_now.callback(_own_worker(config).close)
        stop = open_now.enter_context(_stopping())
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        open_now.enter_context(_copying(context, stop))
        open_worker(context, PRACTICE_PACE if config.kiosk.practice else PACE).run(stop)
    return 0


def _own_worker(config: Config) -> IO[bytes]:
    try:
        return only_one(config)
    except Busy:
        raise BadSettings(
            "Máy đã chạy rồi: một tiến trình khác đang giữ kho này.",
            "Already running: another process holds this store.",
        ) from None


def _want_free(ports: list[int]) -> None:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as cause:
                raise BadSettings(
                    f"Cổng {port} đang có chương trình khác dùng. Chọn cổng khác: make run PORT={port + 10}",
                    f"Port {port} is in use by another program. Choose another: make run PORT={port + 10}",
                ) from cause


@contextmanager
def _logging(config: Config) -> Iterator[None]:
    handler = open_log(config.log_path)
    logging.getLogger("waitress").setLevel(logging.ERROR)
    try:
        yield
    finally:
        close_log(handler)


@contextmanager
def _stopping() -> Iterator[Event]:
    stop = Event()
    try:
        yield stop
    finally:
        stop.set()


@contextmanager
def _working(context: Context, stop: Event) -> Iterator[None]:
    pace = PRACTICE_PACE if context.config.kiosk.practice else PACE
    thread = Thread(target=open_worker(context, pace).run, args=[stop], name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_SECONDS)


@contextmanager
def _copying(context: Context, stop: Event) -> Iterator[None]:
    """Copy each hour in a thread that nobody waits for: a stick that hangs must stop neither slips nor an end."""
    if context.config.backup_folder is not None:
        Thread(target=Hourly(context).run, args=[stop], name="copies", daemon=True).start()
    yield


@contextmanager
def _scanning(context: Context) -> Iterator[None]:
    if not context.config.scanner.port:
        yield
        return
    scanner = Scanner(context.config.scanner.port, lambda line: _deposit(context, line), context.config.scanner.baud)
    context.scans.scanner = scanner
    scanner.start()
    try:
        yield
    finally:
        scanner.stop()


def _deposit(context: Context, line: str) -> None:
    context.scans.deposit(line)


def _practise(context: Context, open_now: ExitStack, stop: Event) -> None:
    """Start what practice brings along, and say where everything is."""
    config = context.config
    folder = config.paper_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    from printers.virtual.server import VirtualPrinter  # draws what it prints: only practice waits for Pillow

    printer = VirtualPrinter(port=config.virtual_printer_port, folder=folder)
    printer.start()
    open_now.callback(printer.stop)
    code, operator = codes.token(), codes.claim_code()
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "kiosk", "gateway", "--practice", "--port", str(config.web.port),
         f"--code={code}", f"--password={operator}", f"--data={config.root / config.kiosk.data}"],
        cwd=ROOT,
    )  # fmt: skip
    open_now.callback(process.wait, STOP_SECONDS)
    open_now.callback(process.terminate)
    portal = open_portal(config)
    if portal is not None:
        enrolling = Thread(target=enrol, args=[portal, code, config.ward.unit_code, stop], daemon=True)
        enrolling.start()
    people, password = signing.demo_staff(context)
    staff = ", ".join(f"{one.login} ({one.role})" for one in people)
    _greet(config, (staff, password), signing.demo_password(context), operator)


def _greet(config: Config, staff: tuple[str, str], technician: str, operator: str) -> None:
    here, gateway_at = f"http://127.0.0.1:{config.web.port}", f"http://127.0.0.1:{config.gateway_port}"
    at = local(SYSTEM.now().astimezone(UTC))
    print(f"Practice kiosk, {at:%d/%m/%Y %H:%M}: made-up people only", flush=True)
    print(f"  citizens      {here}/")
    print(f"  paper         {here}/practice/paper")
    print(f"  officers      {here}/officer/   {staff[0]}   password {staff[1]}")
    print(f"  board         {here}/display/")
    print(f"  technician    {here}/technician/   password {technician}")
    print(f"  gateway       {gateway_at}/   password {operator}", flush=True)


def leave(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what a signal hands over
    """SIGTERM ends like SystemExit, so that a request in flight is answered and everything is closed."""
    raise SystemExit(0)


def _serve(app: Flask, config: Config) -> None:
    signal.signal(signal.SIGTERM, leave)
    waitress.serve(
        app,
        host=config.web.host,
        port=config.web.port,
        threads=config.web.threads,
        ident=None,
        **LIMITS,
    )
