"""Pin the packages anew: every requirements/*.in becomes a *.txt with hashes.

A lock file holds names, versions and hashes, never where to fetch from.
"""

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "requirements"
UV = ROOT / ".venv" / "bin" / "uv"
# Lock -> what goes in, and which lock it must agree with.
LOCKS: dict[str, tuple[list[str], str | None]] = {
    "bootstrap": (["bootstrap"], None),
    "server": (["base", "server"], None),
    "base": (["base"], "server"),
    "dev": (["base", "server", "notebook", "portfolio", "telemetry", "dev"], "server"),
    "notebook": (["notebook"], "dev"),
    "portfolio": (["portfolio"], "dev"),
    "spark": (["spark"], "dev"),
    "telemetry": (["telemetry"], "dev"),
    "models": (["models"], "dev"),
    "node": (["node"], "dev"),
}
HOW = [
    *("--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--quiet"),
    *("--custom-compile-command", "make lock"),
]


def main() -> None:
    for lock, (inputs, agrees_with) in LOCKS.items():
        command = [str(UV), "pip", "compile", *HOW, "-o", f"{lock}.txt"]
        command += [f"{name}.in" for name in inputs]
        command += ["-c", f"{agrees_with}.txt"] if agrees_with else []
        subprocess.run(command, cwd=FOLDER, check=True)
    strip_addresses(ROOT / "package-lock.json")


def strip_addresses(path: Path) -> None:
    """npm notes where a package came from and who takes donations; we keep neither."""
    lock = json.loads(path.read_text("utf-8"))
    for package in lock["packages"].values():
        package.pop("resolved", None)
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
