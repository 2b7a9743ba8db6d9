"""The package ward-gateway on a booted Debian with PostgreSQL and nginx, installed by the commands of docs/gateway.md.

The package ward-kiosk is on the same machine, so that a kiosk calls the gateway by its public name, with TLS.
"""

import inspect
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.faults import submitting
from tests.machine.nspawn import PROVINCE_PACKAGES, Machine, debian, newest_package, next_release, until
from tests.sync.guide import commands

pytestmark = pytest.mark.machine
START = "Start it from the package"
SITE = "gateway.example"
UNITS = ("kiosk-gateway@8101", "kiosk-gateway@8102")
SETTINGS = "/etc/kiosk-gateway.env"
DATA = "/var/lib/kiosk-gateway"
RELEASES = f"{DATA}/releases"
KEY = f"{DATA}/gateway.key"
PASSWORD = "cau-truong-tien-6"
NEXT = "9.9.9"
MAX_EXPOSURE = 2.0
ENROL = """
import sys
from kiosk.acts import renewing
renewing.request_renewal(context, sys.argv[1], "kythuat")
"""
SUBMIT = f"""{inspect.getsource(submitting)}
print(submit_form(context)[0])
"""


def as_packaged(command: str) -> str:
    """Return a command of the guide for this machine, which has no network: the packages are here."""
    if command.startswith("apt") and "./" not in command:
        return "true"
    if command.startswith("apt"):
        name = command.partition("./")[2].partition("_")[0]
        return f"dpkg -i /root/{name}.deb"
    return f"cd /root && {command.replace('/opt/ward-kiosk/deploy', '/usr/share/ward-gateway')}"


def new_province(disk: Path) -> Machine:
    """Return a running machine of the province, installed as the guide says up to nginx."""
    machine = Machine(disk, debian("province", PROVINCE_PACKAGES))
    for name in ("ward-gateway", "ward-kiosk"):
        shutil.copy(newest_package(name), disk / "root" / f"{name}.deb")
    machine.put("/etc/hosts", f"127.0.0.1 localhost {SITE}\n")
    machine.boot()
    for command in commands()[START]:
        machine.run(as_packaged(command))
    machine.run(
        "cd /root && openssl req -x509 -newkey rsa:2048 -nodes -days 30 -keyout privkey.pem -out fullchain.pem "
        f"-subj /CN={SITE} -addext subjectAltName=DNS:{SITE}"
    )
    for command in commands()["Certificate and nginx"]:
        machine.run(as_packaged(command))
    until(lambda: answers(machine))
    return machine


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    machine = new_province(tmp_path_factory.mktemp("province") / "disk")
    yield machine
    machine.close()


def answers(machine: Machine) -> bool:
    """Return whether a file of the gateway comes through nginx; the sign-in page has a limit a minute."""
    ask = (
        "import ssl, urllib.request as r; c = ssl.create_default_context(cafile='/root/fullchain.pem'); "
        f"print(r.urlopen('https://{SITE}/static/gateway.css', timeout=20, context=c).status)"
    )
    answer = machine.run(f'python3 -c "{ask}"', check=False)
    return answer.stdout == "200\n"


def query(machine: Machine, sql: str) -> list[str]:
    """Return the rows of a query in the gateway's database, as its account."""
    return machine.run(f'cd / && runuser -u kiosk-gateway -- psql -At gateway -c "{sql}"').stdout.split("\n")[:-1]


def add_operator(machine: Machine, login: str) -> None:
    machine.run(f"echo {PASSWORD} | kiosk-gateway staff add {login} 'Lê Hoài An' --role operator")


