"""An experiment read out: are the samples right, what it came to, what harm it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext

from daihou.engine.strategy.experiment import (
    FEWEST,
    Amounts,
    Difference,
    Mismatch,
    Outcome,
    Reading,
    ReadOut,
    Share,
    read_out,
)
from daihou.engine.strategy.figures import CURRENCY
from daihou.engine.strategy.strategy import Experiment
from daihou.kit import numbers
from daihou.rooms.people import door as people
from daihou.rooms.strategy import document, harms, queries, words
from daihou.rooms.strategy.pages.verdicts import Said, said
from daihou.rooms.strategy.queries import VersionLine
from daihou.rooms.strategy.queries.arms import ArmOutcome
from daihou.rooms.strategy.queries.read_outs import Reckoned


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of an arm: its figure, the difference with its interval, a verdict."""

    name: str
    figure: str
    difference: str
    chip: words.Chip | None


@dataclass(frozen=True, slots=True)
class ArmShown:
    """One arm with its share and what it came to."""

    title: str
    code: str
    share: Decimal
    hold_out: bool
    customers: int
    expected: int
    since: date | None
    measures: Sequence[Measure]


@dataclass(frozen=True, slots=True)
class Page:
    """The page; `mismatch` None before anybody took part."""

    line: VersionLine
    title: str
    salt: str
    arms: Sequence[ArmShown]
    mismatch: Mismatch | None
    chance: str
    hidden: bool
    confidence: str
    fewest: int
    unknown: Sequence[str]
    stops: Sequence[str]
    verdicts: Sequence[Said]
    as_of: date | None


def page(version_id: int, *, person: people.Person) -> Page | None:
    """The page of a version's experiment; None where it has none."""
    line = queries.version(version_id)
    experiment = document.drawn(queries.content_of(version_id)).experiment
    if experiment is None:
        return None
    hidden = not person.scope.everything
    kept = None if hidden else queries.read_out(experiment.id)
    found = kept.arms if kept else {}
    counted = kept.harms if kept else {}
    read = _read(experiment, kept) if kept and found else None
    expected = read.mismatch.expected if read else {}
    by_arm = {each.arm: each for each in read.arms} if read else {}
    arms = []
    for arm in experiment.arms:
        outcome = found.get(arm.code)
        told = by_arm.get(arm.code)
        arms.append(
            ArmShown(
                title=words.text(arm.title),
                code=arm.code,
                share=Decimal(arm.share) / 1000,
                hold_out=arm.hold_out,
                customers=outcome.customers if outcome else 0,
                expected=round(expected.get(arm.code, 0)),
                since=outcome.since if outcome else None,
                measures=_measures(outcome, told, kept, arm.code),
            )
        )
    return Page(
        line=line,
        title=words.text(experiment.title),
        salt=experiment.salt,
        arms=arms,
        mismatch=read.mismatch if read else None,
        chance=f"{read.mismatch.chance:.4f}" if read else "",
        hidden=hidden,
        confidence=f"{read.confidence * 100:.1f}" if read else "",
        fewest=FEWEST,
        unknown=[
            *(_harm(kind) for kind, each in counted.items() if each is None),
            *([gettext("costs")] if kept and kept.costs is None else []),
        ],
        stops=[_stop(*each) for each in read.stops] if read else [],
        verdicts=said(experiment, read) if read else [],
        as_of=kept.as_of if kept else None,
    )


Counted = Mapping[str, Mapping[str, Share] | None]


def _harm(kind: str) -> str:
    names: dict[str, str] = {
        harms.COMPLAINED: gettext("people who complained"),
        harms.BROKEN: gettext("promises broken"),
        harms.REFUSED: gettext("contacts the gate refused"),
    }
    return names[kind]


def _stop(arm: str, reason: str) -> str:
    """Why it should be stopped, in words."""
    words_of: dict[str, str] = {
        "mismatch": gettext("the samples are not what the shares say"),
        "worse": gettext("clearly fewer are cured in %(arm)s"),
    }
    harm = gettext("%(harm)s: clearly worse in %(arm)s")
    text = words_of.get(reason, harm)
    known = {"arm": arm, "harm": _harm(reason) if reason in harms.KINDS else ""}
    return str(text % known)


def _share(counted: Counted, kind: str, arm: str) -> Share:
    found = counted[kind]
    return found.get(arm, Share(0, 0)) if found else Share(0, 0)


def _read(experiment: Experiment, kept: Reckoned) -> ReadOut:
    made, counted, costs = {}, kept.harms, kept.costs
    for arm in experiment.arms:
        one = kept.arms.get(arm.code)
        made[arm.code] = Outcome(
            customers=one.customers if one else 0,
            cured=one.cured if one else 0,
            cash=one.cash if one else Amounts(0, 0, 0),
            complained=_share(counted, harms.COMPLAINED, arm.code).hits,
            broken=_share(counted, harms.BROKEN, arm.code),
            refused=_share(counted, harms.REFUSED, arm.code),
            cost=None if costs is None else costs.get(arm.code, Amounts(0, 0, 0)),
        )
    return read_out(experiment, made)


def _measures(
    outcome: ArmOutcome | None, told: Reading | None, kept: Reckoned | None, arm: str
) -> Sequence[Measure]:
    if outcome is None or not outcome.customers or kept is None:
        return []
    counted = kept.harms
    cured = Decimal(outcome.cured) / outcome.customers
    mean = round(outcome.cash.mean)
    made = [
        _measure(
            gettext("cured"),
            f"{numbers.percent(cured)}%",
            getattr(told, "cured", None),
            good_up=True,
        ),
        _measure(
            gettext("paid by one"),
            numbers.money_text(mean, currency=CURRENCY),
            getattr(told, "cash", None),
            good_up=True,
            money=True,
        ),
    ]
    spent = (kept.costs or {}).get(arm)
    if spent is not None and spent.many:
        made.append(
            _measure(
                gettext("spent on one"),
                numbers.money_text(round(spent.mean), currency=CURRENCY),
                getattr(told, "cost", None),
                good_up=False,
                money=True,
            )
        )
    for kind in harms.KINDS:
        if counted[kind] is not None:
            one = _share(counted, kind, arm)
            made.append(
                _measure(
                    _harm(kind),
                    f"{one.hits:,} / {one.many:,}",
                    getattr(told, kind, None),
                    good_up=False,
                )
            )
    return made


def _measure(
    name: str,
    figure: str,
    found: Difference | None,
    *,
    good_up: bool,
    money: bool = False,
) -> Measure:
    if found is None or found.low is None or found.high is None:
        return Measure(name, figure, "", None)
    shown = [
        numbers.money_text(int(each), currency=CURRENCY)
        if money
        else f"{numbers.percent(Decimal(str(each)))}%"
        for each in (found.low, found.high)
    ]
    between = gettext("%(low)s to %(high)s more than the champion") % {
        "low": shown[0],
        "high": shown[1],
    }
    return Measure(name, figure, between, _chip(found, good_up=good_up))


def _chip(found: Difference, *, good_up: bool) -> words.Chip:
    if found.too_few:
        return ("mute", "ring", gettext("too few yet"))
    if not found.is_clear:
        return ("mute", "half", gettext("no clear difference"))
    better = (found.low is not None and found.low > 0) == good_up
    if better:
        return ("good", "tick", gettext("clearly better"))
    return ("bad", "tri", gettext("clearly worse"))
