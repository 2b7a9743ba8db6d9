"""`kiosk doctor`: run every check of the machine and list the facts to compare with the originals."""

import argparse
import json
from typing import Any

from kiosk import health
from kiosk.app import open_context
from kiosk.config import Config
from kiosk.health import CheckResult
from kiosk.procedures.model import Procedure

UNSURE = {"memory", "indirect", "unverified"}


def add_to(commands: Any) -> None:
    """Add `kiosk doctor`."""
    command = commands.add_parser("doctor", help="every check, with what to do")
    command.add_argument("--json", action="store_true", help="for machines")
    command.set_defaults(act=doctor)


def doctor(config: Config, asked: argparse.Namespace) -> int:
    """Run every check; exit status 1 when one is a fault."""
    context = open_context(config)
    findings = health.look(context)
    listed = context.catalogue.all(context.clock.today())
    unsure = [one for procedure in listed for one in to_check(procedure)]
    by_hand = [one.short.vi for one in listed if one.portal != "none" and not context.config.sends(one.code)]
    changed = [f"{code}: {one.told()}" for code, one in sorted(context.catalogue.overrides.items())]
    context.store.close()
    if asked.json:
        told = {"checks": [one.__dict__ for one in findings], "to_check": unsure, "changed": changed}
        print(json.dumps(told, ensure_ascii=False))
    else:
        _tell(findings)
        _list("Phường đã sửa, so với kho thủ tục:", changed)
        if config.portal.kind == "opencps":
            _list("Chưa gửi lên OpenCPS vì chưa có đoạn [[eform]], cán bộ nhập tay:", by_hand)
        _list("Cần đối chiếu với bản niêm yết của phường:", unsure)
    return 1 if any(one.state == "fault" for one in findings) else 0


def _tell(findings: list[CheckResult]) -> None:
    for one in findings:
        code = f" ({one.code})" if one.code else ""
        print(f"{one.state:8} {one.name}: {one.words}{code}" + "".join(f"\n         {step}" for step in one.todo))


def _list(title: str, facts: list[str]) -> None:
    if facts:
        print(f"\n{title}")
        for fact in facts:
            print(f"  - {fact}")


def to_check(procedure: Procedure) -> list[str]:
    """Return the facts of a procedure that no original confirms yet."""
    named = [(f"phí “{one.name.vi}”", one.confidence) for one in procedure.fees]
    named += [(f"thời hạn “{one.text.vi}”", one.confidence) for one in procedure.times]
    named += [(f"giấy “{one.name.vi}”", one.confidence) for one in procedure.papers]
    named += [(f"ô “{one.official or one.label.vi}”", one.confidence) for one in procedure.fields]
    if procedure.declaration:
        named.append(("mẫu tờ khai", procedure.declaration.confidence))
    return [f"{procedure.short.vi}: {what} ({sure})" for what, sure in named if sure in UNSURE]
