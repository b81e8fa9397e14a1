"""Set up the checkout: environment, packages, front-end files, translations.

Runs on a bare Python 3.11 with nothing but its standard library. Every step is
skipped when a stamp says that nothing it depends on has changed.

    python3 tools/setup.py [server|dev|spark|models|telemetry]...
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
REQUIREMENTS = ROOT / "requirements"
OLDEST = (3, 11)


def main(extras: list[str]) -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"Python {OLDEST[0]}.{OLDEST[1]} or later is needed; this is {found}."
            " Name another one: make demo PYTHON=python3.12"
        )
    began = time.monotonic()
    with Path(__file__).open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        make_environment()
        for extra in extras or ["server"]:
            install(extra)
        install_ourselves()
        run_tool("assets")
        run_tool("messages", "compile")
    if time.monotonic() - began > 1:
        print(f"Set up in {time.monotonic() - began:.0f} s.", flush=True)


def make_environment() -> None:
    """The virtual environment, and in it the pinned installer."""
    stamp = Stamp("environment", str(VENV), REQUIREMENTS / "bootstrap.txt")
    if stamp.holds() and _works(PYTHON):
        return
    if not _works(PYTHON) or _moved():
        print("Making .venv ...", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False)
        if done.returncode:
            sys.exit(
                "This Python cannot make a virtual environment. Install its venv"
                " package (on Debian: python3-venv) and try again."
            )
    _pip("bootstrap")
    stamp.set()


def _works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def _moved() -> bool:
    """Scripts in an environment name its folder: a moved one must be made again."""
    script = VENV / "bin" / "pip"
    return script.exists() and str(VENV) not in script.read_text(errors="replace")


def install(extra: str) -> None:
    """The pinned packages of one extra, each checked against its hashes."""
    lock = REQUIREMENTS / f"{extra}.txt"
    if not lock.exists():
        sys.exit(f"There is no extra named {extra}: no {lock.relative_to(ROOT)}")
    stamp = Stamp(f"packages-{extra}", lock)
    if stamp.holds():
        return
    print(f"Installing the packages of `{extra}` ...", flush=True)
    if _pip_has_its_own_index() or not _uv("--require-hashes", "-r", str(lock)):
        _pip(extra)
    stamp.set()


def install_ourselves() -> None:
    """Daihou itself, as an editable package with its console script."""
    stamp = Stamp("ourselves", ROOT / "pyproject.toml", *REQUIREMENTS.glob("*.in"))
    if stamp.holds() and (VENV / "bin" / "daihou").exists():
        return
    ours = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    if not _uv(*ours):
        _must([PYTHON, "-m", "pip", "install", "--quiet", *ours])
    stamp.set()


def _pip_has_its_own_index() -> bool:
    """A machine that tells pip where to fetch from: then pip knows best."""
    listing = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return ".index-url=" in listing or bool(os.environ.get("PIP_INDEX_URL"))


def _uv(*arguments: str) -> bool:
    # The machine's own certificates: behind some networks no others hold.
    command = [str(UV), "pip", "install", "--quiet", "--system-certs"]
    command += ["--python", str(PYTHON)]
    done = subprocess.run(
        [*command, *arguments], cwd=ROOT, check=False, capture_output=True, text=True
    )
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
        print("The fast installer did not succeed; trying pip.", flush=True)
    return done.returncode == 0


def _pip(lock: str) -> None:
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet"]
    pip += ["--disable-pip-version-check"]
    _must([*pip, "--require-hashes", "-r", str(REQUIREMENTS / f"{lock}.txt")])


def run_tool(name: str, *arguments: str) -> None:
    _must([PYTHON, ROOT / "tools" / f"{name}.py", *arguments])


def _must(command: list[str | Path]) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(f"Setting up stopped at: {' '.join(map(str, command))}")


class Stamp:
    """A note of what a step was made from; it holds until any of that changes."""

    def __init__(self, name: str, *sources: Path | str) -> None:
        self._file = VENV / f".made-{name}"
        digest = hashlib.sha256()
        for source in sorted(sources, key=str):
            told = source.read_bytes() if isinstance(source, Path) else source.encode()
            digest.update(told + b"\0")
        self._digest = digest.hexdigest()

    def holds(self) -> bool:
        return self._file.exists() and self._file.read_text() == self._digest

    def set(self) -> None:
        self._file.write_text(self._digest)


if __name__ == "__main__":
    main(sys.argv[1:])
