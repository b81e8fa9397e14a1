"""The notebook runs from an empty kernel, and shows what is kept beside it."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("matplotlib", reason="the extra `notebook` is not installed")
pytest.importorskip("nbclient", reason="the extra `notebook` is not installed")

import nbformat

from tools.notebook import NOTEBOOK, complaints, names, printed, shown, take_pictures

ROOT = Path(__file__).resolve().parents[2]
PNG = b"\x89PNG\r\n\x1a\n"
LARGEST = 60_000  # bytes of a notebook that holds words and numbers alone


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
    assert any("97 days past due" in text for text in printed(kept))
    assert complaints(kept, other) == ["it draws 0 pictures and shows 3"]
    picture = base64.b64encode(PNG).decode()
    drawing = nbformat.v4.new_output("display_data", {"image/png": picture})
    for cell, following in zip(other.cells, other.cells[1:], strict=False):
        if "life-of-a-loan-" in following.source:
            cell.outputs.append(drawing)
    assert not complaints(kept, other)
    for cell in other.cells:
        cell.outputs = []
    assert "it prints something else" in complaints(kept, other)


def test_its_pictures_are_files_beside_it_and_nothing_else_is() -> None:
    kept = nbformat.read(NOTEBOOK, as_version=4)
    files = shown(kept)
    assert files == [names(number) for number in range(1, len(files) + 1)]
    assert len(files) >= 3
    assert sorted(path.name for path in NOTEBOOK.parent.glob("*.png")) == files
    for name in files:
        assert NOTEBOOK.with_name(name).read_bytes().startswith(PNG), name


def test_the_notebook_itself_holds_no_picture() -> None:
    kept = nbformat.read(NOTEBOOK, as_version=4)
    assert take_pictures(kept) == []
    assert NOTEBOOK.stat().st_size < LARGEST


def test_a_picture_is_taken_out_whole() -> None:
    book = nbformat.v4.new_notebook()
    cell = nbformat.v4.new_code_cell("draw()")
    told = nbformat.v4.new_output("stream", text="said\n")
    picture = base64.b64encode(PNG).decode()
    cell.outputs = [
        nbformat.v4.new_output("display_data", {"image/png": picture}),
        told,
    ]
    book.cells = [cell]
    assert take_pictures(book) == [PNG]
    assert cell.outputs == [told] and printed(book) == ["said\n"]
