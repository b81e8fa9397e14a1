"""Journeys, queues and arms as they are typed: fields of a form into the content.

Fields are named by place: `j0-id`, `j0s1-do`, `j0e0-event`, `q2-code`, `a1-share`. A thing
whose code is emptied is left out. `act` may add a line first: `add-j`, `add-j0`,
`add-e0`, `add-q`, `add-a`.
"""

from collections.abc import Mapping
from typing import Any, Final

from daihou.engine.strategy.interrupts import On, Then
from daihou.rooms.strategy.document import Doc

MOST: Final = 60  # of one kind in one form
STEP: Final = (
    *("do", "code", "days", "working", "dpd", "then", "otherwise", "name", "value"),
)
EVENT: Final = ("event", "do", "days", "aim")
QUEUE: Final = ("skill", "capacity", "capacity_mode", "redistribute_days")


def _get(given: Mapping[str, str], name: str) -> str:
    return " ".join(given.get(name, "").replace("\x00", "").split())


def _filled(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if value not in ("", {}, [])}


def _titles(given: Mapping[str, str], place: str) -> dict[str, str]:
    return {"zh": _get(given, f"{place}-zh"), "en": _get(given, f"{place}-en")}


def parts(content: Doc, given: Mapping[str, str]) -> dict[str, Any]:
    """The content with the journeys, queues and experiment of a posted form."""
    made = {name: content[name] for name in ("id", "title", "table")}
    act = given.get("act", "")
    made["journeys"] = _journeys(given, act)
    queues: list[dict[str, Any]] = [
        {"code": _get(given, f"q{n}-code"), "title": _titles(given, f"q{n}")}
        | _filled({name: _get(given, f"q{n}-{name}") for name in QUEUE})
        for n in range(MOST)
        if _get(given, f"q{n}-code")
    ]
    if act == "add-q":
        code = _free("queue", [each["code"] for each in queues])
        queues.append({"code": code, "title": {"zh": code, "en": code}})
    made["queues"] = queues
    experiment = _experiment(given, act)
    if experiment is not None:
        made["experiment"] = experiment
    return {name: each for name, each in made.items() if each != []}


def _free(stem: str, taken: list[str]) -> str:
    return next(f"{stem}{n}" for n in range(1, 999) if f"{stem}{n}" not in taken)


def _journeys(given: Mapping[str, str], act: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for n in range(MOST):
        name = _get(given, f"j{n}-id")
        if not name:
            continue
        steps = [
            _step(given, f"j{n}s{m}")
            for m in range(MOST)
            if _get(given, f"j{n}s{m}-id")
        ]
        if act == f"add-j{n}":
            taken = [each["id"] for each in steps]
            steps.append({"id": _free("s", taken), "do": "wait", "days": "1"})
        made = {"id": name, "title": _titles(given, f"j{n}"), "steps": steps}
        found.append(made | _interrupts(given, n, act))
    if act == "add-j":
        name = _free("journey", [each["id"] for each in found])
        found.append({"id": name, "title": {"zh": name, "en": name}, "steps": []})
    return found


def _interrupts(given: Mapping[str, str], n: int, act: str) -> dict[str, Any]:
    """What interrupts a journey; an event that is emptied is left out."""
    found: list[dict[str, Any]] = []
    for m in range(len(On)):
        place = f"j{n}e{m}"
        if _get(given, f"{place}-event"):
            plain = {name: _get(given, f"{place}-{name}") for name in EVENT}
            found.append(_filled(plain))
    taken = [each["event"] for each in found]
    free = [each.value for each in On if each.value not in taken]
    if act == f"add-e{n}" and free:
        found.append({"event": free[0], "do": Then.PAUSE.value, "days": "1"})
    return {"interrupts": found} if found else {}


def _step(given: Mapping[str, str], place: str) -> dict[str, Any]:
    asked = (part.partition(":") for part in _get(given, f"{place}-when").split("|"))
    when = {name.strip(): test.strip() for name, colon, test in asked if colon}
    plain: dict[str, Any] = {name: _get(given, f"{place}-{name}") for name in STEP}
    plain["when"] = when
    return {"id": _get(given, f"{place}-id"), **_filled(plain)}


def _experiment(given: Mapping[str, str], act: str) -> dict[str, Any] | None:
    name = _get(given, "x-id")
    if not name and act == "add-a":
        return _new_experiment()
    if not name:
        return None
    arms: list[dict[str, Any]] = []
    for n in range(8):
        code = _get(given, f"a{n}-code")
        if not code:
            continue
        plain = {
            "share": _get(given, f"a{n}-share") or "0",
            "hold_out": _get(given, f"a{n}-hold_out"),
            "changes": _changes(given.get(f"a{n}-changes", "")),
        }
        arms.append({"code": code, "title": _titles(given, f"a{n}"), **_filled(plain)})
    if act == "add-a":
        code = _free("arm", [each["code"] for each in arms])
        arms.append({"code": code, "title": {"zh": code, "en": code}, "share": "0"})
    taking = [each.strip() for each in _get(given, "x-rows").split(",")]
    made = {
        "id": name,
        "title": _titles(given, "x"),
        "salt": _get(given, "x-salt") or name,
        "arms": arms,
    }
    rows = [each for each in taking if each]
    return {**made, "rows": rows} if rows else made


def _new_experiment() -> dict[str, Any]:
    """Half and half: as it is, and a hold-out to be changed into something."""
    return {
        "id": "experiment1",
        "title": {"zh": "新试验", "en": "New experiment"},
        "salt": "experiment1",
        "arms": [
            {
                "code": "champion",
                "title": {"zh": "冠军", "en": "Champion"},
                "share": "900",
            },
            {
                "code": "holdout",
                "title": {"zh": "留白组", "en": "Hold-out"},
                "share": "100",
                "hold_out": "yes",
            },
        ],
    }


def _changes(text: str) -> dict[str, dict[str, str]]:
    """`row.output: value`, one a line."""
    found: dict[str, dict[str, str]] = {}
    for line in text.replace("：", ":").splitlines()[:200]:
        place, colon, value = line.partition(":")
        row, dot, output = place.strip().rpartition(".")
        if colon and dot:
            found.setdefault(row, {})[output.strip()] = value.strip()
    return found


def changes_text(arm: Doc) -> str:
    """The same written again."""
    return "\n".join(
        f"{row}.{output}: {value}"
        for row, answers in arm.get("changes", {}).items()
        for output, value in answers.items()
    )
