"""Values that name a refused act: kept out, or, of former contacts, kept as such."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.engine.gate.refused import FILLERS, Finding
from daihou.packs import refused
from daihou.rooms.intake.checks.combined import Combined
from daihou.rooms.intake.checks.typed import Typed
from daihou.rooms.intake.findings import Found

# The columns that say what was done or how; names, addresses and the remarks of payers
# are the words of others. Columns beyond the contract are all looked at.
_DEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "contact_history": ("channel", "actor", "result"),
    "consents": ("kind", "channel", "evidence"),
    "person_flags": ("flag", "evidence"),
    "charges": ("kind",),
    "costs": ("kind", "team"),
    "parties": ("role", "liability"),
    "collateral": ("kind",),
    "transactions": ("kind",),
    "payments": ("channel", "kind"),
    "receipts": ("channel",),
    "loans": ("purpose", "channel", "guarantee_kind"),
    "customers": ("industry",),
}
_LEGACY: Final = ("contact_history", "result")
_MANY: Final = 5_000  # distinct values from which on a coarse look comes first


def settle(one: Combined, typed: Typed) -> tuple[Typed, list[Found]]:
    """Judge the texts of a table; outcomes of former times become REFUSED_LEGACY."""
    found = _names(one, typed)
    wanted = [*_DEEDS.get(one.table, ()), *typed.attributes]
    data = typed.data
    for name in dict.fromkeys(wanted):
        if name not in data.column_names or not pa.types.is_string(
            data.schema.field(name).type
        ):
            continue
        values = typed.column(name)
        named = _named(values)
        if not named:
            continue
        hit = pc.is_in(values, value_set=pa.array(list(named), values.type))
        rows = np.flatnonzero(hit.to_numpy(zero_copy_only=False))
        is_legacy = (one.table, name) == _LEGACY
        code = "refused_legacy" if is_legacy else "refused_act"
        found.append(
            Found(
                code,
                table=one.table,
                column=name,
                rows=rows,
                params=_params(name, list(named.values())),
            )
        )
        if is_legacy:
            kept = pc.if_else(hit, pa.scalar(refused.LEGACY, values.type), values)
            place = data.column_names.index(name)
            data = data.set_column(place, name, kept)
    return replace(typed, data=data), found


def _names(one: Combined, typed: Typed) -> list[Found]:
    """Names of columns beyond the contract, which become fields of the house."""
    found = []
    for name in typed.attributes:
        hits = refused.find(name)
        if hits:
            file = next(
                each.raw.file for each in one.parts if name in each.data.column_names
            )
            params = _params(name, [hits])
            found.append(Found("refused_column", file=file, column=name, params=params))
    return found


def _params(column: str, hits: Sequence[tuple[Finding, ...]]) -> Mapping[str, object]:
    findings = tuple(each for group in hits for each in group)
    codes = sorted({each.code.value for each in findings})
    return {
        "column": column,
        "acts": ", ".join(codes),
        "right": refused.LEGACY,
        "findings": findings[:20],
    }


def _named(values: pa.Array) -> dict[str, tuple[Finding, ...]]:
    """The distinct values that name an act, with what was found in each."""
    distinct = pc.drop_null(pc.unique(values))
    if len(distinct) > _MANY:
        distinct = distinct.filter(_may_name(distinct))
    found = {}
    for text in distinct.to_pylist():
        hits = refused.find(text)
        if hits:
            found[text] = hits
    return found


def _may_name(values: pa.Array) -> pa.Array:
    """Whether a value holds the beginning of any phrase, however it is written."""
    plain = pc.utf8_lower(pc.utf8_normalize(values, form="NFKD"))
    unseen = "".join(f"{first}-{last}" for first, last in FILLERS)
    signs = rf"[\pP\pS\pZ\pC\pM{unseen}]"
    coarse = refused.known().coarse()
    return pc.or_(
        *(
            pc.match_substring_regex(
                pc.replace_substring_regex(plain, pattern, ""), coarse
            )
            for pattern in (rf"<[^<>]*>|{signs}", signs)
        )
    )
