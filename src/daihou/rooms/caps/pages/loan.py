"""One loan against its caps: its rates, its claim, each rule with its version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daihou.engine.caps.values import Charge, ClaimAnswer, Standing
from daihou.engine.caps.words import PHRASES
from daihou.engine.rulebook.decision import Decision, Step, shown
from daihou.engine.rulebook.decision import words as say
from daihou.kit import numbers
from daihou.kit.scope import Scope
from daihou.rooms.caps import queries
from daihou.rooms.caps.pages.listing import language, lender_word
from daihou.rooms.ledger import door as ledger


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a decision and the rule it rests on."""

    text: str
    rule: str
    version: date | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """One decision in words: the answer, the way to it, what would turn it."""

    standing: str
    answer: str
    path: Sequence[Said]
    flips: Sequence[str]


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of charge: all of it, what is above the cap, what may be claimed."""

    word: str
    charged: int
    above: int
    claimable: int


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page; `claim` None where the days of the principal are not ours.

    `asserted`: every cap of its day is known, so that one may say what is claimable.
    """

    loan: ledger.reading.LoanPage
    as_of: date
    lender: str
    rates: Answered
    claim: Answered | None
    parts: Sequence[Part]
    total: Part | None
    asserted: bool
    allowance: int | None
    excess: int
    cut_by_us: int


def page(loan_id: int, *, as_of: date, scope: Scope) -> Page:
    """The page as of a day; NotFound outside the scope."""
    found = queries.weigh(loan_id, as_of=as_of, scope=scope)
    claim = found.claim
    parts = _parts(found, claim) if claim else ()
    return Page(
        loan=found.page,
        as_of=as_of,
        lender=lender_word(found.licence),
        rates=answered(found.price.decision, found.price.standing),
        claim=answered(claim.decision, claim.standing) if claim else None,
        parts=parts,
        total=_total(parts),
        asserted=claim is not None and claim.standing is not Standing.NOT_ASSERTED,
        allowance=claim.allowance if claim else None,
        excess=claim.excess if claim else 0,
        cut_by_us=sum(found.cut_by_us.values()),
    )


def answered(decision: Decision, standing: Standing) -> Answered:
    """A decision of the caps in the reader's language."""
    said = say(decision, language(), PHRASES)
    steps = said[1 : 1 + len(decision.path)]
    return Answered(
        standing=standing.value,
        answer=said[0],
        path=[
            Said(_alone(text, step), step.rule, step.version, step.unverified)
            for text, step in zip(steps, decision.path, strict=True)
        ],
        flips=said[1 + len(decision.path) :],
    )


def _alone(text: str, step: Step) -> str:
    """The sentence alone: the rule stands beside it as a link."""
    for mark in ("〔", " ["):
        head, found, _rest = text.partition(f"{mark}{step.rule}")
        if step.rule and found:
            return head
    return text


def _parts(found: queries.Weighed, claim: ClaimAnswer) -> Sequence[Part]:
    """Each kind of charge; above is what the ledger cuts, or the whole claim, if more.

    The ledger keeps the cap on each day's rate, the claim on all days together.
    """
    chinese = numbers.is_chinese(language())
    texts = PHRASES.of(language())
    parts = []
    for each in Charge:
        charged = found.charged.get(each, 0)
        if not charged:
            continue
        above = min(charged, max(claim.cut.get(each, 0), found.cut_by_us.get(each, 0)))
        word = shown(each.value, texts, chinese=chinese)
        parts.append(Part(word, charged, above, charged - above))
    return parts


def _total(parts: Sequence[Part]) -> Part | None:
    if not parts:
        return None
    return Part(
        word="",
        charged=sum(each.charged for each in parts),
        above=sum(each.above for each in parts),
        claimable=sum(each.claimable for each in parts),
    )
