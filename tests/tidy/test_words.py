"""Nothing committed names this machine, leaves a note to self, or hides a stub."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THIS = Path(__file__).relative_to(ROOT).as_posix()
BINARY = {".png", ".jpg", ".ico", ".parquet", ".xlsx", ".zip", ".mo", ".woff2", ".webp"}
BANNED = {
    "a note to self": r"\b(TODO|FIXME|XXX|HACK)\b",
    "a machine's own path": r"(?<![\w.])/(work|root|farm)/\w",
    "a stub": r"raise NotImplementedError|\bpass\s+# later\b",
    "a debugging leftover": r"\bbreakpoint\(\)|\bpdb\.set_trace\b",
}


def committed_files() -> list[str]:
    """What git knows or would add: the tree without what is ignored."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(name for name in listing.stdout.split("\0") if name)


def offences(name: str, text: str) -> list[str]:
    return [
        f"{name}:{number}: {what}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in BANNED.items()
        if re.search(pattern, line)
    ]


def test_no_banned_words():
    said = []
    for name in committed_files():
        path = ROOT / name
        if name != THIS and path.suffix not in BINARY and path.is_file():
            said += offences(name, path.read_text("utf-8", errors="replace"))
    assert not said, "\n".join(said)


@pytest.mark.parametrize(
    "line", ["# TODO: later", "x = open('/root/x')", "raise NotImplementedError"]
)
def test_a_banned_word_is_seen(line):
    assert offences("x.py", line)
