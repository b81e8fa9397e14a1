"""Print the generated pages of docs/reference from what they describe.

python tools/docs.py            write them
python tools/docs.py --check    complain of pages that are stale
"""

import importlib
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.contract import contract_page
from tools.metrics_page import metrics_page
from tools.worked.pages import algorithm_pages

PAGES = ROOT / "docs" / "reference"
FEATURES = ROOT / "tests" / "features.yaml"
MARK = "<!-- Made by `make docs`; do not edit. -->\n"


def features_page() -> str:
    """How far each feature is, from tests/features.yaml."""
    areas: list[dict[str, Any]] = yaml.safe_load(FEATURES.read_text("utf-8"))
    counted = Counter(row["state"] for area in areas for row in area["features"])
    lines = [
        MARK,
        "# Features 功能",
        "",
        "What works today, and the test that shows it.",
    ]
    lines += ["", "| state | features |", "|---|---|"]
    lines += [f"| {s} | {counted[s]} |" for s in ("works", "partly", "not yet")]
    for area in areas:
        lines += ["", f"## {area['area']}. {area['title']}", ""]
        lines += [
            "| | feature | tier | state | where | test |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_feature_row(row) for row in area["features"]]
    return "\n".join(lines) + "\n"


def _feature_row(row: dict[str, Any]) -> str:
    state = f"**{row['state']}**" if row["state"] == "works" else row["state"]
    if row.get("missing"):
        state += f": missing {row['missing']}"
    where, test = (f"`{row[k]}`" if row.get(k) else "" for k in ("where", "test"))
    name = row["name"].replace("|", "\\|")
    return f"| {row['id']} | {name} | {row['tier']} | {state} | {where} | {test} |"


def states_page() -> str:
    """The states of every room that has some, with the moves between them."""
    lines = [MARK, "# States 状态", "", "From each room's `states.py`."]
    for path in sorted((ROOT / "src/daihou/rooms").glob("*/states.py")):
        room = path.parent.name
        module = importlib.import_module(f"daihou.rooms.{room}.states")
        for name, moves in sorted(getattr(module, "DIAGRAMS", {}).items()):
            lines += ["", f"## {room}: {name}", "", "```mermaid", "stateDiagram-v2"]
            lines += [f"    {start} --> {end}" for start, end in sorted(moves)]
            lines += ["```"]
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """The command line's own help."""
    import click

    from daihou.config.cli import daihou
    from daihou.kit import speech

    speech.speak("en")
    context = click.Context(daihou, info_name="daihou", terminal_width=88)
    lines = [MARK, "# Commands 命令", "", "```", daihou.get_help(context), "```"]
    for name in daihou.list_commands(context):
        command = daihou.get_command(context, name)
        assert command is not None, name
        inner = click.Context(
            command, info_name=name, parent=context, terminal_width=88
        )
        lines += ["", f"## daihou {name}", "", "```", command.get_help(inner), "```"]
    return "\n".join(lines) + "\n"


GENERATED: dict[str, Callable[[], str]] = {
    "features.md": features_page,
    "states.md": states_page,
    "commands.md": commands_page,
    "data-contract.md": contract_page,
    "metrics.md": lambda: metrics_page(MARK),
    **algorithm_pages(),
}


def main(arguments: list[str]) -> int:
    stale = []
    for name, make in GENERATED.items():
        path, text = PAGES / name, make()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        if "--check" in arguments:
            stale.append(str(path.relative_to(ROOT)))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    if stale:
        print(f"Stale: {', '.join(stale)}. Run `make docs`.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
