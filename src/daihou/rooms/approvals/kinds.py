"""Kinds of proposal: what later rooms register so that it can be decided here."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.http import HttpRequest

from daihou.kit.scope import Scope
from daihou.rooms.approvals.values import Proposal
from daihou.rooms.people import door as people

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who does it and for whom, at what instant, on which business date, and why."""

    by: people.Person
    at: datetime
    business_date: date | None
    on_behalf_of: str = ""
    reason: str = ""
    request_id: str = ""

    @classmethod
    def of(cls, request: HttpRequest, *, reason: str = "") -> "Deed":
        """By whoever sent the request, on the open business date if there is one."""
        day = request.business_day()
        return cls(
            by=request.person,
            at=request.at,
            business_date=day.on if day else None,
            reason=reason,
            request_id=request.request_id,
        )


def _plain(value: object) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """How one field of a difference is read: its word and its values in words.

    `mask` hides a personal value where it is not revealed for a reason; `keep` in the
    log of changes, which is never emptied (without it: `mask`).
    """

    word: str
    say: Callable[[object], str] = _plain
    mask: Callable[[str], str] | None = None
    keep: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of thing that is proposed by one person and decided by another.

    `permission` decides where the table of levels names no role, `proposes` is needed
    to ask. `handler` carries an approved proposal out inside the transaction of the
    decision, `ended` hears of one refused, withdrawn or overtaken; a kind with `serves_hours` has none: its approval is taken once by who
    proposed it, within that time, by a POST to the address `use` gives for it. `current` reads what the fields of `before` are
    now, holding the row when inside a transaction: a proposal whose subject changed is
    not approved. `seen` says
    which of some subjects lie within a data scope; a kind without it is of the whole
    house. `places` says the same of one subject for any number of scopes: the (branch,
    product, officer) by which it is seen. `shown` hears that somebody looked at the
    values of a subject without their masks. `hours` is the time to decide.
    """

    code: str
    name: str
    permission: people.Permission
    proposes: people.Permission | None = None
    handler: Callable[[Proposal, Deed], None] | None = None
    ended: Callable[[Proposal, Deed], None] | None = None
    current: Callable[[str, Collection[str]], Values] | None = None
    seen: Callable[[Collection[str], Scope], set[str]] | None = None
    places: Callable[[str], Collection[tuple[str, str, str]]] | None = None
    describe: Callable[[str], Field] = field(default=lambda name: Field(word=name))
    address: Callable[[str], str] = field(default=lambda subject: "")
    use: Callable[[int], str] | None = None
    shown: Callable[[str, Deed], None] | None = None
    hours: int = 48
    levels: tuple[str, ...] = ()
    serves_hours: int = 0
    counts: str = ""  # what `amount` counts when it is no money: rows


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known, at start-up; the same code again replaces it."""
    assert (kind.handler is None) == bool(kind.serves_hours), (
        "a kind is carried out by its handler, or serves once later"
    )
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind:
    """The kind behind a code; every code that is stored was registered."""
    assert code in _kinds, f"no room registered the kind {code}"
    return _kinds[code]


def known(code: str) -> bool:
    """Whether a code asked for from outside is one."""
    return code in _kinds


def all_kinds() -> tuple[Kind, ...]:
    """Every kind, by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))
