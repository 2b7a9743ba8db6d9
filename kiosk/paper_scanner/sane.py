"""Scanning by the program `scanimage` (sane-utils): the feeder until it is empty, or one paper on the glass.

Pages are written to the disk in memory (/dev/shm), read at once and deleted: nothing of a paper reaches a real disk.
The run ends with a status of SANE (SANE Standard 1.06, 4.2.7), which says what an officer does next.
"""

import os
import re
import shutil
import subprocess  # nosec B404 # starts one program, without a shell
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import IO, Literal

from kiosk.uploads.limits import PAGE_DPI

Source = Literal["feeder", "glass"]
Ending = Literal[
    "done",
    "stopped",
    "full",
    "empty",
    "jam",
    "open",
    "busy",
    "silent",
    "absent",
    "denied",
    "fault",
    "no_feeder",
    "no_program",
]
PROGRAM = "scanimage"
MEMORY_DISK = Path("/dev/shm")  # noqa: S108 # nosec B108 # a folder of our own is made in it
FOLDER_PREFIX = "kiosk-papers-"
"""The number of the process follows: another kiosk, as of practice, may scan on this machine."""
SILENT_SECONDS = 60.0
"""A cold lamp warms up for half a minute before the first page."""
OPTIONS_SECONDS = 30.0
PAPER_MM = (210, 297)
"""A4 upright, which the feeder's guides hold at its left edge."""
_STATUS: dict[int, Ending] = {
    0: "done",
    7: "done",
    2: "stopped",
    3: "busy",
    6: "jam",
    8: "open",
    9: "fault",
    11: "denied",
}
"""Exit status of `scanimage` in a batch -> the ending: the numbers of SANE_Status; 1: the device cannot be opened."""
_FEEDER = re.compile(r"feeder|adf", re.IGNORECASE)
_BOTH_SIDES = re.compile(r"duplex|both", re.IGNORECASE)


@dataclass(frozen=True)
class DeviceOptions:
    """Options of a device: its sources, modes and resolutions; `has_size`: a part of the glass can be scanned."""

    sources: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    resolutions: tuple[int, ...] = ()
    """Those that it lists; empty: any number in a range."""
    has_size: bool = False

    def source(self, wanted: Source) -> str | None:
        """Return the device's name of a source, both sides where it can; empty: it has one source; None: no feeder."""
        if wanted == "glass":
            return next((name for name in self.sources if not _FEEDER.search(name)), "")
        feeders = [name for name in self.sources if _FEEDER.search(name)]
        return next((name for name in feeders if _BOTH_SIDES.search(name)), feeders[0] if feeders else None)

    @property
    def mode(self) -> str:
        """The mode with colours, else with grey; empty: it has one mode."""
        return next((mode for wanted in ("color", "gray") for mode in self.modes if wanted in mode.lower()), "")

    @property
    def dpi(self) -> int:
        """The resolution nearest to `PAGE_DPI` that is not lower, else the highest."""
        if not self.resolutions:
            return PAGE_DPI
        return min((dpi for dpi in self.resolutions if dpi >= PAGE_DPI), default=max(self.resolutions))


