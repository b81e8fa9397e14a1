"""The pages printed from a run: the score with its survivors, the laws that can fail."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ENGINE = Path(__file__).resolve().parents[2] / "src" / "daihou" / "engine"
Result = Mapping[str, Any]

_MUTANTS = """\
# Mutants 变异测试

Made by `make mutants`. Every comparison of `src/daihou/engine` is flipped, one at a
time: `<` with `<=`, `>` with `>=`, `==` with `!=`, `in` with `not in`, `is` with
`is not`. Assertions are left out: they guard us from ourselves. Then the tests of the
engine, the golden cases on both texts and the law of parity judge it, and the published
cases of `make conformance` where the file is there (a case notices when it comes out
differently from the engine as it is). A flip nobody notices survives: a test is missing
there, or the flip changes nothing that can be seen.
A flip that runs without end counts as noticed: five seconds of processor time and ten
times what the test takes otherwise are its limit.
Hypothesis draws the same 30 examples a test each time, so the figure can be printed
again.
"""


def _alive(result: Result) -> list[dict[str, Any]]:
    return [
        each
        for each in result["flips"]
        if not each["by"] and each["name"] not in result["why"]
    ]


def _counts(flips: Sequence[Mapping[str, Any]], why: Mapping[str, str]) -> list[int]:
    """Return flips that can matter, noticed ones, and by a published case only."""
    matter = [each for each in flips if each["by"] or each["name"] not in why]
    noticed = [each["by"] for each in matter if each["by"]]
    return [len(matter), len(noticed), sum("cases: " in name for name in noticed)]


def summary(result: Result) -> dict[str, Any]:
    """Return the line that is printed last."""
    matter, noticed, by_case = _counts(result["flips"], result["why"])
    return {
        "flips": len(result["flips"]),
        "equivalent": len(result["flips"]) - matter,
        "noticed": noticed,
        "first_by_a_published_case": by_case,
        "never_ended": sum(each["endless"] for each in result["flips"]),
        "survived": matter - noticed,
        "score": round(noticed / matter, 4) if matter else 1.0,
    }


def survivors(result: Result) -> Iterator[str]:
    """Yield a line for each flip nobody noticed."""
    for each in _alive(result):
        where = f"{each['path']}:{each['line']} {each['function']}"
        unseen = "" if each["reached"] else "  (no test would see a difference)"
        yield f"{where}: {each['text']} -> {each['flipped']}{unseen}"


def mutants(result: Result) -> str:
    """Return the page of the score."""
    said = summary(result)
    share = f"{100 * said['score']:.1f} %"
    counted = f"{said['noticed']} of {said['noticed'] + said['survived']}"
    lines = [_MUTANTS, f"**{counted} noticed: {share}.**"]
    lines.append(f"{said['equivalent']} more change nothing; they are listed last.")
    if result["cases"]:
        first = said["first_by_a_published_case"]
        lines.append(f"{first} of them were noticed by a published case first.")
    if said["never_ended"]:
        lines.append(f"{said['never_ended']} never came to an end.")
    lines += ["", "| where | flips | noticed | |", "|---|---:|---:|---:|"]
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in result["flips"]:
        groups.setdefault(each["path"].rsplit("/", 1)[0], []).append(each)
    for name, flips in sorted(groups.items()):
        matter, noticed, _ = _counts(flips, result["why"])
        if matter:
            part = f"{100 * noticed / matter:.0f} %"
            lines.append(f"| `{name}` | {matter} | {noticed} | {part} |")
    lines += ["", "## Survivors", "", "| where | written | flipped |", "|---|---|---|"]
    lines += [
        f"| `{each['path']}` `{each['function']}` | {_code(each['text'])} "
        f"| {_code(each['flipped'])} |"
        for each in _alive(result)
    ]
    lines += ["", "## Flips that change nothing", "", "| flip | why |", "|---|---|"]
    noticed = {each["name"] for each in result["flips"] if each["by"]}
    lines += [
        f"| {_code(name)} | {why} |"
        for name, why in sorted(result["why"].items())
        if name not in noticed
    ]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


_LAWS = """\
# The laws 定律

What is true of every loan under every policy, after every event and every day; drawn
by Hypothesis from small alphabets (amounts of 0 to 3, ten days around a leap day), so
that ties and month ends are common. `make test` tries each with 100 examples, `make
deep` with 10,000; the town lives twenty times two years under them as well.

Each test below was seen to fail: one comparison of the engine was flipped, and this
test alone noticed. To see it yourself, make the flip and run the test, or run `make
mutants LAWS=1`, which prints this page.
"""

TITLES = {
    "1": "No cent is made or lost: payments = allocations + credit held - refunds",
    "2": "The schedule's principal is what was lent; nothing is owed below zero",
    "3": "Paying more, or earlier, never makes a loan later",
    "4": "An untouched late loan ages one day a day",
    "5": "In one go or event by event, in any order of arrival: the same",
    "6": "The cost claimed never exceeds the cap in force",
    "7": "The fast text equals the plain one, to the cent and the day",
}


def laws(shown: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page of the laws, each test with flips it notices."""
    lines = [_LAWS]
    for number, title in TITLES.items():
        lines += ["", f"## {number}. {title}", ""]
        lines += ["| test | notices, for one | flips tried | noticed |"]
        lines += ["|---|---|---:|---:|"]
        for name, noticed in sorted(shown.items()):
            path, test = name.split("::", 1)
            if test.startswith(f"test_law_{number}_"):
                lines.append(_law_row(path, test, noticed))
    return "\n".join(lines) + "\n"


def _law_row(path: str, test: str, told: Mapping[str, Any]) -> str:
    """Return the row of one test, with a boundary it guards if there is one."""
    flips: Sequence[Mapping[str, Any]] = told["noticed"]
    orders = [each for each in flips if " < " in each["flipped"] + each["text"]]
    best = [*orders, *flips][:1]
    for each in best:
        flip = f"{_code(each['text'])} made {_code(each['flipped'])}"
        said = f"`{each['path']}` `{each['function']}`: {flip}"
        return f"| `{test}` | {said} | {told['tried']} | {len(flips)} |"
    return f"| `{test}` of `{path}` | **nothing** | {told['tried']} | 0 |"