def add_kiosk(machine: Machine) -> None:
    """Install the kiosk beside the gateway and enrol it; every program of it trusts the certificate."""
    machine.run("dpkg -i /root/ward-kiosk.deb")
    until(lambda: machine.page() == 200)
    machine.run("install -o kiosk -m 644 /root/fullchain.pem /etc/ward-kiosk/gateway.pem")
    toml = machine.folder / "etc" / "ward-kiosk" / "kiosk.toml"
    text = toml.read_text("utf-8")
    for before, after in (
        ('kind = "none" ', 'kind = "kiosk-sync" '),
        ('url = "" ', f'url = "https://{SITE}" '),
        ('ca = "" ', 'ca = "/etc/ward-kiosk/gateway.pem" '),
    ):
        assert text.count(f"\n{before}") == 1, before
        text = text.replace(f"\n{before}", f"\n{after}")
    toml.write_text(text, "utf-8")
    machine.run("systemctl restart ward-kiosk")
    until(lambda: machine.page() == 200)
    code = machine.run("kiosk-gateway kiosk code PK03 H57.99.01").stdout.split()[-1]
    machine.run_script(ENROL, code)


def submit(machine: Machine) -> str:
    """File a form at the kiosk; return its id."""
    return machine.run_script(SUBMIT).strip()


def test_the_package_has_no_tools_that_install_packages(province: Machine) -> None:
    packages = province.run("ls /opt/ward-gateway/current/.venv/lib/python3.*/site-packages").stdout.split()
    assert "sqlalchemy" in packages
    assert [name for name in packages if name.startswith(("pip", "setuptools", "pkg_resources"))] == []


def test_the_package_and_the_guide_give_two_hardened_processes_on_postgresql(province: Machine) -> None:
    assert [unit for unit in UNITS if not province.is_active(unit)] == []
    assert province.run("systemctl list-units --failed --no-legend 'kiosk-gateway*'").stdout == ""
    assert "submissions" in query(province, "select tablename from pg_tables where schemaname = 'public'")
    assert province.run(f"stat -c '%U %a' {DATA} {KEY} {SETTINGS}").stdout.split() == (
        ["kiosk-gateway", "700", "kiosk-gateway", "600", "root", "600"]
    )
    rated = province.run(f"systemd-analyze security --no-pager {UNITS[0]}").stdout
    rating = re.search(r"exposure level for \S+: ([0-9.]+)", rated)
    assert rating, rated
    assert float(rating[1]) < MAX_EXPOSURE


def test_an_operator_signs_in_with_a_browser_through_nginx(province: Machine, tmp_path: Path) -> None:
    add_operator(province, "hoaian")
    program = tmp_path / "chromium"
    entered = " ".join(province.network_command("/usr/bin/chromium"))
    program.write_text(f'#!/bin/sh\nexec {entered} "$@"\n', "utf-8")
    program.chmod(0o755)
    resolve = f"--host-resolver-rules=MAP {SITE} 127.0.0.1"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox", resolve], timeout=300_000)
        page = browser.new_page(ignore_https_errors=True)
        page.set_default_timeout(300_000)
        page.goto(f"https://{SITE}/")
        page.fill("[name=login]", "hoaian")
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        page.wait_for_url(f"https://{SITE}/")
        cookies = [cookie for cookie in page.context.cookies() if cookie["secure"]]
        signed_in = page.content()
        browser.close()
    assert cookies
    assert "Lê Hoài An" in signed_in


def test_a_form_of_a_kiosk_arrives_and_a_signed_release_is_fetched(province: Machine, tmp_path: Path) -> None:
    add_kiosk(province)
    until(lambda: query(province, "select kiosk_id from kiosks where seen_at is not null") == ["PK03"])
    form = submit(province)
    until(lambda: form in query(province, "select submission_id from submissions"))
    publish_release(province, tmp_path)
    printed = province.run("kiosk update fetch").stdout
    assert NEXT in printed
    log = province.run("cat /var/log/nginx/access.log").stdout
    assert "GET /releases/metadata/timestamp.json" in log
    assert re.search(rf'GET /releases/targets/\S*ward-kiosk-{NEXT}\S* HTTP/1.1" 206', log)


