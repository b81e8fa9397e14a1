"""Everything `make check` asks; all of it is asked even when something fails."""

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
STRICT = [
    "src/daihou/engine",
    "src/daihou/tables",
    "src/daihou/columnar",
    "clients/python/daihou_client",
]
PLAIN = ["src/daihou/rooms/*/states.py", "src/daihou/rooms/*/permissions.py"]
ADDRESS = re.compile(r'[a-z]+://|"resolved"|--index-url|--find-links|\.tgz|\.whl')


def run(*command: str) -> bool:
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def style() -> bool:
    ruff = str(BIN / "ruff")
    return run(ruff, "check", "-q", ".") & run(ruff, "format", "-q", "--check", ".")


def types() -> bool:
    plain = [str(p.relative_to(ROOT)) for how in PLAIN for p in sorted(ROOT.glob(how))]
    return run(str(BIN / "mypy"), *STRICT, *plain)


def imports() -> bool:
    return run(str(BIN / "lint-imports"), "--no-cache")


def generated_docs() -> bool:
    return run(PYTHON, "tools/docs.py", "--check") & run(
        PYTHON, "tools/client.py", "--check"
    )


def translations() -> bool:
    return run(PYTHON, "tools/messages.py", "check")


def migrations() -> bool:
    """No model without its migration; no database is needed to tell."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "DAIHOU_TEST_HOME": home,
            "DJANGO_SETTINGS_MODULE": "daihou.config.settings_test",
        }
        quiet = ["-W", "ignore::RuntimeWarning", "-m", "django"]
        command = [PYTHON, *quiet, "makemigrations", "--check", "--dry-run"]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    return done.returncode == 0


def lock_files() -> bool:
    """No lock file may say where to fetch from."""
    said = []
    for path in [*sorted(ROOT.glob("requirements/*")), ROOT / "package-lock.json"]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if ADDRESS.search(line):
                said.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    print("".join(f"{line}\n" for line in said), end="")
    return not said


CHECKS: dict[str, Callable[[], bool]] = {
    "style": style,
    "types": types,
    "imports": imports,
    "generated docs": generated_docs,
    "translations": translations,
    "migrations": migrations,
    "lock files": lock_files,
}


def main() -> int:
    failed = []
    for name, check in CHECKS.items():
        began = time.monotonic()
        print(f"-- {name}", flush=True)
        if not check():
            failed.append(name)
        print(f"   {time.monotonic() - began:.1f} s", flush=True)
    print(f"Not in order: {', '.join(failed)}." if failed else "All in order.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
