"""`kiosk doctor`: run every check of the machine and list the facts to compare with the originals."""

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from kiosk import comparison
from kiosk.base.errors import BadSettings
from kiosk.config import Config
from kiosk.health import diagnostics, heartbeat
from kiosk.health.check_result import CheckResult
from kiosk.health.settings_file import broken_settings
from kiosk.procedures import fees
from kiosk.procedures.facts import StatedFact, own_facts_of
from kiosk.procedures.model import DeclarationLine, Fee, Procedure
from kiosk.startup.context_factory import open_context
from kiosk.startup.doctor import examine
from kiosk.store.files import write_atomic

UNSURE = {"memory": "theo trí nhớ", "secondary": "nguồn thứ cấp"}
KINDS = {
    "time": "thời hạn",
    "fee": "phí",
    "paper": "giấy",
    "note": "lời dặn",
    "check": "điều kiểm",
    "declaration": "mẫu tờ khai",
    "declaration.line": "dòng tờ khai",
    "enclosed": "mẫu giấy kèm",
    "enclosed.line": "dòng giấy kèm",
    "situation": "lựa chọn",
    "field": "lựa chọn",
}
"""Table of a fact's place -> its word in the list."""


def add_doctor(command: argparse.ArgumentParser) -> None:
    """Add the options of `kiosk doctor`."""
    command.add_argument("--json", action="store_true", help="for machines")
    command.add_argument("--bundle", type=Path, metavar="FILE", help="also write a zip for support, no personal data")
    command.set_defaults(act=doctor)


def doctor(config: Config, args: argparse.Namespace) -> int:
    """Run every check, and try writing, portal and printers; exit status 1 when one is a fault."""
    context = open_context(config)
    with context.store:
        # A machine that is not started is no fault here.
        results = [result for result in examine(context) if result.code != heartbeat.NOT_RUNNING]
        procedures = context.catalogue.all(context.clock.today())
        unset = [fee for procedure in procedures for fee in unset_fees(procedure, context.clock.today())]
        unread = [fee for procedure in procedures for fee in unread_fees(procedure, context.clock.today())]
        open_ones = [each for each in procedures if not comparison.is_compared(comparison.load(context, each))]
        unsure = [line for procedure in open_ones if (line := summary(procedure))]
        sent = [procedure for procedure in procedures if procedure.portal != "none"]
        by_hand = [procedure.short.vi for procedure in sent if not context.config.queues(procedure.code)]
        overrides = context.catalogue.overrides
        changed = [f"{code}: {override.summary()}" for code, override in sorted(overrides.items())]
        if args.bundle:
            _write_bundle(args.bundle, diagnostics.bundle(context, results))
    if args.json:
        report = {
            "checks": [result.__dict__ for result in results],
            "to_check": unsure,
            "changed": changed,
            "unset_fees": unset,
            "unread_fees": unread,
        }
        print(json.dumps(report, ensure_ascii=False))
    else:
        _print_results(results)
        _print_list("Dòng không còn dùng trong kiosk.toml:", list(config.notes))
        _print_list("Phường đã sửa, so với kho thủ tục:", changed)
        if config.portal.capabilities.needs_eforms:
            _print_list("Chưa gửi lên OpenCPS vì chưa có đoạn [[eform]], cán bộ nhập tay:", by_hand)
        _print_list("Chưa ghi mức của Hội đồng nhân dân (tệp sửa đổi, kèm số và ngày nghị quyết), cán bộ báo:", unset)
        _print_list("Lệ phí chưa ai đọc văn bản (đọc rồi thì ghi vào tệp sửa đổi), cán bộ báo:", unread)
        _print_list("Cần đối chiếu với bản niêm yết của phường:", unsure)
    return 1 if any(result.state == "fault" for result in results) else 0


def report_broken_settings(error: BadSettings, args: argparse.Namespace) -> int:
    """Report kiosk.toml where no other check can run, because it cannot be read; return the exit status."""
    result = broken_settings(error, "Hỏng: máy chạy theo cài đặt đúng gần nhất")
    if args.json:
        print(json.dumps({"checks": [result.__dict__]}, ensure_ascii=False))
    else:
        _print_results([result])
    return 1


def _write_bundle(path: Path, content: bytes) -> None:
    try:
        write_atomic(path, content)
    except OSError as error:
        raise BadSettings(f"Không ghi được {path}: {error.strerror}.", f"{path} cannot be written.") from error


def _print_results(results: list[CheckResult]) -> None:
    for result in results:
        code = f" ({result.code})" if result.code else ""
        steps = "".join(f"\n         {step}" for step in result.todo)
        print(f"{result.state:8} {result.name}: {result.words}{code}{steps}")


def _print_list(title: str, facts: list[str]) -> None:
    if facts:
        print(f"\n{title}")
        for fact in facts:
            print(f"  - {fact}")


def unset_fees(procedure: Procedure, today: date) -> list[str]:
    """Return the fees of the city council that have no amount on a day."""
    unset = (fee for fee in fees.in_force(procedure, today) if fee.amount is None and not fees.is_unread(fee))
    return _named(procedure, unset)


def unread_fees(procedure: Procedure, today: date) -> list[str]:
    """Return the fees whose text nobody has read."""
    return _named(procedure, filter(fees.is_unread, fees.in_force(procedure, today)))


def _named(procedure: Procedure, unset: Iterable[Fee]) -> list[str]:
    return [f"{procedure.short.vi}: “{fee.name.vi}” (mã {procedure.code}, id {fee.id})" for fee in unset]


def to_check(procedure: Procedure) -> list[StatedFact]:
    """Return the facts of a procedure that were read in no official text; a line counts where it differs."""
    return [stated for stated in own_facts_of(procedure) if _is_unsure(stated)]


def _is_unsure(stated: StatedFact) -> bool:
    is_inherited = isinstance(stated.fact, DeclarationLine) and stated.fact.seen is None
    return stated.seen in UNSURE and not is_inherited


def summary(procedure: Procedure) -> str:
    """Return one line about the unsure facts of a procedure; empty where there is none."""
    facts = to_check(procedure)
    parts = []
    for seen, title in UNSURE.items():
        kinds = Counter(KINDS[stated.place.partition("[")[0]] for stated in facts if stated.seen == seen)
        if kinds:
            parts.append(f"{title} {', '.join(f'{count} {kind}' for kind, count in kinds.items())}")
    return f"{procedure.code} {procedure.short.vi}: {'; '.join(parts)}" if parts else ""
