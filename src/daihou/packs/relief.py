"""The relief policy: who may give up how much, plans, settlement bands, recoverability.

One YAML shape for the policy that is shipped and for the lender's own.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, ClassVar

import jsonschema

from daihou.engine.basics.errors import UserError
from daihou.engine.basics.money import to_minor
from daihou.engine.commitments.arrangement import Missed
from daihou.engine.commitments.authority import Matrix, Row
from daihou.engine.commitments.recoverability import Recoverable, Rule
from daihou.engine.commitments.settlement import Band
from daihou.packs.reading import read_yaml


class ReliefPolicyError(UserError):
    """A relief policy that cannot be read."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "schema": (
            "{file}, at {place}: {problem}. Compare with schema/relief.json.",
            "{file} 的 {place} 处：{problem}。请对照 schema/relief.json。",
        ),
        "twice": (
            "{file}: the id {id} is there twice; give each row its own.",
            "{file}：编号 {id} 出现两次；请为每一行使用不同编号。",
        ),
        "bands": (
            "{file}: band {id} ends before it begins.",
            "{file}：档位 {id} 的终点早于起点。",
        ),
    }


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What holds for every plan; see engine.commitments.arrangement.Plan."""

    most_instalments: int
    allowance: int
    grace_days: int
    tolerance: int
    skips: int
    replans: int
    offer_days: int
    missed: Missed


@dataclass(frozen=True, slots=True)
class ReliefPolicy:
    """A whole policy; `digest` (SHA-256, hex) is of its content."""

    id: str
    version: date
    currency: str
    names: Mapping[str, str]
    window_days: int
    matrix: Matrix
    plan: PlanTerms
    yearly_rate: Decimal
    bands: tuple[Band, ...]
    recoverability: tuple[Rule, ...]
    digest: str

    def name(self, language: str) -> str:
        """Its name in `language` (zh... is Chinese, else English)."""
        return self.names["zh-Hans" if language.startswith("zh") else "en"]

    @property
    def pool(self) -> int:
        """What one person may grant by themselves on one day (minor units)."""
        pools = [row.pool for row in self.matrix.rows if row.pool is not None]
        return max(pools, default=0)


@cache
def shipped() -> ReliefPolicy:
    """The policy a lender starts with."""
    return read(shipped_text(), name="policy.yaml")


def shipped_text() -> str:
    """The same as YAML."""
    file = resources.files("daihou") / "rulebooks" / "relief" / "policy.yaml"
    return file.read_text(encoding="utf-8")


def read(text: str, *, name: str) -> ReliefPolicy:
    """Read a policy from YAML; `name` is what an error calls it."""
    return of_plain(read_yaml(text, name=name), name=name)


def of_plain(content: Any, *, name: str) -> ReliefPolicy:
    """Read a policy from plain data, or raise ReliefPolicyError."""
    checker = jsonschema.Draft202012Validator(_schema())
    for problem in sorted(checker.iter_errors(content), key=lambda one: one.json_path):
        raise ReliefPolicyError(
            "schema", file=name, place=problem.json_path, problem=problem.message
        )
    version, currency = date.fromisoformat(content["version"]), content["currency"]
    for rows in (
        content["authority"],
        content["settlement"]["bands"],
        content["recoverability"],
    ):
        _check_rows(rows, name)
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return ReliefPolicy(
        id=content["id"],
        version=version,
        currency=currency,
        names=MappingProxyType(dict(content["name"])),
        window_days=content["window_days"],
        matrix=Matrix(
            content["id"],
            version,
            tuple(_row(row, currency) for row in content["authority"]),
            currency,
        ),
        plan=PlanTerms(
            **{**content["plan"], "missed": Missed(content["plan"]["missed"])}
        ),
        yearly_rate=Decimal(content["settlement"]["yearly_rate"]),
        bands=tuple(_band(row) for row in content["settlement"]["bands"]),
        recoverability=tuple(_rule(row) for row in content["recoverability"]),
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
    )


def _check_rows(rows: list[dict[str, Any]], name: str) -> None:
    ids = [row["id"] for row in rows]
    for each in ids:
        if ids.count(each) > 1:
            raise ReliefPolicyError("twice", file=name, id=each)
    for row in rows:
        if row.get("dpd_to") is not None and row["dpd_to"] <= row.get("dpd_from", 0):
            raise ReliefPolicyError("bands", file=name, id=row["id"])


@cache
def _schema() -> Mapping[str, Any]:
    file = resources.files("daihou") / "rulebooks" / "schema" / "relief.json"
    schema: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def _words(row: Mapping[str, Any]) -> Mapping[str, str]:
    said = row["because"]
    return MappingProxyType({"zh": said["zh-Hans"], "en": said["en"]})


def _row(row: Mapping[str, Any], currency: str) -> Row:
    def minor(name: str) -> int | None:
        return to_minor(row[name], currency) if name in row else None

    return Row(
        id=row["id"],
        kinds=tuple(row.get("kinds", ())),
        components=tuple(row.get("components", ())),
        products=tuple(row.get("products", ())),
        askers=tuple(row.get("askers", ())),
        dpd_from=row.get("dpd_from", 0),
        dpd_to=row.get("dpd_to"),
        share=Decimal(row["share"]) if "share" in row else None,
        amount=minor("amount"),
        total=minor("total"),
        levels=tuple(row.get("levels", ())),
        pool=minor("pool"),
        because=_words(row),
    )


def _band(row: Mapping[str, Any]) -> Band:
    return Band(
        id=row["id"],
        dpd_from=row["dpd_from"],
        dpd_to=row.get("dpd_to"),
        least=Decimal(row["least"]),
        expected=Decimal(row["expected"]),
        months=row["months"],
        days=row["days"],
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    bounds = {
        name: row[name] for name in row if name not in ("id", "answer", "because")
    }
    return Rule(
        id=row["id"],
        answer=Recoverable(row["answer"]),
        because=_words(row),
        **bounds,
    )