def parse_options(text: str) -> DeviceOptions:
    """Read what `scanimage --all-options` prints of a device.

    Example:
        >>> parse_options("    --source Flatbed|ADF Duplex [Flatbed]").source("feeder")
        'ADF Duplex'
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, values in re.findall(r"^ +--(source|mode|resolution) (.+?) \[", text, re.MULTILINE):
        found.setdefault(name, tuple(values.split("|")))
    listed = [re.match(r"\d+", value) for value in found.get("resolution", ())]
    is_range = any(".." in value for value in found.get("resolution", ()))
    return DeviceOptions(
        sources=found.get("source", ()),
        modes=found.get("mode", ()),
        resolutions=() if is_range else tuple(int(number[0]) for number in listed if number),
        has_size=re.search(r"^ +-y ", text, re.MULTILINE) is not None,
    )


def scan(
    device: str, source: Source, *, count: int, on_page: Callable[[bytes, int], object], is_stopped: Event
) -> Ending:
    """Scan up to so many pages; return how it ended.

    Args:
        device: its name in SANE, such as `airscan:e0:Canon MF240`; a driver's name with a colon opens its first device.
        count: pages; the glass gives one.
        on_page: is called with each page as PNM (netpbm's formats P5 and P6) and its dots an inch.
        is_stopped: stops the scanner after the page that it moves.
    """
    if shutil.which(PROGRAM) is None:
        return "no_program"
    options = _options(device)
    if options is None:
        return "absent"
    name = options.source(source)
    if name is None:
        return "no_feeder"
    with tempfile.TemporaryDirectory(prefix=f"{FOLDER_PREFIX}{os.getpid()}-", dir=MEMORY_DISK) as folder:
        arguments = [f"--device-name={device}", f"--batch={folder}/%d.pnm", "--batch-print", "--format=pnm"]
        arguments += [f"--batch-count={count if source == 'feeder' else 1}", f"--resolution={options.dpi}"]
        arguments += [f"--source={name}"] if name else []
        arguments += [f"--mode={options.mode}"] if options.mode else []
        arguments += ["-x", str(PAPER_MM[0]), "-y", str(PAPER_MM[1])] if options.has_size else []
        return _run(arguments, count, lambda page: on_page(page, options.dpi), is_stopped)


def delete_leftovers() -> None:
    """Delete the folders of processes that were killed."""
    for folder in MEMORY_DISK.glob(FOLDER_PREFIX + "*"):
        process = folder.name.removeprefix(FOLDER_PREFIX).partition("-")[0]
        if not Path("/proc", process).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _options(device: str) -> DeviceOptions | None:
    """Ask a device for its options; None when it cannot be opened."""
    try:
        asked = subprocess.run(  # noqa: S603  # nosec B603 # no shell; the name has the shape of the setting
            [PROGRAM, f"--device-name={device}", "--all-options"],
            capture_output=True,
            timeout=OPTIONS_SECONDS,
            check=False,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        return None
    return parse_options(asked.stdout.decode(errors="replace")) if asked.returncode == 0 else None


def _environment() -> dict[str, str]:
    """Return the environment of the program: English numbers and words, and where Debian's programs are."""
    return {"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin", "SANE_CONFIG_DIR": "/etc/sane.d"}


def _run(arguments: list[str], count: int, on_page: Callable[[bytes], object], is_stopped: Event) -> Ending:
    """Run the program; hand over each page that it names, and stop it when it is silent or told to."""
    process = subprocess.Popen(  # noqa: S603  # nosec B603 # no shell
        [PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()
    )
    assert process.stdout is not None  # noqa: S101  # nosec B101 # a pipe
    moved = Event()
    ended = Event()
    silent = Event()
    watch = Thread(target=_watch, args=(process, moved, ended, silent, is_stopped), daemon=True)
    watch.start()
    try:
        pages = _hand_over(process.stdout, on_page, moved)
        status = process.wait()
    finally:
        process.kill()
        process.stdout.close()
        ended.set()
        watch.join()
    return _ending(status, pages, count, is_silent=silent.is_set(), is_stopped=is_stopped.is_set())


def _hand_over(stream: IO[bytes], on_page: Callable[[bytes], object], moved: Event) -> int:
    """Read and delete each page that the program names; return their number."""
    pages = 0
    for line in stream:
        file = Path(line.decode().rstrip("\n"))
        page = file.read_bytes()
        file.unlink()
        moved.set()
        on_page(page)
        pages += 1
    return pages


def _watch(process: "subprocess.Popen[bytes]", moved: Event, ended: Event, silent: Event, is_stopped: Event) -> None:
    """Stop a program that gives no page for `SILENT_SECONDS`, or that is stopped.

    After SIGTERM it ends its page and closes the device. A second SIGTERM ends it at once, with the paper in the feeder
    (`sighandler` of scanimage): it gets one.
    """
    left = SILENT_SECONDS
    is_asked = False
    while not ended.wait(0.2):
        left = SILENT_SECONDS if moved.is_set() else left - 0.2
        moved.clear()
        if left <= 0:
            silent.set()
            process.kill()
            return
        if is_stopped.is_set() and not is_asked:
            is_asked = True
            process.terminate()


def _ending(status: int, pages: int, count: int, *, is_silent: bool, is_stopped: bool) -> Ending:
    if is_silent:
        return "silent"
    if is_stopped:
        return "stopped"
    ending = _STATUS.get(status, "absent" if status == 1 else "fault")
    if ending != "done":
        return ending
    if not pages:
        return "empty"
    return "full" if pages >= count > 1 else "done"
