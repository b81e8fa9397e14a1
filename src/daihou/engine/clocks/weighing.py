"""Whether an event interrupts limitation, and by which proof.

Sources: 民法典 195 (CN-LIM-02), 诉讼时效规定 8, 11, 14, 17, 19 (CN-LIM-03, CN-LIM-04).
What is not proved in one of the listed ways does not count: the claim is then taken
to end earlier, which is the safe side for whoever has to act.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from daihou.engine.clocks.rules import (
    EVIDENCE,
    FINANCIAL,
    INTERRUPTION,
    LIKE_A_SUIT,
    ClockRules,
)
from daihou.engine.clocks.values import Happened
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.decision import Said, Step

DEMAND = "demand"
SUIT = "suit_or_arbitration"
OBSTACLE = "obstacle"
_DELIVERED = "document_delivered"
_ARRIVED = "message_arrived"
_DEBIT = "direct_debit"
_PRESS = "media_notice_if_missing"


@dataclass(frozen=True, slots=True)
class Weighed:
    """Whether an event counts, its ground, why, and the step that says so."""

    ground: str
    why: str
    step: Step
    counts: bool

    def said(self, params: Mapping[str, Said]) -> Step:
        """Return the step with what became of the clock."""
        return replace(
            self.step, outcome=self.why, params={**self.step.params, **params}
        )


def weigh(event: Happened, rules: ClockRules) -> Weighed:
    """Return what an event is to a limitation, whatever the day it happened on."""
    proof, like = rules.get(EVIDENCE), rules.get(LIKE_A_SUIT)
    if event.kind == DEMAND:
        why = _why_demand(event, proof, rules)
        step = _step(proof, "evidence")
        return Weighed("demand", why, step, counts=why == "demand_proved")
    if event.kind == SUIT:
        step = _step(rules.get(INTERRUPTION), "interrupted_by", "waits_for_procedure")
        return Weighed("suit", _suit(event), step, counts=True)
    for name, ground in (
        ("acknowledged_by", "acknowledgement"),
        ("equals_suit", "suit"),
        ("reaching_notice", "notice"),
        ("waives_after_expiry", "waiver"),
    ):
        if like is not None and event.kind in like.names(name):
            why, counts = _why_like(event, ground)
            return Weighed(ground, why, _step(like, name), counts=counts)
    return Weighed("none", "not_listed", Step("", None, "not_listed"), counts=False)


def _step(article: Article | None, *names: str) -> Step:
    if article is None:
        return Step("", None, "")
    return replace(article.step("", *names), params={})


def _suit(event: Happened) -> str:
    return "suit_pending" if event.until is None else "suit_ended"


def _why_like(event: Happened, ground: str) -> tuple[str, bool]:
    if ground == "suit":
        return _suit(event), True
    if ground == "notice":
        return ("notice_arrived", True) if event.arrived else ("not_arrived", False)
    return ("acknowledged", True) if ground == "acknowledgement" else ("waived", True)


def _why_demand(event: Happened, proof: Article | None, rules: ClockRules) -> str:
    """Return `demand_proved`, or what the proof of a demand lacks."""
    if proof is None or event.evidence not in proof.names("evidence"):
        return "evidence_not_listed"
    if event.evidence == _DELIVERED:
        signed = event.signed_by in proof.names("signed_by")
        return "demand_proved" if signed or event.arrived else "not_signed"
    if event.evidence == _ARRIVED:
        return "demand_proved" if event.arrived else "not_arrived"
    if event.evidence == _DEBIT:
        return "demand_proved" if rules.licence in FINANCIAL else "not_financial"
    if event.evidence == _PRESS:
        return "demand_proved" if event.debtor_missing else "debtor_not_missing"
    return "demand_proved"  # a lender's own law book may list more
