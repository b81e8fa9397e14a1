"""Decisions as JSON and back, exactly: amounts, shares and days keep their kind."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from daihou.engine.basics.money import Money, to_major
from daihou.engine.rulebook.decision import Decision, Flip, Said, Step


def to_json(decision: Decision) -> dict[str, Any]:
    """Return a decision as JSON has it; `from_json` makes an equal one of it."""
    return {
        "question": decision.question,
        "subject": decision.subject,
        "as_of": decision.as_of.isoformat(),
        "answer": _out(decision.answer),
        "inputs": {name: _out(value) for name, value in decision.inputs},
        "path": [_step_out(each) for each in decision.path],
        "flips": [_flip_out(each) for each in decision.flips],
    }


def from_json(content: Mapping[str, Any]) -> Decision:
    """Return the decision that `to_json` wrote."""
    answer = _in(content["answer"])
    assert not isinstance(answer, tuple), answer
    return Decision(
        question=content["question"],
        subject=content["subject"],
        as_of=date.fromisoformat(content["as_of"]),
        answer=answer,
        inputs=tuple((name, _in(value)) for name, value in content["inputs"].items()),
        path=tuple(_step_in(each) for each in content["path"]),
        flips=tuple(_flip_in(each) for each in content["flips"]),
    )


def _step_out(step: Step) -> dict[str, Any]:
    return {
        "rule": step.rule,
        "version": step.version.isoformat() if step.version else None,
        "outcome": step.outcome,
        "params": {name: _out(value) for name, value in step.params.items()},
        "unverified": step.unverified,
    }


def _step_in(row: Mapping[str, Any]) -> Step:
    version = row["version"]
    return Step(
        rule=row["rule"],
        version=date.fromisoformat(version) if version else None,
        outcome=row["outcome"],
        params={name: _in(value) for name, value in row["params"].items()},
        unverified=row["unverified"],
    )


def _flip_out(flip: Flip) -> dict[str, Any]:
    return {
        "input": flip.input,
        "now": _out(flip.now),
        "becomes": _out(flip.becomes),
        "answer": _out(flip.answer),
        "on": flip.on.isoformat() if flip.on else None,
    }


def _flip_in(row: Mapping[str, Any]) -> Flip:
    on, answer = row["on"], _in(row["answer"])
    assert not isinstance(answer, tuple), answer
    return Flip(
        input=row["input"],
        now=_in(row["now"]),
        becomes=_in(row["becomes"]),
        answer=answer,
        on=date.fromisoformat(on) if on else None,
    )


def _out(value: Said) -> Any:
    """Write one value; what JSON has no kind for says its kind itself."""
    if isinstance(value, tuple):
        return [_out(each) for each in value]
    if isinstance(value, Money):
        amount = f"{to_major(value.minor, value.currency):f}"
        return {"amount": amount, "currency": value.currency}
    if isinstance(value, Decimal):
        return {"share": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def _in(value: Any) -> Said:
    if isinstance(value, list):
        return tuple(_in(each) for each in value)  # type: ignore[misc]
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    if "amount" in value:
        return Money.parse(value["amount"], value["currency"])
    if "share" in value:
        return Decimal(value["share"])
    return date.fromisoformat(value["date"])
