"""Product files: dated terms in YAML, checked and read into engine policies."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import jsonschema

from daihou.engine.basics.money import to_minor
from daihou.engine.rulebook.policy import (
    Advance,
    Anchor,
    Component,
    CostCap,
    Direction,
    DpdMethod,
    Mode,
    OrderRule,
    PauseEffect,
    PenaltyTerms,
    Policy,
)
from daihou.packs.errors import ProductError, UnknownProduct
from daihou.packs.reading import read_yaml

# 银发〔2003〕251号 (rule CN-INT-01): the contract rate and at most half of it more.
HIGHEST_MULTIPLIER = Decimal("1.5")
MOST_RATE = 10  # a yearly share; more is a percentage written as a share


@dataclass(frozen=True, slots=True)
class Source:
    """Where a term comes from: rule id, what it decides, the text, how attested."""

    rule: str
    of: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Version:
    """One dated version of a product, in force on [begins_on, ends_on)."""

    begins_on: date
    ends_on: date | None
    currency: str
    methods: tuple[str, ...]  # the first is the default
    policy: Policy
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A product and its versions in order of time."""

    id: str
    names: Mapping[str, str]
    book: str
    licence: str
    versions: tuple[Version, ...]

    def name(self, language: str) -> str:
        """Return the name in `language` (zh... is Chinese, else English)."""
        return self.names["zh-Hans" if language.startswith("zh") else "en"]

    def version(self, *, on: date) -> Version:
        """Return the version in force on a day, or raise ProductError."""
        for each in reversed(self.versions):
            if each.begins_on <= on and (each.ends_on is None or on < each.ends_on):
                return each
        first = self.versions[0].begins_on
        raise ProductError("not_in_force", product=self.id, on=on, first=first)


@cache
def known() -> Mapping[str, Product]:
    """Return the products that ship with the house, by id, in order of id."""
    folder = resources.files("daihou") / "rulebooks" / "products"
    return load(folder)


def load(folder: Traversable) -> Mapping[str, Product]:
    """Read every product file of a folder, or raise ProductError with its name."""
    files = sorted(
        (each for each in folder.iterdir() if each.name.endswith(".yaml")),
        key=lambda each: each.name,
    )
    products = {}
    for each in files:
        product = read(each.read_text(encoding="utf-8"), name=each.name)
        if f"{product.id}.yaml" != each.name:
            raise ProductError("name", file=each.name, product=product.id)
        products[product.id] = product
    return MappingProxyType(products)


def find(product: str) -> Product:
    """Return a product, or raise UnknownProduct listing the known ones."""
    products = known()
    if product not in products:
        raise UnknownProduct("unknown", product=product, known=", ".join(products))
    return products[product]


def version(product: str, *, on: date) -> Version:
    """Return the version of a product in force on a day."""
    return find(product).version(on=on)


def policy(product: str, *, on: date) -> Policy:
    """Return what the engine needs of a product on a day."""
    return version(product, on=on).policy


def policies(*, on: date) -> dict[str, Policy]:
    """Return the policy of every product in force on a day, by product id."""
    return {
        product.id: product.version(on=on).policy
        for product in known().values()
        if product.versions[0].begins_on <= on
    }


def digest(policies: Iterable[Policy]) -> str:
    """Return the fingerprint of policies, whatever their order (SHA-256, hex)."""
    texts = sorted(
        json.dumps(asdict(each), sort_keys=True, default=str) for each in policies
    )
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def read(text: str, *, name: str) -> Product:
    """Read one product file; `name` is what an error calls it."""
    content = read_yaml(text, name=name)
    checker = jsonschema.Draft202012Validator(_schema())
    for problem in sorted(
        checker.iter_errors(content), key=lambda each: each.json_path
    ):
        raise ProductError(
            "schema", file=name, place=problem.json_path, problem=problem.message
        )
    versions = tuple(_versions(content, name))
    return Product(
        id=content["id"],
        names=MappingProxyType(dict(content["name"])),
        book=content["book"],
        licence=content["licence"],
        versions=versions,
    )


