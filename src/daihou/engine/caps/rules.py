"""Which caps hold for a loan: by the licence of who lent it and the day it was lent."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from daihou.engine.caps.lpr import LprTable, Quote
from daihou.engine.caps.values import ASSIGNEE, Lending
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.decision import Step
from daihou.engine.rulebook.law import Lawbook

PENALTY = "CN-INT-01"
SCOPE = "CN-INT-04"
NO_INTEREST_IN_ADVANCE = "CN-INT-08"
ASSIGNMENT = "CN-ASG-01"
GUIDANCE = "CN-INT-07"
FACILITATED = "CN-INT-06"
CEILINGS = ("CN-INT-02", "CN-INT-03", "CN-INT-05", FACILITATED)
PRIVATE = "private_lending"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """One cap on the yearly cost; `rate` is None where its LPR is not known."""

    article: Article
    value: str
    rate: Decimal | None
    quote: Quote | None = None

    @property
    def is_doubted(self) -> bool:
        """Tell whether it may not be stated as law: the rule, or its LPR."""
        of_lpr = self.value == "times_lpr"
        no_quote = of_lpr and (self.quote is None or self.quote.unverified)
        return no_quote or self.article.is_doubted(self.value)

    def step(self) -> Step:
        """Return the step of a decision that names this cap."""
        if self.value != "times_lpr":
            return self.article.step("ceiling", self.value, rate=self.rate)
        times = f"{self.article.share(self.value).normalize():f}"
        found = self.quote
        if found is None or found.rate is None:
            step = self.article.step("ceiling_unknown", times=times)
            return replace(step, unverified=True)
        step = self.article.step(
            "ceiling_lpr",
            times=times,
            lpr=found.rate,
            published_on=found.begins_on,
            rate=self.rate,
        )
        return replace(step, unverified=self.is_doubted)


@dataclass(frozen=True, slots=True)
class CapRules:
    """The rules on cost that speak to one loan, as they stood when it was lent.

    Sources: 银发〔2003〕251号 (penalty), 法发〔2017〕22号 (all-in), the rules on
    private lending (four times LPR at the contract's day), 小额贷款综合融资成本,
    助贷; who the private-lending rules leave out; no interest in advance (民法典 670).
    """

    lending: Lending
    ceilings: tuple[Ceiling, ...]
    warnings: tuple[Ceiling, ...]
    penalty: Article | None
    scope: Article | None
    in_advance: Article | None
    defences: Article | None

    @classmethod
    def of(cls, law: Lawbook, lending: Lending, lpr: LprTable) -> "CapRules":
        """Return the rules for a loan; empty where the lender's licence is unknown."""
        licence, on = lending.lender, lending.originated_on
        assigned = lending.licence == ASSIGNEE
        if licence is None or licence == ASSIGNEE:
            empty = Article.of(law, ASSIGNMENT, on)
            return cls(lending, (), (), None, None, None, empty)

        def article(rule: str) -> Article | None:
            return Article.of(law, rule, on, licence=licence)

        ids = [each for each in CEILINGS if each != FACILITATED or lending.facilitated]
        found = [each for each in map(article, ids) if each is not None]
        guidance = article(GUIDANCE)
        return cls(
            lending=lending,
            ceilings=tuple(cap for each in found for cap in _ceilings(each, lpr, on)),
            warnings=(
                (Ceiling(guidance, "rate_most", guidance.share("rate_most")),)
                if guidance is not None
                else ()
            ),
            penalty=article(PENALTY),
            scope=article(SCOPE),
            in_advance=article(NO_INTEREST_IN_ADVANCE),
            defences=Article.of(law, ASSIGNMENT, on) if assigned else None,
        )

    @property
    def cap(self) -> Decimal | None:
        """The lowest cap that is known, as a share a year."""
        known = [each.rate for each in self.ceilings if each.rate is not None]
        return min(known, default=None)

    @property
    def is_complete(self) -> bool:
        """Tell whether a cap holds and each one's number is known."""
        return bool(self.ceilings) and all(
            each.rate is not None for each in self.ceilings
        )

    def steps(self) -> Iterator[Step]:
        """Yield the way to the cap: whose rules hold, and each cap."""
        lending = self.lending
        if lending.licence == ASSIGNEE:
            code = "originator" if lending.lender else "originator_unknown"
            if self.defences is not None:
                yield self.defences.step(code, lender=lending.originator)
            else:
                yield Step("", None, code, {"lender": lending.originator})
        if self.scope is not None and lending.lender != PRIVATE:
            yield self.scope.step("private_rules_left_out", lender=lending.lender)
        yield from (each.step() for each in self.ceilings)
        if not self.ceilings:
            yield Step("", None, "no_ceiling", {"on": lending.originated_on})
        elif self.cap is not None:
            yield Step("", None, "lowest", {"cap": self.cap})


def _ceilings(article: Article, lpr: LprTable, on: date) -> Iterator[Ceiling]:
    if article.has("all_in_most"):
        yield Ceiling(article, "all_in_most", article.share("all_in_most"))
    if article.has("times_lpr"):
        quote = lpr.on(on)
        rate = None
        if quote is not None and quote.rate is not None:
            rate = article.share("times_lpr") * quote.rate
        yield Ceiling(article, "times_lpr", rate, quote)
