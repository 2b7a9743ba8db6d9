"""Build the documentation as `make site` does."""

import subprocess
import sys
from pathlib import Path

OPTIONS = ["-b", "html", "-W", "--keep-going", "-q"]


def build_site(docs: Path, into: Path) -> tuple[int, str]:
    """Build the pages of a folder of documents into another one, which has its cache beside it.

    Returns:
        The status, and the warnings, each of which ends a build with an error.
    """
    sphinx = str(Path(sys.executable).with_name("sphinx-build"))
    command = [sphinx, *OPTIONS, "-d", str(into.with_name("cache")), str(docs), str(into)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.returncode, run.stderr
