"""Figures of each kiosk for Prometheus, and the dashboard and alert rules that name them."""

import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from sync.gateway import rollouts
from sync.gateway.rollouts import Actor, Plan
from tests.ports import free_port
from tests.sync.fleet import Fleet
from tests.sync.practice_gateway import PracticeGateway

MONITORING = Path("deploy/monitoring")
DASHBOARD: dict[str, Any] = json.loads((MONITORING / "grafana-fleet.json").read_text("utf-8"))
ALERTS: dict[str, Any] = yaml.safe_load((MONITORING / "gateway-alerts.yml").read_text("utf-8"))


@pytest.fixture
def scraped(practice: PracticeGateway) -> Iterator[str]:
    """Return what Prometheus reads: one kiosk is silent, one has an alarm, a roll-out is under way."""
    practice.stop()
    port = free_port()
    practice.settings = replace(practice.settings, metrics_port=port)
    practice.start()
    fleet = Fleet(practice, 2)
    fleet.machines[0].report()
    fleet.wait(hours=3)
    alarm = {"code": "PRINT-01", "state": "warning", "causes": ["paper_out"]}
    voice = {"voice": "vi-hue", "version": "2026.11.24"}
    waiting = {"count": 6, "oldestSeconds": 1320}
    fleet.machines[1].report(alarms=[alarm, alarm], waiting=waiting, voices=[voice, voice])
    plan = Plan(kind="program", version="1.5.0", former="1.4.0", unit_code="H57.99.01", pace_hours=24)
    with practice.engine.begin() as db:
        rollouts.start(db, plan, Actor("operator", practice.clock()))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        yield answer.read().decode()
    fleet.close()


def test_each_kiosk_has_its_figures_and_a_silent_one_only_its_silence(scraped: str) -> None:
    for line in (
        'gateway_kiosk_alarm{code="PRINT-01",kiosk="AL002",state="warning",unit="H57.99.01"} 1.0',
        'gateway_kiosk_waiting{kiosk="AL002",unit="H57.99.01"} 6.0',
        'gateway_kiosk_oldest_seconds{kiosk="AL002",unit="H57.99.01"} 1320.0',
        'gateway_kiosk_disk_free_bytes{kiosk="AL002",unit="H57.99.01"} 4.1e+10',
        'gateway_kiosk_release{content="2026.11.20",kiosk="AL002",release="1.4.0",unit="H57.99.01"} 1.0',
        'gateway_kiosk_voice{kiosk="AL002",unit="H57.99.01",version="2026.11.24",voice="vi-hue"} 1.0',
        'gateway_rollout{kind="program",stage="ward",state="running",version="1.5.0"} 1.0',
    ):
        assert line in scraped, line
    assert scraped.count("gateway_kiosk_voice{") == 1, "Prometheus refuses a sample that is there twice"
    silent = {line.partition("{")[0] for line in scraped.splitlines() if 'kiosk="AL001"' in line}
    assert silent == {"gateway_kiosk_seen_seconds"}
    assert "Phường" not in scraped, "no text that a kiosk has sent is a label"


def expressions() -> list[str]:
    panels = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
    return panels + [rule["expr"] for group in ALERTS["groups"] for rule in group["rules"]]


def test_every_metric_of_the_dashboard_and_of_the_alerts_exists(scraped: str) -> None:
    families = list(text_string_to_metric_families(scraped))
    served = {family.name for family in families} | {sample.name for family in families for sample in family.samples}
    # A counter with labels has no sample before its first event.
    served |= {f"{family.name}_total" for family in families if family.type == "counter"}
    named = {name for expr in expressions() for name in re.findall(r"\bgateway_[a-z_]+", expr)}
    assert len(named) > 10
    assert named - served == set()


def test_every_label_of_the_dashboard_and_of_the_alerts_exists(scraped: str) -> None:
    families = list(text_string_to_metric_families(scraped))
    labels = {label for family in families for sample in family.samples for label in sample.labels}
    labels |= {"status", "address", "kind", "outcome"}  # of counters without a sample
    named: set[str] = set()
    for expr in expressions():
        for group in re.findall(r"\bby \(([^)]*)\)", expr):
            named |= {label.strip() for label in group.split(",")}
        named |= set(re.findall(r"[{,](\w+)=", expr))
    texts = json.dumps([rule for group in ALERTS["groups"] for rule in group["rules"]])
    named |= set(re.findall(r"\$labels\.(\w+)", texts))
    assert named - labels == set()


def test_every_alert_has_a_severity_and_says_what_to_do() -> None:
    rules = [rule for group in ALERTS["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) > 8
    for rule in rules:
        assert rule["labels"]["severity"] in ("warning", "critical"), rule["alert"]
        assert rule["annotations"]["summary"], rule["alert"]
        assert rule["annotations"]["description"].endswith("."), rule["alert"]


def test_every_panel_has_a_place_of_its_own_and_a_source() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells: set[tuple[int, int]] = set()
    for panel in panels:
        at = panel["gridPos"]
        own = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not own & cells, panel["title"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        cells |= own
        assert panel["datasource"]["uid"] == "${datasource}"
