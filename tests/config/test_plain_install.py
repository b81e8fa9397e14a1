"""The plain package is enough for an analyst: no site, no database, no extra."""

import json
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

pytestmark = pytest.mark.alone
ROOT = Path(__file__).resolve().parents[2]
# The modules an analyst works with.
WANTED = (
    "daihou.engine.ledger.schedule",
    "daihou.engine.ledger.fixed.settle",
    "daihou.engine.ledger.fixed.whatif",
    "daihou.engine.ledger.life.front",
    "daihou.columnar.settle",
    "daihou.packs.products",
)
HIDE = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"hidden, not in base.txt: {name}", name=name)
sys.meta_path.insert(0, Hidden())
"""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def beyond_base() -> set[str]:
    """The top modules of every package here that the plain package does not bring."""
    locked = (ROOT / "requirements" / "base.txt").read_text("utf-8")
    base = {plain(name) for name in re.findall(r"^([\w.-]+)==", locked, re.MULTILINE)}
    assert {"numba", "pyarrow"} <= base
    found = packages_distributions()
    return {
        module
        for module, packages in found.items()
        if module.isidentifier()
        and not {plain(name) for name in packages} & (base | {"daihou"})
    }


def run(code: str, sent: str = "") -> subprocess.CompletedProcess[str]:
    """Run code in a Python that has nothing but the plain package."""
    hidden = f"HIDDEN = {beyond_base()!r}\n{HIDE}"
    environment = {
        name: value for name, value in os.environ.items() if "DJANGO" not in name
    }
    return subprocess.run(
        [sys.executable, "-c", hidden + code],
        capture_output=True,
        text=True,
        check=False,
        input=sent,
        env=environment,
    )


@pytest.mark.parametrize("module", WANTED)
def test_an_analysts_module_needs_nothing_but_the_plain_package(module: str) -> None:
    done = run(f"import {module}")
    assert done.returncode == 0, done.stderr


def test_the_site_does_need_more_so_hiding_works() -> None:
    assert "hidden, not in base.txt: django" in run("import daihou.config.urls").stderr


def test_a_command_of_the_site_says_what_to_install() -> None:
    done = run(
        "from daihou.config.cli import main; main(['--language', 'en', 'serve'])"
    )
    assert done.returncode == 1
    assert "pip install '.[server]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_line_settles_a_loan_sent_as_json() -> None:
    page = (ROOT / "docs" / "how-to" / "settle.md").read_text("utf-8")
    loan = re.search(r"```json\n(\{.*?\n\})\n```", page, re.DOTALL)
    assert loan is not None
    done = run(
        "from daihou.config.cli import main; main(['settle', '--json', '-'])", loan[1]
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["dpd_original"] == 53
