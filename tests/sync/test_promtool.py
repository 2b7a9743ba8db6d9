"""Alert rules and dashboard, executed by promtool; `-m prometheus` lets a real Prometheus scrape."""

import json
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import PROMTOOL
from tests.ports import free_port
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.test_fleet_metrics import ALERTS, DASHBOARD, MONITORING, scraped

__all__ = ["scraped"]
pytestmark = pytest.mark.promtool
CASES = Path("tests/sync/gateway-alerts.test.yml")
PROMETHEUS = "/usr/bin/prometheus"
PATIENCE = 120.0  # seconds: only a hang takes so long
QUERIES = [(panel["title"], target["expr"]) for panel in DASHBOARD["panels"] for target in panel["targets"]]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeGateway]:
    """Return a gateway on SQLite: the figures are those of each database."""
    practice = PracticeGateway(tmp_path)
    yield practice
    practice.close()


def promtool(*args: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(PROMTOOL), *args]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=PATIENCE)


def test_the_rules_are_valid_and_fire_as_their_cases_expect() -> None:
    checked = promtool("check", "rules", "--lint=all", "--lint-fatal", str(MONITORING / "gateway-alerts.yml"))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tested = promtool("test", "rules", str(CASES))
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not() -> None:
    cases = yaml.safe_load(CASES.read_text("utf-8"))["tests"]
    checks = [check for case in cases for check in case["alert_rule_test"]]
    alerts = {rule["alert"] for group in ALERTS["groups"] for rule in group["rules"]}
    assert {check["alertname"] for check in checks if check["exp_alerts"]} == alerts
    assert {check["alertname"] for check in checks if not check["exp_alerts"]} == alerts


def test_promtool_finds_a_defect_in_a_rule(tmp_path: Path) -> None:
    shutil.copy(CASES, tmp_path / "cases.yml")
    cases = (tmp_path / "cases.yml").read_text("utf-8").replace("../../deploy/monitoring/", "")
    (tmp_path / "cases.yml").write_text(cases, "utf-8")
    rules = (MONITORING / "gateway-alerts.yml").read_text("utf-8")
    for right, wrong in (("> 3600", "> 36000"), ('state="fault"', 'state="failure"'), ("== 0", "== 1")):
        assert right in rules
        (tmp_path / "gateway-alerts.yml").write_text(rules.replace(right, wrong, 1), "utf-8")
        assert promtool("test", "rules", str(tmp_path / "cases.yml")).returncode == 1, wrong


def test_the_text_of_the_gateway_is_as_prometheus_advises(scraped: str) -> None:
    checked = promtool("check", "metrics", text=scraped)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stderr


def test_a_refusal_is_counted_from_0_so_that_the_first_one_is_an_increase(scraped: str) -> None:
    for kind in ("submission", "event"):
        for outcome in ("conflict", "invalid"):
            assert f'gateway_results_total{{kind="{kind}",outcome="{outcome}"}} 0.0' in scraped


def test_every_query_of_the_dashboard_answers_from_what_the_gateway_serves(scraped: str, tmp_path: Path) -> None:
    """Evaluate the queries over the scraped series: a name or label that is not served gives no sample."""
    samples = [sample for family in text_string_to_metric_families(scraped) for sample in family.samples]
    series = []
    for sample in samples:
        labels = ",".join(f"{name}={json.dumps(value)}" for name, value in sample.labels.items())
        series.append({"series": f"{sample.name}{{{labels}}}", "values": f"{sample.value:.0f}x10"})
    series.append({"series": 'gateway_requests_total{address="/report",status="200"}', "values": "1+1x10"})
    checks = [
        {"expr": f"count({expr}) > bool 0", "eval_time": "8m", "exp_samples": [{"labels": "{}", "value": 1}]}
        for _, expr in QUERIES
    ]
    case = {"interval": "1m", "input_series": series, "promql_expr_test": checks}
    (tmp_path / "queries.yml").write_text(yaml.safe_dump({"rule_files": [], "tests": [case]}), "utf-8")
    tested = promtool("test", "rules", str(tmp_path / "queries.yml"))
    assert tested.returncode == 0, tested.stdout + tested.stderr


def test_a_query_selects_and_groups_by_labels_that_its_own_metric_has(scraped: str) -> None:
    labels: dict[str, set[str]] = {"gateway_requests_total": {"address", "status"}}
    for family in text_string_to_metric_families(scraped):
        for sample in family.samples:
            labels.setdefault(sample.name, set()).update(sample.labels)
    for title, expr in QUERIES:
        names = re.findall(r"\bgateway_[a-z_]+", expr)
        named = set(re.findall(r"[{,]\s*(\w+)\s*(?:=|!)", expr))
        for group in re.findall(r"\bby \(([^)]*)\)", expr):
            named |= {label.strip() for label in group.split(",")}
        assert names, title
        for name in names:
            assert named <= labels[name], (title, name)


class Prometheus:
    """A real Prometheus that scrapes each second with the alert rules of deploy/."""

    def __init__(self, folder: Path, ports: list[int]) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        settings = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str((MONITORING / "gateway-alerts.yml").resolve())],
            "scrape_configs": [
                {"job_name": "gateway", "static_configs": [{"targets": [f"127.0.0.1:{port}" for port in ports]}]}
            ],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(settings), "utf-8")
        command = [PROMETHEUS, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/series"]
        with (folder / "prometheus.log").open("wb") as log:
            self._process = subprocess.Popen([*command, f"--web.listen-address=127.0.0.1:{port}"], stderr=log)

    def get(self, path: str, **query: str) -> Any:
        """Return the data of an answer of the API; empty while Prometheus starts."""
        try:
            with urllib.request.urlopen(f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(query)}", timeout=60) as got:
                return json.load(got)["data"]
        except OSError:
            return {}

    def values(self, query: str) -> list[str]:
        """Return the values of a query."""
        return [sample["value"][1] for sample in self.get("query", query=query).get("result", [])]

    def alerts(self) -> set[tuple[str, str | None]]:
        """Return the alerts that fire or are about to, with their machine."""
        found = self.get("alerts").get("alerts", [])
        return {(alert["labels"]["alertname"], alert["labels"].get("kiosk")) for alert in found}

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)


@pytest.fixture
def prometheus(practice: PracticeGateway, scraped: str, tmp_path: Path) -> Iterator[Prometheus]:
    assert scraped
    prometheus = Prometheus(tmp_path, [practice.settings.metrics_port])
    yield prometheus
    prometheus.close()


def wait_for(read: Callable[[], Any], expected: object) -> None:
    """Read until the value is the expected one."""
    until = time.monotonic() + PATIENCE
    while (value := read()) != expected:
        assert time.monotonic() < until, value
        time.sleep(0.2)


@pytest.mark.prometheus
def test_a_real_prometheus_scrapes_the_gateway_and_loads_the_rules(prometheus: Prometheus) -> None:
    wait_for(lambda: prometheus.values('gateway_kiosk_waiting{kiosk="AL002"}'), ["6"])
    wait_for(lambda: prometheus.values("up"), ["1"])
    wait_for(prometheus.alerts, {("KioskSilent", "AL001"), ("KioskWarning", "AL002")})
    rules = [rule for group in prometheus.get("rules")["groups"] for rule in group["rules"]]
    assert {rule["health"] for rule in rules} == {"ok"}
    assert len(rules) == sum(len(group["rules"]) for group in ALERTS["groups"])
