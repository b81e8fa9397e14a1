"""Run the notebook anew and keep what it prints; its pictures go beside it as files.

python tools/notebook.py            run, keep, and write the pictures
python tools/notebook.py --check    run and say what would be kept otherwise

The notebook holds no picture itself: after each cell that draws stands a cell of text
that shows the file, so the notebook stays small and its changes can be read.
"""

import base64
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "docs" / "notebooks" / "life-of-a-loan.ipynb"
SHOWN = re.compile(r"!\[[^\]]+\]\(([^)]+\.png)\)")
DRAWN = "image/png"


def run(path: Path) -> Any:
    """Execute every cell from an empty kernel; raises with the cell that failed."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with TemporaryDirectory() as folder:
        # No port, so nobody else on this machine can listen.
        manager = AsyncKernelManager(
            kernel_name="python3", transport="ipc", ip=f"{folder}/kernel"
        )
        NotebookClient(
            notebook,
            km=manager,
            timeout=300,
            record_timing=False,
            resources={"metadata": {"path": str(path.parent)}},
        ).execute()
    return notebook


def printed(notebook: Any) -> list[str]:
    """What the cells printed, in order."""
    return [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "stream"
    ]


def take_pictures(notebook: Any) -> list[bytes]:
    """The PNG pictures the cells drew, in order; they are no longer in it then."""
    pictures = []
    for cell in notebook.cells:
        outputs = cell.get("outputs", ())
        drawn = [each for each in outputs if DRAWN in each.get("data", ())]
        pictures += [base64.b64decode(each.data[DRAWN]) for each in drawn]
        if drawn:
            cell.outputs = [each for each in outputs if each not in drawn]
    return pictures


def shown(notebook: Any) -> list[str]:
    """The names of the picture files that its cells of text show, in order."""
    return [
        name
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for name in SHOWN.findall(cell.source)
    ]


def complaints(kept: Any, found: Any) -> list[str]:
    """What a run shows that the notebook kept and the files beside it do not."""
    said = []
    if printed(found) != printed(kept):
        said.append("it prints something else")
    drawn = len(take_pictures(found))
    if [names(number) for number in range(1, drawn + 1)] != shown(kept):
        said.append(f"it draws {drawn} pictures and shows {len(shown(kept))}")
    return said


def names(number: int) -> str:
    """The file of the picture drawn as the first, the second and so on."""
    return f"{NOTEBOOK.stem}-{number}.png"


def main(arguments: list[str]) -> int:
    kept, found = nbformat.read(NOTEBOOK, as_version=4), run(NOTEBOOK)
    if "--check" in arguments:
        said = complaints(kept, found)
        print(f"Stale: {'; '.join(said)}." if said else "As it was.")
        return 1 if said else 0
    for number, picture in enumerate(take_pictures(found), 1):
        NOTEBOOK.with_name(names(number)).write_bytes(picture)
    nbformat.write(found, NOTEBOOK)
    print("".join(printed(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
