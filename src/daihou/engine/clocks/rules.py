"""The rules that set clocks, as they hold for a lender on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.law import Lawbook

LIMITATION = "CN-LIM-01"
INTERRUPTION = "CN-LIM-02"
EVIDENCE = "CN-LIM-03"
LIKE_A_SUIT = "CN-LIM-04"
GUARANTEE = "CN-GUA-01"
SAVED_BY = "CN-GUA-02"
MORTGAGE = "CN-GUA-04"
COURT = "CN-LIT-01"
COMPLAINT = "CN-CMP-01"
LADDERS = "CN-POL-20"
_ALL = (
    *(LIMITATION, INTERRUPTION, EVIDENCE, LIKE_A_SUIT, GUARANTEE, SAVED_BY, MORTGAGE),
    *(COURT, COMPLAINT, LADDERS, "CN-CRD-02", "CN-CRD-03", "CN-WO-07", "CN-COLL-01"),
    *("CN-COL-16", "CN-NPLT-01", "CN-CLS-14"),
)
# Contractual debits of these are demands (诉讼时效规定 art. 8(3): 金融机构).
FINANCIAL = frozenset({"bank", "consumer_finance"})


@dataclass(frozen=True, slots=True)
class ClockRules:
    """The articles in force for a licence on a day, by rule id."""

    licence: str
    on: date
    articles: Mapping[str, Article]
    classification: ClassificationRules

    @classmethod
    def of(cls, law: Lawbook, licence: str, on: date) -> "ClockRules":
        """Return the Chinese rules of a licence on a day, under the lender's policy."""
        found = {
            rule: article
            for rule in _ALL
            if (article := Article.of(law, rule, on, licence=licence)) is not None
        }
        return cls(
            licence=licence,
            on=on,
            articles=MappingProxyType(found),
            classification=ClassificationRules.of(law, licence, on),
        )

    def get(self, rule: str) -> Article | None:
        """Return an article; None where it does not hold."""
        return self.articles.get(rule)

    def ladder(self, kind: str) -> tuple[int, ...]:
        """Return the days before the end on which to raise an alarm, longest first."""
        article = self.articles.get(LADDERS)
        if article is None or not article.has(kind):
            return ()
        return tuple(sorted(article.counts(kind), reverse=True))
