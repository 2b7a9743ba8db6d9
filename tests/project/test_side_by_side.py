"""Test runs beside each other: `make test`, `make faults`, `make mutants` and `make machine`, and each of them twice.

They share no port, mount, folder, machine or name. Each rule is a function from a parsed module to the lines that break
it. The examples at the end prove that each function finds what it must find.
"""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping

import pytest

from kiosk.config import ROOT
from tests.project.sources import parse_modules

FOLDERS = ("tests", "bench")
SHARED_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/var/lock")
ALLOWED = {
    "tests/browser/technician_pictures.py": "`make pictures` alone: the folder's name is in a picture",
}
"""Modules that may name a folder below a shared one, with the reason."""
SERVERS = {"bind", "create_server", "HTTPServer", "ThreadingHTTPServer", "TCPServer", "UDPServer"}
Rule = Callable[[ast.Module], Iterator[int]]


def fixed_ports(module: ast.Module) -> Iterator[int]:
    """Yield the lines of servers at a port that the source names."""
    for node in ast.walk(module):
        if not isinstance(node, ast.Call) or _name(node.func) not in SERVERS:
            continue
        for argument in node.args:
            if isinstance(argument, ast.Tuple) and len(argument.elts) == 2:
                port = argument.elts[1]
                if isinstance(port, ast.Constant) and port.value != 0:
                    yield node.lineno


def ports_of_others(module: ast.Module) -> Iterator[int]:
    """Yield the lines where a port is only looked at: its socket is closed, and the system gives it to any process."""
    for node in ast.walk(module):
        if (
            isinstance(node, ast.With)
            and isinstance(node.body[-1], ast.Assign)
            and _calls(node.body[-1], "getsockname")
        ):
            yield node.lineno


def fixed_folders(module: ast.Module) -> Iterator[int]:
    """Yield the lines that name a file or folder below a folder of all processes."""
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value.startswith(tuple(f"{folder}/" for folder in SHARED_FOLDERS)):
                yield node.lineno
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            is_shared = any(
                isinstance(part, ast.Constant) and part.value in SHARED_FOLDERS for part in ast.walk(node.left)
            )
            if is_shared or _calls(node.left, "gettempdir"):
                yield node.lineno


def shared_mounts(module: ast.Module) -> Iterator[int]:
    """Yield the lines that mount something where a container that starts meanwhile keeps a copy."""
    if _calls(module, "leave_shared_mounts") or any(
        isinstance(node, ast.FunctionDef) and node.name == "leave_shared_mounts" for node in module.body
    ):
        return
    for node in ast.walk(module):
        if isinstance(node, ast.List | ast.Call):
            words = node.elts if isinstance(node, ast.List) else node.args
            if words and _text(words[0]) == "mount":
                yield node.lineno


def shared_machines(module: ast.Module) -> Iterator[int]:
    """Yield the lines that start a machine without a name and control groups of its own."""
    for node in ast.walk(module):
        if isinstance(node, ast.List) and "systemd-nspawn" in map(_text, node.elts):
            words = [ast.unparse(word) for word in node.elts]
            has_name = "'-M'" in words and words[words.index("'-M'") + 1] == "groups.name"
            if words[0] != "*groups.enter" or not has_name:
                yield node.lineno


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _text(node: ast.expr) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _calls(tree: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Call) and _name(node.func) == name for node in ast.walk(tree))


RULES: Mapping[Rule, tuple[str, ...]] = {
    fixed_ports: tuple(f"{name}(" for name in SERVERS),
    ports_of_others: ("getsockname",),
    fixed_folders: (*SHARED_FOLDERS, "gettempdir"),
    shared_mounts: ('"mount"', "'mount'"),
    shared_machines: ("systemd-nspawn",),
}
"""The rules, each with the words of which a module that breaks it has one."""


def _modules(words: Iterable[str]) -> dict[str, ast.Module]:
    """Return the modules of tests and measurements that have one of some words, by their path below the repository."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    assert len(paths) > 300
    return {str(path.relative_to(ROOT)): module for path, module in parse_modules(paths, words).items()}


@pytest.mark.parametrize("rule", RULES)
def test_no_test_takes_what_another_run_may_have(rule: Rule) -> None:
    modules = _modules(RULES[rule])
    assert modules
    places = [f"{path}:{line}" for path, module in modules.items() if path not in ALLOWED for line in rule(module)]
    assert places == []


def test_each_exception_is_one() -> None:
    modules = _modules(RULES[fixed_folders])
    assert [path for path in ALLOWED if not list(fixed_folders(modules[path]))] == []


@pytest.mark.parametrize(
    ("rule", "source", "broken"),
    [
        (fixed_ports, 'socket.create_server(("127.0.0.1", 8000))', 1),
        (fixed_ports, 'server.bind(("", PORT))', 0),
        (fixed_ports, 'ThreadingHTTPServer(("127.0.0.1", 0), Pages)', 0),
        (ports_of_others, 'with socket.socket() as s:\n s.bind(("", 0))\n port = s.getsockname()[1]', 1),
        (ports_of_others, 'with create_server(("", 0)) as s:\n port = s.getsockname()[1]\n ask(port)', 0),
        (fixed_folders, 'LOCK = Path(tempfile.gettempdir()) / "avahi.lock"', 1),
        (fixed_folders, 'Path("/dev/shm") / f"key-{os.getpid()}"', 1),
        (fixed_folders, 'open("/tmp/of-all")', 1),
        (fixed_folders, 'TemporaryDirectory(dir="/tmp")', 0),
        (shared_mounts, 'subprocess.run(["mount", "-o", "loop", image, folder])', 1),
        (shared_mounts, '_run("mount", image, folder)', 1),
        (shared_mounts, 'leave_shared_mounts()\n_run("mount", image, folder)', 0),
        (shared_machines, '["systemd-nspawn", "-D", str(disk)]', 1),
        (shared_machines, '[*groups.enter, "systemd-nspawn", "-M", "disk"]', 1),
        (shared_machines, '["systemd-nspawn", "-M", groups.name]', 1),
        (shared_machines, '[*groups.enter, "systemd-nspawn", "-M", groups.name]', 0),
    ],
)
def test_a_rule_finds_what_it_must_find(rule: Rule, source: str, broken: int) -> None:
    assert len(list(rule(ast.parse(source)))) == broken
    assert not broken or any(word in source for word in RULES[rule])


@pytest.mark.parametrize("script", ["deploy/deb.sh", "deploy/image.sh", "tests/printers/emupos.sh"])
def test_a_script_builds_in_a_folder_of_its_own(script: str) -> None:
    """Beside each other they would delete each other's tree: only such a folder is deleted."""
    lines = (ROOT / script).read_text("utf-8").splitlines()
    assert [line for line in lines if "mktemp -d" in line]
    deleted = [line.strip() for line in lines if line.lstrip().startswith("rm -rf")]
    assert [line for line in deleted if not line.startswith(('rm -rf "$work', 'rm -rf "$packages'))] == []
