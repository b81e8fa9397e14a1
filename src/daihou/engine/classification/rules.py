"""The rules of classification of one licence on one day, taken from the law book."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from daihou.engine.classification.codes import BY_CODE, AssetClass, Cause, Guarantee
from daihou.engine.classification.errors import ClassError
from daihou.engine.rulebook.cited import Cited, cited, in_force
from daihou.engine.rulebook.law import InForce, Lawbook

# What a rule may name as bringing a class about; each is a cause of its own.
SIGNS = (
    *("use_changed", "refinanced", "bad_elsewhere", "bad_here", "credit_impaired"),
    *("downgraded", "evasion", "bankruptcy_liquidation"),
)
Row = tuple[int, AssetClass]  # from this many days past due on
_FLOORS = (
    ("CN-CLS-03", AssetClass.SPECIAL_MENTION),
    ("CN-CLS-04", AssetClass.SUBSTANDARD),
    ("CN-CLS-05", AssetClass.DOUBTFUL),
    ("CN-CLS-06", AssetClass.LOSS),
    ("CN-CLS-17", AssetClass.SPECIAL_MENTION),
    ("CN-CLS-19", AssetClass.SUBSTANDARD),
)
_DAYS = re.compile(r"^([0-9]+)(?:-[0-9]+|\+)?$")


@dataclass(frozen=True, slots=True)
class Observing:
    """How long a restructured loan is observed, and no better than what meanwhile."""

    months: Cited[int]
    periods: Cited[int] | None
    floor: Cited[AssetClass]
    second_floor: Cited[AssetClass] | None
    overdue_floor: Cited[AssetClass] | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """What must be so before a class may leave 不良 (办法 art. 14, 15)."""

    periods: Cited[int]
    months: Cited[int]
    longer: Cited[bool]
    takeover_months: Cited[int] | None


@dataclass(frozen=True, slots=True)
class ClassificationRules:
    """Every number that classification uses, with where it comes from.

    `late`: a class from more than so many days past due. `signs`: a class for a
    fact. `loss_shares`: a class once impaired and expected to lose that share.
    `matrix`: days to classes by kind of security, for all loans or, without
    `matrix_for_all`, only for small-business loans. `whole_every`: the whole book
    is looked at after so many months (办法 art. 30). None: no rule of this licence
    says so on this day.
    """

    licence: str
    on: date
    late: tuple[tuple[AssetClass, Cited[int]], ...] = ()
    technical: Cited[int] | None = None
    signs: tuple[tuple[AssetClass, Cause, Cited[str]], ...] = ()
    loss_shares: tuple[tuple[AssetClass, Cited[Decimal]], ...] = ()
    matrix: tuple[tuple[Guarantee, Cited[tuple[Row, ...]]], ...] = ()
    matrix_for_all: bool = False
    own_share: Cited[Decimal] | None = None
    market_share: Cited[Decimal] | None = None
    retail_contagion: Cited[bool] | None = None
    observing: Observing | None = None
    leaving: Leaving | None = None
    stage_2_over: Cited[int] | None = None
    default_over: Cited[int] | None = None
    whole_every: Cited[int] | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether no rule classifies loans of this licence on this day."""
        return not (self.late or self.matrix)

    @property
    def for_retail(self) -> bool:
        """Tell whether contagion reaches retail loans too."""
        return self.retail_contagion is not None and self.retail_contagion.value

    @classmethod
    def of(cls, law: Lawbook, licence: str, on: date) -> "ClassificationRules":
        """Return the Chinese rules of a licence on a day, under the lender's policy."""
        held = {
            rule: in_force(law, rule, licence=licence, on=on)
            for rule in law.rules
            if rule.startswith(("CN-CLS-", "CN-ACC-"))
        }
        found = {rule: each for rule, each in held.items() if each is not None}
        floors = [(found[rule], to) for rule, to in _FLOORS if rule in found]
        return cls(
            licence=licence,
            on=on,
            late=tuple(_named(floors, "overdue_over_days")),
            technical=_one(found, "CN-CLS-03", "technical_overdue_up_to_days"),
            signs=tuple(_signs(floors)),
            loss_shares=tuple(_named(floors, "loss_share_from")),
            matrix=tuple(_matrix(found.get("CN-CLS-18"))),
            matrix_for_all=licence == "microloan",
            own_share=_one(found, "CN-CLS-07", "bad_share_over"),
            market_share=_one(found, "CN-CLS-04", "market_bad_share_over"),
            retail_contagion=_one(found, "CN-CLS-08", "contagion_for_retail"),
            observing=_observing(found),
            leaving=_leaving(found),
            stage_2_over=_one(found, "CN-ACC-01", "stage2_over_days"),
            default_over=_one(found, "CN-ACC-01", "default_over_days"),
            whole_every=_one(found, "CN-CLS-16", "months_between"),
        )


def _one(found: Mapping[str, InForce], rule: str, name: str) -> Any:
    return cited(found[rule], name) if rule in found else None


def _named(floors: list[tuple[InForce, AssetClass]], name: str) -> Iterator[Any]:
    for found, to in floors:
        value = cited(found, name)
        if value is not None:
            yield to, value


def _signs(floors: list[tuple[InForce, AssetClass]]) -> Iterator[Any]:
    for to, value in _named(floors, "signs"):
        for sign in value.value:
            if sign not in SIGNS:
                known = ", ".join(SIGNS)
                raise ClassError("sign", rule=value.rule, sign=sign, known=known)
            yield to, Cause[sign.upper()], value.map(lambda _, sign=sign: sign)


def _matrix(found: InForce | None) -> Iterator[Any]:
    if found is None:
        return
    for each in Guarantee:
        value = cited(found, each.code)
        if value is not None:
            yield each, value.map(_rows)


def _rows(table: Any) -> tuple[Row, ...]:
    """Return the rows of a table such as `{0: normal, 1-30: special_mention}`."""
    rows = []
    for days, code in table.items():
        match = _DAYS.match(days)
        assert match, days
        rows.append((int(match[1]), BY_CODE[code]))
    return tuple(sorted(rows))


def _observing(found: Mapping[str, InForce]) -> Observing | None:
    if "CN-CLS-14" in found and "CN-CLS-15" in found:
        years = _one(found, "CN-CLS-14", "years")
        return Observing(
            months=years.map(lambda value: 12 * value),
            periods=_one(found, "CN-CLS-14", "periods"),
            floor=_class(found, "CN-CLS-15", "floor"),
            second_floor=_class(found, "CN-CLS-15", "second_floor"),
        )
    if "CN-CLS-17" in found:
        return Observing(
            months=_one(found, "CN-CLS-17", "observation_months"),
            periods=None,
            floor=_class(found, "CN-CLS-17", "restructured_floor"),
            second_floor=None,
            overdue_floor=_class(found, "CN-CLS-17", "restructured_overdue_floor"),
        )
    return None


def _class(found: Mapping[str, InForce], rule: str, name: str) -> Any:
    value = _one(found, rule, name)
    return None if value is None else value.map(lambda code: BY_CODE[code])


def _leaving(found: Mapping[str, InForce]) -> Leaving | None:
    if "CN-CLS-10" not in found:
        return None
    return Leaving(
        periods=_one(found, "CN-CLS-10", "periods_paid"),
        months=_one(found, "CN-CLS-10", "months_paid"),
        longer=_one(found, "CN-CLS-10", "whichever_is_longer"),
        takeover_months=_one(found, "CN-CLS-11", "months_without_upgrade"),
    )
