"""The notebook runs from an empty kernel, and shows what is kept beside it."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="the extra `notebook` is not installed")
pytest.importorskip("nbclient", reason="the extra `notebook` is not installed")

import nbformat

from tools.notebook import NOTEBOOK, complaints, pictures, printed

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.alone
def test_the_notebook_runs_and_says_what_it_said() -> None:
    done = subprocess.run(  # apart: a kernel's sockets outlive the run
        [sys.executable, "tools/notebook.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_text_or_a_lost_picture_is_seen() -> None:
    kept, other = (nbformat.read(NOTEBOOK, as_version=4) for _ in range(2))
    assert not complaints(kept, other)
    for cell in other.cells:
        cell.outputs = [each for each in cell.get("outputs", ()) if "data" not in each]
    assert complaints(kept, other) == ["it draws another number of pictures"]
    assert any("97 days past due" in text for text in printed(kept))


def test_the_pictures_beside_it_are_those_it_keeps() -> None:
    kept = pictures(nbformat.read(NOTEBOOK, as_version=4))
    assert len(kept) >= 3
    for number, picture in enumerate(kept, 1):
        file = NOTEBOOK.with_name(f"{NOTEBOOK.stem}-{number}.png")
        assert file.read_bytes() == picture, f"stale: {file.name}"
