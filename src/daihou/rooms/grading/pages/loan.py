"""The class of one loan: why, what would change it, its history and its facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daihou.engine.basics.errors import UserError
from daihou.engine.classification import words as engine
from daihou.engine.classification.codes import AssetClass
from daihou.engine.rulebook.decision import Decision, Step
from daihou.engine.rulebook.decision import words as say
from daihou.kit.scope import Scope
from daihou.rooms.approvals import door as approvals
from daihou.rooms.grading import queries, words
from daihou.rooms.grading.queries import ClassLine, FactLine, MoveLine, RunLine
from daihou.rooms.ledger import door as ledger
from daihou.tables.grades import CONTENT, LIFTS, NOT_ENTERED, Fact


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a decision and the rule it rests on."""

    text: str
    rule: str
    version: date | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class Move:
    """One change of class in words."""

    line: MoveLine
    was: str
    becomes: str
    causes: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """One fact in words; `may_end` by hand.

    `elsewhere`: told of the debtor at another loan, where its evidence is.
    """

    line: FactLine
    elsewhere: bool
    word: str
    figures: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page; `line` is None for a loan that has no class."""

    loan: ledger.reading.LoanLine
    run: RunLine | None
    as_of: date | None
    line: ClassLine | None
    causes: Sequence[str]
    answer: str
    inputs: Sequence[tuple[str, str]]
    path: Sequence[Said]
    flips: Sequence[str]
    problem: str
    moves: Sequence[Move]
    facts: Sequence[Told]
    kinds: Sequence[tuple[str, str, bool]]
    classes: Sequence[tuple[str, str]]
    worse: Sequence[tuple[str, str]]
    may_rise_on: date | None
    may_ask: bool
    open: Sequence[approvals.Proposal]


def page(
    loan_id: int,
    *,
    asked: date | None,
    today: date,
    scope: Scope,
    waiting: Sequence[approvals.Proposal],
) -> Page:
    """The page as of a graded day, the last one unless another is asked for."""
    loan = queries.loan_line(loan_id, scope=scope)
    run = queries.shown_run()
    as_of = asked or (run.as_of if run else None)
    line = queries.class_of(loan_id, scope=scope)
    found, problem = None, ""
    if as_of is not None:
        try:
            found = queries.decision(loan_id, as_of=as_of, scope=scope)
        except UserError as error:
            problem = error.say(words.language())
    return Page(
        loan=loan,
        run=run,
        as_of=as_of,
        line=line,
        causes=words.cause_words(line.causes) if line else (),
        answer=_said(found)[0] if found else "",
        inputs=_inputs(found) if found else (),
        path=_path(found) if found else (),
        flips=_said(found)[1 + len(found.path) :] if found else (),
        problem=problem,
        moves=_moves(loan_id),
        facts=[_told(each, loan_id) for each in queries.facts_of(loan_id)],
        kinds=_kinds(),
        classes=_better(line),
        worse=[
            (each.code, words.class_word(each))
            for each in AssetClass
            if each is not AssetClass.NORMAL
        ],
        may_rise_on=line.upgrade_from if line else None,
        may_ask=line is not None and _may_ask(line, today),
        open=waiting,
    )


def _moves(loan_id: int) -> Sequence[Move]:
    return [
        Move(
            each,
            words.class_word(each.was),
            words.class_word(each.becomes),
            words.cause_words(each.causes),
        )
        for each in queries.moves_of(loan_id)
    ]


def _kinds() -> Sequence[tuple[str, str, bool]]:
    """The kinds of facts people tell; whether one is only proposed."""
    return [
        (str(kind), words.fact_word(kind), kind in LIFTS)
        for kind in Fact
        if kind not in NOT_ENTERED
    ]


def _may_ask(line: ClassLine, today: date) -> bool:
    """Whether asking is not refused from the start: paid, and the day has come."""
    if not line.asset_class.is_bad:
        return True
    first = line.upgrade_from
    return not line.arrears and first is not None and first <= today


def _better(line: ClassLine | None) -> Sequence[tuple[str, str]]:
    """The classes that may be asked for: out of 不良 it goes to 关注 first."""
    if line is None:
        return ()
    least = AssetClass.SPECIAL_MENTION if line.asset_class.is_bad else AssetClass.NORMAL
    return [
        (each.code, words.class_word(each))
        for each in AssetClass
        if least <= each < line.asset_class
    ]


def _said(found: Decision) -> list[str]:
    return say(found, words.language(), engine.PHRASES)


def _path(found: Decision) -> Sequence[Said]:
    said = _said(found)[1 : 1 + len(found.path)]
    return [
        Said(_without_rule(text, step), step.rule, step.version, step.unverified)
        for text, step in zip(said, found.path, strict=True)
    ]


def _without_rule(text: str, step: Step) -> str:
    """The sentence alone: the rule stands beside it as a link."""
    if not step.rule:
        return text
    for mark in ("〔", " ["):
        head, found, _rest = text.partition(f"{mark}{step.rule}")
        if found:
            return head
    return text


def _inputs(found: Decision) -> Sequence[tuple[str, str]]:
    return words.inputs(found)


def _told(line: FactLine, loan_id: int) -> Told:
    told = [(name, line.content.get(name)) for name in CONTENT.get(line.kind, {})]
    figures = ", ".join(f"{name} {value}" for name, value in told)
    elsewhere = line.loan_id != loan_id
    may_end = line.ends_on is None and line.kind not in NOT_ENTERED and not elsewhere
    return Told(line, elsewhere, words.fact_word(line.kind), figures, may_end)
