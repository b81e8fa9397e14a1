"""What one loan needs as a provision, and what a whole book needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from daihou.engine.basics.money import Money
from daihou.engine.basics.rounding import CEILING, HALF_EVEN, divide
from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.rules import ProvisionRules
from daihou.engine.rulebook.decision import Decision, Flip, Said, Step

LOAN_QUESTION = "provision"
BOOK_QUESTION = "provision_book"
ROUNDING = HALF_EVEN  # of a loan's share; what a whole book must reach is rounded up


class Governs(StrEnum):
    """What asks for the most; the higher governs (办法 art. 7)."""

    TABLE = "table"
    MODEL = "model"
    PROVISION_RATIO = "provision_ratio"
    COVERAGE_RATIO = "coverage_ratio"


@dataclass(frozen=True, slots=True)
class Exposure:
    """A loan to provide for: its class, and its balance in minor units.

    `model` is what a model of expected losses measured for it, None if none did.
    """

    loan: str
    asset_class: AssetClass
    balance: int
    model: int | None = None


@dataclass(frozen=True, slots=True)
class Needed:
    """The provision of one loan in minor units, and what asks for it."""

    amount: int
    by: Governs
    by_table: int


def needed(exposure: Exposure, rules: ProvisionRules) -> Needed:
    """Return balance x share of the class, or what the model says if that is more."""
    numerator, denominator = rules.shares[exposure.asset_class].as_integer_ratio()
    by_table = divide(exposure.balance * numerator, denominator, rounding=ROUNDING)
    if exposure.model is not None and exposure.model > by_table:
        return Needed(exposure.model, Governs.MODEL, by_table)
    return Needed(by_table, Governs.TABLE, by_table)


def decide(
    exposure: Exposure, rules: ProvisionRules, *, as_of: date, currency: str = "CNY"
) -> Decision:
    """Say what a loan needs and why, and what it would need a class further down."""
    found = needed(exposure, rules)
    at = exposure.asset_class
    said: dict[str, Said] = {
        "table": rules.table,
        "asset_class": at.code,
        "share": rules.shares[at],
        "balance": Money(currency, exposure.balance),
        "amount": Money(currency, found.by_table),
    }
    path = [rules.article.step("by_table", "coefficients", **said)]
    if exposure.model is not None:
        model: dict[str, Said] = {"amount": Money(currency, exposure.model)}
        code = "model_governs" if found.by is Governs.MODEL else "model_below"
        path.append(Step("", None, code, model))
    flips = []
    if at is not AssetClass.LOSS:
        worse = AssetClass(at + 1)
        then = Exposure(exposure.loan, worse, exposure.balance, exposure.model)
        answer = Money(currency, needed(then, rules).amount)
        flips.append(Flip("asset_class", at.code, worse.code, answer))
    return Decision(
        question=LOAN_QUESTION,
        subject=exposure.loan,
        as_of=as_of,
        answer=Money(currency, found.amount),
        inputs=(
            ("asset_class", at.code),
            ("balance", Money(currency, exposure.balance)),
            (
                "model",
                None if exposure.model is None else Money(currency, exposure.model),
            ),
        ),
        path=tuple(path),
        flips=tuple(flips),
    )


@dataclass(frozen=True, slots=True)
class Total:
    """One class of a book: how many loans, their balance and provision needed."""

    loans: int
    balance: int
    needed: int


def totals(
    exposures: Iterable[Exposure], rules: ProvisionRules
) -> Mapping[AssetClass, Total]:
    """Return the sums by class, of every class; in minor units."""
    sums = {each: [0, 0, 0] for each in AssetClass}
    for each in exposures:
        row = sums[each.asset_class]
        row[0] += 1
        row[1] += each.balance
        row[2] += needed(each, rules).amount
    return MappingProxyType({each: Total(*row) for each, row in sums.items()})


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether what is held is enough; amounts in minor units, ratios exact.

    `required` is the highest of what the table, the provision ratio and the coverage
    ratio ask for, `by` which of them. A ratio is None where its whole is nothing.
    `general_least` is the least general reserve (一般准备) on all loans.
    """

    decision: Decision
    loans: int
    bad: int
    held: int
    by_table: int
    by_ratio: int | None
    by_coverage: int | None
    required: int
    by: Governs
    shortfall: int
    general_least: int | None
    provision_ratio: Fraction | None
    coverage_ratio: Fraction | None
    adequacy_ratio: Fraction | None


