"""Run the notebook anew and keep what it shows; its pictures go beside it.

python tools/notebook.py
"""

import base64
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "docs" / "notebooks" / "life-of-a-loan.ipynb"


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


def pictures(notebook: Any) -> list[bytes]:
    """The PNG pictures the cells drew, in order."""
    return [
        base64.b64decode(output.data["image/png"])
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "display_data" and "image/png" in output.data
    ]


def complaints(kept: Any, found: Any) -> list[str]:
    """What a run shows that the notebook kept does not."""
    said = []
    if printed(found) != printed(kept):
        said.append("it prints something else")
    if len(pictures(found)) != len(pictures(kept)):
        said.append("it draws another number of pictures")
    return said


def main(arguments: list[str]) -> int:
    kept, found = nbformat.read(NOTEBOOK, as_version=4), run(NOTEBOOK)
    if "--check" in arguments:
        said = complaints(kept, found)
        print(f"Stale: {'; '.join(said)}." if said else "As it was.")
        return 1 if said else 0
    nbformat.write(found, NOTEBOOK)
    for number, picture in enumerate(pictures(found), 1):
        NOTEBOOK.with_name(f"{NOTEBOOK.stem}-{number}.png").write_bytes(picture)
    print("".join(printed(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
