"""What the pages tell a person to type exists, and their links lead somewhere."""

import re
import shlex
from pathlib import Path

import click
import pytest

from daihou.config.cli import daihou

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
BLOCK = re.compile(r"^```(?:sh|console|bash)\n(.*?)^```", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands(text: str) -> list[list[str]]:
    """The words of every line in a shell block, and of every inline command."""
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    lines += [said for said in INLINE.findall(text) if " " in said]
    found = []
    for line in lines:
        try:
            words = shlex.split(line.removeprefix("$ "), comments=True)
        except ValueError:
            continue
        while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
            words = words[1:]
        found.append(words)
    return found


def complaint(words: list[str]) -> str | None:
    """What is wrong with a command of ours; None when it would be understood."""
    if words[:1] == ["make"] and len(words) > 1:
        targets = [w for w in words[1:] if not re.match(r"[A-Z_]+=|-", w)]
        known = set(
            re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        )
        unknown = [t for t in targets if t not in known]
        return f"make has no target {unknown}" if unknown else None
    if words and words[0] in {"daihou", ".venv/bin/daihou"} and len(words) > 1:
        return _complaint_of_ours(words[1:])
    return None


def _complaint_of_ours(words: list[str]) -> str | None:
    name = words[0]
    if name.startswith("-"):
        return None
    command = daihou.get_command(click.Context(daihou), name)
    if command is None:
        return f"there is no `daihou {name}`"
    if isinstance(command, click.Group) and words[1:]:
        name = f"{name} {words[1]}"
        command = command.get_command(click.Context(command), words[1])
        if command is None:
            return f"there is no `daihou {name}`"
    if name == "manage":  # hands its options on to Django
        return None
    known = {"--help", "-h"}
    for parameter in command.params:
        known |= {*parameter.opts, *parameter.secondary_opts}
    asked = {
        w.split("=")[0].strip("[]") for w in words[1:] if w.startswith(("--", "[--"))
    }
    return f"`daihou {name}` has no {sorted(asked - known)}" if asked - known else None


def test_every_command_in_the_pages_is_understood():
    said = [
        f"{named(page)}: {wrong}: {' '.join(words)}"
        for page in PAGES
        for words in commands(page.read_text("utf-8"))
        if (wrong := complaint(words))
    ]
    assert not said, "\n".join(said)


def test_every_link_leads_somewhere():
    dead = [
        f"{named(page)}: {link}"
        for page in PAGES
        for link in LINK.findall(page.read_text("utf-8"))
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert not dead, "\n".join(dead)


@pytest.mark.parametrize(
    "line", ["make tea", "daihou conjure", ".venv/bin/daihou serve --prot 8000"]
)
def test_a_wrong_command_is_seen(line):
    (words,) = commands(f"```sh\n{line}\n```")
    assert complaint(words)


def test_a_right_command_passes():
    page = "```sh\nPORT=9 make demo  # why\n.venv/bin/daihou serve --port 9000\n```"
    assert [complaint(words) for words in commands(page)] == [None, None]
