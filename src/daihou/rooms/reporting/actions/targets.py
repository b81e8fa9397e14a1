"""The only writer of targets and of costs; the newest row of each stands."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.rooms.approvals.door import Deed
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.reporting.models import Cost, Target
from daihou.rooms.reporting.queries import targets as reading
from daihou.rooms.reporting.queries.work import costs as spent
from daihou.rooms.reporting.states import CostKind, Measure
from daihou.rooms.reporting.typed import CHANNELS, CostWish

TARGETS_SET, COSTS_SET = "targets.set", "costs.set"


@transaction.atomic
def set_targets(
    month: str,
    wishes: Mapping[tuple[reading.Key, Measure], int | None],
    *,
    shown: Mapping[tuple[reading.Key, Measure], int | None] | None = None,
    currency: str,
    deed: Deed,
) -> int:
    """Say what units and people are to recover in a month; how many changed.

    For who manages cases, of whom they see (NotAllowed else). A month that is over
    keeps its targets (Conflict). None or nothing takes a target back.
    `shown` is what stood where somebody typed: Conflict when it was changed meanwhile.
    """
    people.require(deed.by, people.Permission.MANAGE_CASES)
    if deed.business_date is None:
        raise Conflict("no_business_date", _("No business day is open yet."))
    if month < f"{deed.business_date:%Y-%m}":
        raise Conflict("month_over", _("A month that is over keeps its targets."))
    known = {each.key for each in reading.owners(deed.by)}
    told = reading.standing(month, currency=currency)
    changed = []
    for (key, measure), wanted in sorted(wishes.items()):
        amount = wanted or None
        if key not in known:
            raise NotAllowed(
                "target_of_another",
                _("This target is of a unit or person you do not see."),
            )
        stands = told.get((key, measure.value))
        if stands == amount:
            continue
        if shown is not None and shown.get((key, measure), stands) != stands:
            raise _changed_meanwhile()
        Target.objects.create(
            month=month,
            whose=key[0],
            code=key[1],
            measure=measure.value,
            currency=currency if measure is Measure.CASH else "",
            amount=amount,
            by=deed.by.username,
            at=deed.at,
        )
        changed.append([*key, measure.value, amount])
    if changed:
        _record(TARGETS_SET, month, {"currency": currency, "targets": changed}, deed)
    return len(changed)


@transaction.atomic
def set_costs(
    wishes: Sequence[CostWish],
    *,
    shown: Mapping[tuple[str, str], int | None] | None = None,
    deed: Deed,
) -> int:
    """Write down what collecting cost; how many lines changed.

    For who posts payments and sees the whole house. Lines of one month, kind, channel
    and currency replace each other. `shown` is what stood of a kind and channel where
    somebody typed: Conflict when it was changed meanwhile.
    """
    _must_keep_costs(deed.by)
    standing: dict[tuple[str, str, str, str], int] = {}
    for currency in {each.currency for each in wishes}:
        for line, amount in spent.written(currency).items():
            standing[*line, currency] = amount
    changed = []
    for each in wishes:
        if each.kind not in set(CostKind) or each.channel not in CHANNELS:
            raise Refused("cost_kind", _("Choose a kind of cost and a channel."))
        key = (each.month, each.kind, each.channel, each.currency)
        stands = standing.get(key)
        if stands == each.amount:
            continue
        place = (each.kind, each.channel)
        if shown is not None and shown.get(place, stands) != stands:
            raise _changed_meanwhile()
        Cost.objects.create(
            month=each.month,
            kind=each.kind,
            channel=each.channel,
            currency=each.currency,
            amount=each.amount,
            by=deed.by.username,
            at=deed.at,
        )
        if each.amount is None:
            standing.pop(key, None)
        else:
            standing[key] = each.amount
        changed.append([*key, each.amount])
    if changed:
        _record(COSTS_SET, "", {"lines": changed}, deed)
    return len(changed)


def _changed_meanwhile() -> Conflict:
    return Conflict(
        "changed_meanwhile",
        _(
            "Somebody changed this after you opened the page; nothing was kept. Look at"
            " what stands now and type again what is still to change."
        ),
    )


def _must_keep_costs(person: people.Person) -> None:
    people.require(person, people.Permission.POST_PAYMENT)
    if not person.scope.everything:
        raise NotAllowed(
            "costs_of_the_house",
            _("Costs are of the whole house; who sees a part of it cannot keep them."),
        )


def _record(kind: str, subject: str, payload: dict[str, object], deed: Deed) -> None:
    audit.record(
        type=kind,
        subject_type="reporting",
        subject_id=subject or "costs",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        payload=payload,
    )