@cache
def _schema() -> Mapping[str, Any]:
    file = resources.files("daihou") / "rulebooks" / "schema" / "product.json"
    schema: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def _versions(content: Mapping[str, Any], name: str) -> Iterator[Version]:
    """Yield the versions in order; each ends where the next begins."""
    rows = content["versions"]
    begins = [date.fromisoformat(row["begins_on"]) for row in rows]
    if begins != sorted(set(begins)):
        raise ProductError("order", file=name)
    for place, row in enumerate(rows):
        following = begins[place + 1] if place + 1 < len(rows) else None
        ends_on = date.fromisoformat(row["ends_on"]) if "ends_on" in row else following
        if ends_on and (
            ends_on <= begins[place] or (following and ends_on > following)
        ):
            raise ProductError("overlap", file=name, begins_on=begins[place])
        yield Version(
            begins_on=begins[place],
            ends_on=ends_on,
            currency=row["currency"],
            methods=tuple(row["methods"]),
            policy=policy_of(content["id"], begins[place], row, name),
            sources=tuple(Source(**source) for source in row["sources"]),
        )


def policy_of(
    product: str, begins_on: date, row: Mapping[str, Any], name: str
) -> Policy:
    """Return the policy of one version as a file has it; `name` is for errors."""
    allocation = row["allocation"]
    return Policy(
        product=product,
        begins_on=begins_on,
        mode=Mode(row["mode"]),
        dpd=_dpd(row["dpd"], row["currency"]),
        penalty=_penalty(row, name),
        order=_order(allocation["order"]),
        direction=Direction(allocation["direction"]),
        advance=Advance(allocation["advance"]),
        bucket_set=row["bucket_set"],
        day_count=row["day_count"],
        rounding=row["rounding"],
        order_rules=tuple(map(_order_rule, allocation.get("rules", ()))),
        cost_caps=tuple(_cost_caps(row, name)),
        non_accrual_after=row.get("non_accrual_after"),
    )


def _order(names: Iterable[str]) -> tuple[Component, ...]:
    return tuple(Component(each) for each in names)


def _order_rule(row: Mapping[str, Any]) -> OrderRule:
    return OrderRule(
        order=_order(row["order"]),
        dpd_over=row.get("dpd_over"),
        status=row.get("status"),
        begins_on=date.fromisoformat(row["begins_on"]) if "begins_on" in row else None,
    )


def _cost_caps(row: Mapping[str, Any], name: str) -> Iterator[CostCap]:
    """Yield the caps on the cost of a loan in order of time, each with its source."""
    known = {source["rule"] for source in row["sources"] if source["of"] == "cost"}
    last = date.min
    for given in row.get("cost_caps", ()):
        begins_on = date.fromisoformat(given["begins_on"])
        if begins_on <= last:
            raise ProductError("cap_order", file=name, begins_on=begins_on)
        if given["rule"] not in known:
            raise ProductError("cap_source", file=name, rule=given["rule"])
        annual_rate = Decimal(given["annual_rate"])
        if annual_rate > MOST_RATE:  # a percentage, which would cap nothing
            raise ProductError("cap_share", file=name, annual_rate=annual_rate)
        last = begins_on
        yield CostCap(
            rule=given["rule"],
            begins_on=begins_on,
            annual_rate=annual_rate,
            days_in_year=given.get("days_in_year", 360),
        )


def _dpd(row: Mapping[str, Any], currency: str) -> DpdMethod:
    return DpdMethod(
        id=row["id"],
        due_date_counts=row.get("due_date_counts", 0),
        anchor=Anchor(row.get("anchor", Anchor.OLDEST_UNPAID)),
        grace_days_loan=row.get("grace_days_loan", 0),
        grace_days_instalment=row.get("grace_days_instalment", 0),
        tolerance_minor=to_minor(row.get("tolerance", "0"), currency),
        tolerance_share=Decimal(row.get("tolerance_share", "0")),
        pause_effect=PauseEffect(row.get("pause_effect", PauseEffect.INSIDE_OVERDUE)),
        move_holidays=row.get("move_holidays", False),
    )


def _penalty(row: Mapping[str, Any], name: str) -> PenaltyTerms:
    given = row.get("penalty")
    if given is None:
        return PenaltyTerms()
    multiplier = Decimal(given["multiplier"])
    if row["currency"] == "CNY" and multiplier > HIGHEST_MULTIPLIER:
        raise ProductError(
            "multiplier", file=name, multiplier=multiplier, cap=HIGHEST_MULTIPLIER
        )
    return PenaltyTerms(
        multiplier=multiplier,
        on_principal=given["on_principal"],
        on_interest=given["on_interest"],
        days_in_year=given["days_in_year"],
        grace_days=given.get("grace_days", 0),
        from_due=given.get("from_due", True),
    )