def publish_release(machine: Machine, folder: Path) -> None:
    """Publish the next release of the kiosk as docs/releases.md says, and give it to the gateway."""
    shutil.copy(next_release(newest_package("ward-kiosk"), folder, NEXT), machine.folder / "srv" / "next.deb")
    release = "kiosk release publish /srv/keys/program.tar.gz --repository /srv/releases --key /srv/keys/targets-1.pem"
    for command in (
        "dpkg-deb -x /srv/next.deb /srv/next",
        "install -d -o kiosk -g kiosk /srv/keys /srv/releases",
        "KIOSK_RELEASE_PASSWORD=cau-truong-tien-6-vai kiosk release keys /srv/keys /srv/releases",
        f"kiosk release pack /srv/next/opt/ward-kiosk/releases/{NEXT} /srv/keys/program.tar.gz",
        f"KIOSK_RELEASE_PASSWORD=cau-truong-tien-6-vai {release} --online /srv/keys/online.pem",
        f"install -d -o kiosk-gateway -g kiosk-gateway -m 700 {RELEASES}",
        f"cp -R /srv/releases/. {RELEASES} && chown -R kiosk-gateway:kiosk-gateway {RELEASES}",
        f"sed -i 's|^KIOSK_GATEWAY_RELEASES=.*|KIOSK_GATEWAY_RELEASES={RELEASES}|' {SETTINGS}",
        "systemctl restart 'kiosk-gateway@*'",
        "install -o kiosk -m 640 /srv/releases/metadata/1.root.json /etc/ward-kiosk/release-root.json",
    ):
        machine.run(command)
    until(lambda: answers(machine))


def test_a_process_that_is_killed_and_a_power_cut_lose_nothing(province: Machine) -> None:
    stored = query(province, "select count(*) from submissions")
    before = province.main_pid(UNITS[0])
    province.run(f"kill -KILL {before}")
    until(lambda: province.main_pid(UNITS[0]) not in ("0", before))
    province.cut_power()
    province.boot()
    until(lambda: answers(province))
    until(lambda: all(province.is_active(unit) for unit in UNITS))
    assert query(province, "select count(*) from submissions") == stored


def test_upgraded_removed_and_purged(province: Machine, tmp_path: Path) -> None:
    """An upgrade and a removal keep settings, key and database; a purge keeps key and database."""
    kept = province.run(f"sha256sum {SETTINGS} {KEY}").stdout
    shutil.copy(next_release(newest_package("ward-gateway"), tmp_path, NEXT), province.folder / "root" / "next.deb")
    province.run("dpkg -i /root/next.deb")
    until(lambda: answers(province))
    running = province.run(
        f"tr '\\0' ' ' < /proc/{province.main_pid(UNITS[0])}/cmdline; readlink /proc/{province.main_pid(UNITS[0])}/cwd"
    )
    assert f"/opt/ward-gateway/releases/{NEXT}" in running.stdout
    assert province.run("ls /opt/ward-gateway/releases").stdout == f"{NEXT}\n"
    assert province.run(f"sha256sum {SETTINGS} {KEY}").stdout == kept
    province.run("dpkg -r ward-gateway")
    assert [unit for unit in UNITS if province.is_active(unit)] == []
    assert province.run(f"sha256sum {SETTINGS} {KEY}").stdout == kept
    assert not (province.folder / "opt" / "ward-gateway").exists()
    province.run("dpkg -i /root/next.deb && systemctl start kiosk-gateway@8101")
    until(lambda: answers(province))
    province.run("dpkg -P ward-gateway")
    left = province.run(
        "find /etc /usr /opt/* -name '*kiosk-gateway*' -o -name '*ward-gateway*'", check=False
    ).stdout.split()
    assert sorted(left) == [
        "/etc/kiosk-gateway",
        "/etc/nginx/sites-available/kiosk-gateway",
        "/etc/nginx/sites-enabled/kiosk-gateway",
    ]
    assert province.run(f"test -s {KEY}").returncode == 0
    assert query(province, "select count(*) from people") == ["1"]
