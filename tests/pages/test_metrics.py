"""Figures for Prometheus are served on the machine itself, in its format, and hold nothing about a person."""

import subprocess
from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from kiosk.context import Context
from kiosk.pages.access import LAN, LISTENER
from tests.conftest import PROMTOOL
from tests.journeys.walker import Walker


def test_prometheus_reads_the_figures_on_the_machine(birth_filed: Context, walker: Walker) -> None:
    answer = walker.browser.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    (waiting,) = families["kiosk_waiting"].samples
    assert waiting.value == 1
    assert families["kiosk_disk_free_bytes"].samples[0].value > 0
    codes = {sample.labels["code"] for sample in families["kiosk_alarm"].samples}
    assert "COPY-01" in codes or "WORK-01" in codes
    assert families["kiosk_release"].samples[0].labels["release"]


@pytest.mark.promtool
def test_the_text_is_as_prometheus_advises(birth_filed: Context, walker: Walker) -> None:
    text = walker.browser.get("/metrics").text
    command = [str(PROMTOOL), "check", "metrics"]
    checked = subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=60)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_figures_name_no_person_and_no_ward(birth_filed: Context, walker: Walker) -> None:
    text = walker.browser.get("/metrics").text
    assert text.isascii(), "every Vietnamese name has marks, and none is here"


def test_the_lan_finds_no_figures(walker: Walker) -> None:
    name = "mot-cua.lan"
    config = walker.context.config
    walker.context.config = replace(config, lan=replace(config.lan, names=(name,), host="0.0.0.0"))
    browser = walker.app.test_client()
    by_lan = {LISTENER: LAN}
    assert browser.get("/signin/certificate", base_url=f"https://{name}", environ_overrides=by_lan).status_code == 200
    answer = browser.get("/metrics", base_url=f"https://{name}", environ_overrides=by_lan)
    assert answer.status_code == 404
    assert "kiosk_waiting" not in answer.text
