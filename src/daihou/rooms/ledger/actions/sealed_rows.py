"""Rows of the contract with what is personal in them sealed, before they are written."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pyarrow as pa

from daihou.kit import secret
from daihou.rooms.ledger.actions.staging import Taken
from daihou.rooms.ledger.sealing import ATTRIBUTE, FIELDS, Field


def sealed(table: str, taken: Taken) -> Taken:
    """Rows of a contract table with what is personal in them sealed.

    Beside a column stand `<column>_exact` (the index of what was sent, by which rows
    are known again) and, where it can be searched, `<column>_digest` and `_tail`.
    """
    data, exacts = taken.data, {}
    for field in FIELDS.get(table, ()):
        data = _with_sealed(data, field)
        exacts[field.column] = f"{field.column}_exact"
    for name in taken.personal:
        data = _with_sealed(data, Field(name, ATTRIBUTE))
        exacts[name] = f"{name}_exact"
    return replace(taken, data=data, exact=exacts)


def _with_sealed(data: pa.Table, field: Field) -> pa.Table:
    place = data.column_names.index(field.column)
    texts = data.column(place).cast(pa.string()).to_pylist()
    hidden = secret.seal_many(texts, about=field.about)
    one = secret.digester(f"{field.about}.exact")
    data = data.set_column(place, field.column, _column(hidden))
    exacts = [one(text) if text else None for text in texts]
    data = data.append_column(f"{field.column}_exact", _column(exacts))
    if field.index is None:
        return data
    digests, tails = _indexes(texts, field.index)
    data = data.append_column(f"{field.column}_digest", _column(digests))
    return data.append_column(f"{field.column}_tail", _column(tails))


def _indexes(
    texts: Sequence[str | None], index: Callable[[str], str]
) -> tuple[list[str], list[str]]:
    kinds = ("id_no", "phone", "contact", "account")
    makers = {kind: secret.digester(kind) for kind in kinds}
    tails: dict[tuple[str, str], str] = {}  # there are few of them, again and again
    digests, ends = [], []
    for text in texts:
        if not text:
            digests.append("")
            ends.append("")
            continue
        kind = index(text)
        plain = secret.normal(text, kind)
        digests.append(makers[kind](plain))
        last = (kind, plain[-4:])
        if last not in tails:
            tails[last] = secret.tail(plain, kind)
        ends.append(tails[last])
    return digests, ends


def _column(texts: Sequence[str | None]) -> pa.Array:
    return pa.array([text or None for text in texts], pa.string())
