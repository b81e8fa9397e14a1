"""How a queue was shared out: who got how much and how hard, how even it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, pgettext

from daihou.kit.actors import actor_word
from daihou.rooms.casework.actions.distributing_told import Distribution, report_of
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages.led import led_by
from daihou.rooms.casework.queries import floor, queues
from daihou.rooms.casework.queries.seats import Taker
from daihou.rooms.people import door as people

SHOWN = 10  # distributions that are listed


@dataclass(frozen=True, slots=True)
class Share:
    """What one collector got; amounts in minor units.

    `chance` is what is expected of what is overdue, as a part of one: the lower, the harder.
    """

    name: str
    new: int
    amount: int
    value: int
    chance: Decimal | None
    cases: int
    held: int
    filled: int | None


@dataclass(frozen=True, slots=True)
class Even:
    """How uneven one thing is spread: 0.000 all the same, towards 1 one has all."""

    what: str
    gini: str


@dataclass(frozen=True, slots=True)
class Told:
    """One distribution in words; `others` got cases and are led by somebody else."""

    id: int
    at: datetime | None
    by: str
    moved: int
    back: int
    seed: int | None
    undone: bool
    shares: Sequence[Share]
    whole: Share
    others: int
    even: Sequence[Even]
    left: Sequence[tuple[str, int]]
    downgraded: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class SharePage:
    """Everything the page draws; `plan` is what sharing out now would do."""

    code: str
    title: str
    currency: str
    told: Told | None
    batches: Sequence[Told]
    plan: Told | None
    key: str


def share_page(
    by: people.Person,
    code: str,
    *,
    batch: int = 0,
    plan: Distribution | None = None,
    key: str = "",
) -> SharePage:
    """The distributions of a queue, the newest or the chosen one in full."""
    known, whole = led_by(by), by.scope.everything
    kept = queues.batches_of(code, limit=SHOWN)
    told = [_kept(row, known, whole=whole) for row in kept]
    seen = [each for each in told if each.shares]
    chosen = next((each for each in seen if each.id == batch), None)
    return SharePage(
        code=code,
        title=queues.queue_title(code, language=words.language()),
        currency=floor.currency_of(by.scope),
        told=chosen or (seen[0] if seen else None),
        batches=seen,
        plan=_told(report_of(plan), known, whole=whole) if plan else None,
        key=key,
    )


def key_of(code: str, *, by: people.Person, seed: int) -> str:
    """What a plan is carried out by, once, however often it is sent."""
    return f"page:{seed}:{code}:{by.username}"[:80]


def seed_of(key: str) -> int | None:
    """The seed of the plan that was shown: the same one is carried out."""
    parts = key.split(":")
    digits = parts[1] if len(parts) > 1 else ""
    fits = digits.isascii() and digits.isdigit() and len(digits) < 15
    return int(digits) if fits else None


def _kept(row: queues.BatchLine, known: Mapping[str, Taker], *, whole: bool) -> Told:
    names = {login: each.name for login, each in known.items()}
    return _told(
        row.report,
        known,
        whole=whole,
        id=row.id,
        at=row.at,
        by=actor_word(row.by, names=names),
        seed=row.seed,
        undone=bool(row.undone_by),
    )


def _told(
    report: Mapping[str, Any],
    known: Mapping[str, Taker],
    *,
    whole: bool,
    id: int = 0,
    at: datetime | None = None,
    by: str = "",
    seed: int | None = None,
    undone: bool = False,
) -> Told:
    """A report in words; of who is led by somebody else only how many there are."""
    got = report.get("got", ())
    mine = [row for row in got if whole or row["login"] in known]
    shares = [_share(row, known) for row in mine]
    shares.sort(key=lambda each: (-each.value, each.name))
    return Told(
        id=id,
        at=at,
        by=by,
        moved=report.get("moved", 0),
        back=report.get("back", 0),
        seed=seed,
        undone=undone,
        shares=shares,
        whole=_whole(shares),
        others=len(got) - len(mine),
        even=_even(report.get("uneven", ())),
        left=_reasons(report.get("left", {})),
        downgraded=_reasons(report.get("downgraded", {})),
    )


def _share(row: Mapping[str, Any], known: Mapping[str, Taker]) -> Share:
    taker = known.get(row["login"])
    return Share(
        name=taker.name if taker else row["login"],
        new=row["new"],
        amount=row["new_amount"],
        value=row["new_value"],
        chance=_chance(row["new_value"], row["new_amount"]),
        cases=row["cases"],
        held=row["amount"],
        filled=row["filled"],
    )


def _chance(value: int, amount: int) -> Decimal | None:
    return Decimal(value) / amount if amount else None


def _whole(shares: Sequence[Share]) -> Share:
    amount = sum(each.amount for each in shares)
    value = sum(each.value for each in shares)
    return Share(
        name="",
        new=sum(each.new for each in shares),
        amount=amount,
        value=value,
        chance=_chance(value, amount),
        cases=sum(each.cases for each in shares),
        held=sum(each.held for each in shares),
        filled=None,
    )


def _even(uneven: Sequence[int]) -> Sequence[Even]:
    """The Gini coefficients that are kept with a distribution, as fractions."""
    whats = (
        pgettext("fairness", "cases in hand"),
        pgettext("fairness", "money in hand"),
        pgettext("fairness", "money expected of the new ones"),
    )
    return [
        Even(what, f"{each // 1000}.{each % 1000:03d}")
        for what, each in zip(whats, uneven, strict=False)
    ]


def _reasons(counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    said = {
        "full": gettext("whoever fits has their hands full"),
        "nobody_fits": gettext("nobody sees it with the skill and language it needs"),
        "too_long_ago": gettext("had it too long ago"),
        "never_back": gettext("it never goes back to who left it untouched"),
        "away": gettext("who had it is away"),
        "does_not_fit": gettext("who had it does not fit any more"),
    }
    found = [(said.get(why, why), count) for why, count in counts.items()]
    return sorted(found, key=lambda each: (-each[1], each[0]))
