"""Which provision table and which ratios hold for a lender on a day."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from daihou.engine.classification.codes import BY_CODE, AssetClass
from daihou.engine.provision.errors import ProvisionError
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.law import Lawbook

# The tables by name, and the rule each stands in.
TABLES: Mapping[str, str] = MappingProxyType(
    {"CN_MOF2012": "CN-PRV-02", "CN_PBC2002": "CN-PRV-03", "CN_MICRO": "CN-PRV-04"}
)
RATIOS = "CN-PRV-01"
_ONE = Decimal(1)


def usual_table(known: Collection[str]) -> str:
    """The table a lender looks at first: its kind's own where there is one."""
    assert known, "a lender that provides has a table"
    named = [each for each in TABLES if each in known]
    return "CN_MICRO" if "CN_MICRO" in named else named[0]


@dataclass(frozen=True, slots=True)
class ProvisionRules:
    """The shares of a table by class, and the two ratios where they bind.

    `shares` are those that hold; `least` and `most` what the table allows to choose
    from. `ratios` is None for licences the ratios do not speak to.
    Sources: 财金〔2012〕20号, 贷款损失准备计提指引 (2002), 贷款损失准备管理办法 art. 7.
    """

    table: str
    article: Article
    shares: Mapping[AssetClass, Decimal]
    least: Mapping[AssetClass, Decimal]
    most: Mapping[AssetClass, Decimal]
    ratios: Article | None

    @classmethod
    def of(
        cls,
        law: Lawbook,
        licence: str,
        on: date,
        *,
        table: str = "CN_MOF2012",
        chosen: Mapping[AssetClass, Decimal] = MappingProxyType({}),
    ) -> "ProvisionRules":
        """Return the rules of a licence on a day; ProvisionError if none is such.

        `chosen` are the lender's own shares: within what the table allows, and never
        lower for a worse class.
        """
        if table not in TABLES:
            raise ProvisionError("table", table=table, known=", ".join(TABLES))
        rule = TABLES[table]
        article = Article.of(law, rule, on, licence=licence)
        if article is None:
            said = {"table": table, "rule": rule, "licence": licence, "on": on}
            raise ProvisionError("not_for", **said)
        usual, least, most = _bounds(article)
        shares = {each: chosen.get(each, usual[each]) for each in AssetClass}
        for each in AssetClass:
            if not least[each] <= shares[each] <= most[each]:
                raise ProvisionError(
                    "share",
                    asset_class=each.code,
                    share=shares[each],
                    least=least[each],
                    most=most[each],
                    rule=rule,
                )
        _check_order(shares)
        return cls(
            table=table,
            article=article,
            shares=MappingProxyType(shares),
            least=MappingProxyType(least),
            most=MappingProxyType(most),
            ratios=Article.of(law, RATIOS, on, licence=licence),
        )


Shares = dict[AssetClass, Decimal]


def _bounds(article: Article) -> tuple[Shares, Shares, Shares]:
    """Return what a table says, and the least and most that it lets one choose."""
    usual = {
        BY_CODE[row]: share for row, share in article.table("coefficients").items()
    }
    assert usual.keys() == set(AssetClass), article.rule
    least, most = dict(usual), dict.fromkeys(AssetClass, _ONE)
    if article.has("coefficients_most"):
        rows = article.table("coefficients_most")
        most = {BY_CODE[row]: share for row, share in rows.items()}
    if article.has("float_share"):
        swing = article.share("float_share")
        most = dict(usual)
        for row in article.names("floating"):
            each = BY_CODE[row]
            least[each] = usual[each] * (_ONE - swing)
            most[each] = usual[each] * (_ONE + swing)
    return usual, least, most


def _check_order(shares: Mapping[AssetClass, Decimal]) -> None:
    ordered = list(AssetClass)
    for better, worse in pairwise(ordered):
        if shares[worse] < shares[better]:
            raise ProvisionError("order", worse=worse.code, better=better.code)