def assess(
    rows: Mapping[AssetClass, Total],
    rules: ProvisionRules,
    *,
    held: int,
    as_of: date,
    subject: str = "book",
    currency: str = "CNY",
) -> Assessment:
    """Compare the allowance held with the table and both ratios; the higher governs.

    拨备率 = held / all loans, 拨备覆盖率 = held / bad loans, 拨备充足率 = held /
    needed by table.
    """
    loans = sum(each.balance for each in rows.values())
    bad = sum(each.balance for at, each in rows.items() if at.is_bad)
    by_table = sum(each.needed for each in rows.values())
    asked: dict[Governs, int] = {Governs.TABLE: by_table}
    if rules.ratios is not None:
        share = rules.ratios.share("provision_share")
        asked[Governs.PROVISION_RATIO] = least(share, loans)
        coverage = rules.ratios.share("coverage_share")
        asked[Governs.COVERAGE_RATIO] = least(coverage, bad)
    by = max(asked, key=lambda each: asked[each])
    required = asked[by]
    general = None
    if rules.article.has("general_share"):
        general = least(rules.article.share("general_share"), loans)
    return Assessment(
        decision=_decision(
            _path(rows, rules, asked, currency=currency, loans=loans, bad=bad),
            {"loans": loans, "bad": bad, "held": held},
            (required, by),
            subject=subject,
            as_of=as_of,
            currency=currency,
        ),
        loans=loans,
        bad=bad,
        held=held,
        by_table=by_table,
        by_ratio=asked.get(Governs.PROVISION_RATIO),
        by_coverage=asked.get(Governs.COVERAGE_RATIO),
        required=required,
        by=by,
        shortfall=max(0, required - held),
        general_least=general,
        provision_ratio=ratio(held, loans),
        coverage_ratio=ratio(held, bad),
        adequacy_ratio=ratio(held, by_table),
    )


def _decision(
    path: list[Step],
    sums: Mapping[str, int],
    highest: tuple[int, Governs],
    *,
    subject: str,
    as_of: date,
    currency: str,
) -> Decision:
    """Return the decision of a book: the sums, the way, and what would flip it."""
    held, (required, by) = sums["held"], highest
    now, most = Money(currency, held), Money(currency, required)
    flip = Flip("held", now, most, "enough")
    if held >= required:
        flip = Flip("held_below", now, most, "short")
    return Decision(
        question=BOOK_QUESTION,
        subject=subject,
        as_of=as_of,
        answer="enough" if held >= required else "short",
        inputs=tuple((name, Money(currency, sum_)) for name, sum_ in sums.items()),
        path=(*path, _enough(held, required, by, currency)),
        flips=(flip,),
    )


def least(share: Decimal, whole: int) -> int:
    """Return the least whole number of minor units that is at least that share."""
    numerator, denominator = share.as_integer_ratio()
    return divide(whole * numerator, denominator, rounding=CEILING)


def ratio(part: int, whole: int) -> Fraction | None:
    """Return an exact ratio; None of nothing."""
    return Fraction(part, whole) if whole else None


def _path(
    rows: Mapping[AssetClass, Total],
    rules: ProvisionRules,
    asked: Mapping[Governs, int],
    *,
    currency: str,
    loans: int,
    bad: int,
) -> list[Step]:
    path = [
        rules.article.step(
            "class_row",
            "coefficients",
            asset_class=at.code,
            loans=row.loans,
            balance=Money(currency, row.balance),
            share=rules.shares[at],
            needed=Money(currency, row.needed),
        )
        for at, row in rows.items()
        if row.loans
    ]
    total: dict[str, Said] = {"table": rules.table}
    total["needed"] = Money(currency, asked[Governs.TABLE])
    path.append(rules.article.step("table_total", "coefficients", **total))
    if rules.ratios is None:
        return [*path, Step("", None, "no_ratios")]
    for by, name, whole in (
        (Governs.PROVISION_RATIO, "provision_share", loans),
        (Governs.COVERAGE_RATIO, "coverage_share", bad),
    ):
        params: dict[str, Said] = {"whole": Money(currency, whole)}
        params |= {"share": rules.ratios.share(name)}
        params |= {"needed": Money(currency, asked[by])}
        path.append(rules.ratios.step(by.value, name, **params))
    return path


def _enough(held: int, required: int, by: Governs, currency: str) -> Step:
    params: dict[str, Said] = {"by": by.value}
    params |= {"required": Money(currency, required), "held": Money(currency, held)}
    params |= {"shortfall": Money(currency, max(0, required - held))}
    return Step("", None, "held_enough" if held >= required else "held_short", params)
