"""`kiosk gateway target`: check a mapping file, examine an adapter, run a twin for training, record a system."""

import argparse
import json
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from kiosk.base.clock import SYSTEM, local
from kiosk.base.errors import BadSettings
from kiosk.cli.gateway_database import open_database, plain_errors
from kiosk.config import Config
from kiosk.startup.context_factory import open_catalogue

DOSSIERS = 200


def add_to(commands: Any) -> None:
    """Add `kiosk gateway target`."""
    target = commands.add_parser("target", help="the system behind the gateway: check, conform, twin, record")
    acts = target.add_subparsers(dest="verb", required=True, metavar="verb")
    checking = acts.add_parser("check", help="name every procedure and unit that the mapping file has no row for")
    checking.add_argument("file", type=Path, help="the mapping file, such as /etc/kiosk-gateway/dvcqg.toml")
    checking.add_argument("--connect", action="store_true", help="connect too: name, TLS, token, catalogue, look-up")
    checking.set_defaults(act=check)
    conforming = acts.add_parser("conform", help="run the conformance suite of an adapter against its twin")
    conforming.add_argument("name", help="the twin, such as dvcqg, or one of an installed package")
    conforming.add_argument("--dossiers", type=int, default=DOSSIERS, metavar="N", help="length of the long run")
    conforming.set_defaults(act=conform)
    training = acts.add_parser("twin", help="run a twin for training until it is stopped; prints its mapping")
    training.add_argument("name", help="the twin, such as dvcqg")
    training.add_argument("folder", type=Path, help="where its state is kept")
    training.add_argument("--fault", default="", help="a fault that strikes each request")
    training.set_defaults(act=run_twin)
    recording = acts.add_parser("record", help="write the shapes of requests and answers of a system, without a value")
    recording.add_argument("file", type=Path, help="the mapping file of the system")
    recording.add_argument("folder", type=Path, help="takes a mapping file that leads here, and exchanges.jsonl")
    recording.set_defaults(act=record)


def check(config: Config, args: argparse.Namespace) -> int:
    """Open a mapping file, and print the line to add for each procedure and unit that has no row."""
    from sync.gateway import kiosks
    from sync.gateway.targets import open_mapped_target
    from sync.gateway.targets.mapping import read_mapping

    with plain_errors():
        content = read_mapping(args.file)
        target = open_mapped_target(content)
    try:
        is_connected = not args.connect or _connects(target)
    finally:
        target.close()
    if not is_connected:
        return 1
    with open_database(config, args) as db:
        units = sorted({kiosk.unit_code for kiosk in kiosks.list_kiosks(db)})
    procedures = open_catalogue(config).all(local(SYSTEM.now()).date())
    missing = [f'[units."{unit}"]\ncode = ""\nname = ""' for unit in units if unit not in content.get("units", {})]
    missing += [
        f'[procedures."{procedure.code}"]\nname = {json.dumps(procedure.name, ensure_ascii=False)}'
        for procedure in procedures
        if procedure.code not in content.get("procedures", {})
    ]
    inferred = _inferred_rows(content)
    for row in inferred:
        print(
            f"# chưa đối chiếu, không gửi: {row}" if not content.get("allow_inferred") else f"# chưa đối chiếu: {row}"
        )
    if not missing:
        print("Tệp ghép mã đủ mọi đơn vị và thủ tục.")
        return 0
    print(f"# {len(missing)} đơn vị và thủ tục chưa có; hồ sơ của chúng chờ ở cổng. Thêm vào {args.file}:")
    print("\n".join(missing))
    return 1


def _connects(target: Any) -> bool:
    """Examine the connection as the gateway's page does, and print the rows; return whether none failed."""
    from sync.gateway.connection_check import check_connection
    from sync.gateway.forward_targets import ConnectionReader
    from sync.gateway.pages import connection_labels

    if not isinstance(target, ConnectionReader):
        print("Ghép nối này không tự kiểm được đường nối.")
        return True
    rows = check_connection(target, SYSTEM.now())
    marks = {"ok": "đạt", "failed": "ĐỎ", "no-call": "-", "waits": "chờ"}
    for number, row in enumerate(rows, 1):
        words = connection_labels.result_words(row)
        print(f"{number}. {connection_labels.ROWS[row.kind]}: {marks[row.state]}. {words}")
        if row.state == "failed":
            print(f"   Nên làm: {connection_labels.advice(row)}")
    print(connection_labels.NEVER_TRIED)
    return all(row.state != "failed" for row in rows)


def conform(_config: Config, args: argparse.Namespace) -> int:
    """Run the conformance suite; print the cases that are red."""
    from sync.gateway.targets import open_twin, twin_kinds
    from sync.gateway.targets.conformance import ConformanceSuite

    with tempfile.TemporaryDirectory() as folder:
        twin = open_twin(args.name, Path(folder))
        if twin is None:
            raise _no_twin(args.name, twin_kinds())
        suite = ConformanceSuite(twin, Path(folder))
        passed = 0
        red = 0
        try:
            for result in suite.run(args.dossiers):
                red += bool(result.problems)
                passed += not result.problems
                for problem in result.problems:
                    print(f"ĐỎ  {result.name}: {problem}", flush=True)
        finally:
            suite.close()
            twin.close()
    print(f"{args.name}: {passed} đạt, {red} đỏ.")
    return 1 if red else 0


def run_twin(_config: Config, args: argparse.Namespace) -> int:
    """Run a twin until it is stopped."""
    from sync.gateway.targets import TRAINING_TWINS

    opener = TRAINING_TWINS.get(args.name)
    if opener is None:
        raise _no_twin(args.name, sorted(TRAINING_TWINS))
    if args.fault and args.fault not in opener.faults:
        raise BadSettings(
            f"Không có lỗi {args.fault}; có: {', '.join(opener.faults)}.",
            f"There is no fault {args.fault}; there are {', '.join(opener.faults)}.",
        )
    args.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    twin = opener(args.folder)
    twin.faults_ahead.standing = args.fault
    mapping = args.folder / f"{args.name}.toml"
    mapping.write_text(twin.mapping_file(), encoding="utf-8")
    print(f"Twin ready at {twin.url}; forward to target:{mapping}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stdout.flush()
    finally:
        twin.close()
    return 0


def record(_config: Config, args: argparse.Namespace) -> int:
    """Pass requests on to a system, and write the shapes of them and of the answers, until it is stopped."""
    from sync.gateway.targets.mapping import read_mapping
    from sync.gateway.targets.recording import Recorder

    args.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with plain_errors():
        content = read_mapping(args.file)
        recorder = Recorder(args.file.read_text(encoding="utf-8"), content, args.folder)
    print(f"Recording into {recorder.file}; forward to target:{recorder.mapping}", flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        sys.stdout.flush()
    finally:
        recorder.close()
    return 0


def _inferred_rows(content: dict[str, Any]) -> list[str]:
    """Return the values of a mapping that were guessed, by place."""
    return [
        f'{table}."{code}".{name}'
        for table in ("units", "procedures", "fees")
        for code, row in content.get(table, {}).items()
        for name in row.get("inferred", [])
    ]


def _no_twin(name: str, names: list[str]) -> BadSettings:
    known = ", ".join(names)
    return BadSettings(f"Không có bản mô phỏng {name}; có: {known}.", f"There is no twin {name}; there are {known}.")
