"""Why this many days: the steps from the oldest unpaid demand to the figure."""

from collections.abc import Iterator
from datetime import date

from daihou.engine.basics.dates import DAY, add_period
from daihou.engine.basics.line import Line
from daihou.engine.basics.money import Money
from daihou.engine.delinquency.buckets import bucket, bucket_range
from daihou.engine.delinquency.dpd import anchor_of, days_off, first_late_day
from daihou.engine.ledger.fixed.account import LATE_MAKING, Account
from daihou.engine.ledger.fixed.cap import cap_of
from daihou.engine.ledger.fixed.replay import Replayed
from daihou.engine.rulebook.policy import Anchor, Component, Mode, PauseEffect

DAY_ONE = "民法典 201"
ORDER = "民法典 561"
NON_ACCRUAL = "CN-PAY-04"


def derivation(book: Replayed, *, dpd: int) -> tuple[Line, ...]:
    """Return the steps that lead to `dpd`, one Line each, in reading order."""
    if book.closed:
        return (
            Line(
                f"closed_{book.loan.status}",
                {"on": book.loan.status_on or book.loan.disbursed_on},
                0,
            ),
        )
    if not book.late:
        return tuple(_on_time(book))
    anchor = anchor_of(book.arrears, book.policy.dpd, on=book.as_of)
    account = _anchor_account(book, anchor)
    return (
        _oldest(book, account),
        _due_on(book, account),
        _due_amount(book, account),
        _paid(book, account),
        *_waived(book, account),
        _tolerance(book, account),
        _grace(book),
        _pauses(book, anchor),
        _first_day(book, anchor),
        *_beside(book),
        _result(book, anchor, dpd),
    )


def _anchor_account(book: Replayed, anchor: date) -> Account:
    ids = {each.demand_id for each in book.arrears if each.due == anchor}
    matching = [each for each in book.accounts if each.demand.demand_id in ids]
    # Of several due that day, the one that is late now says most.
    return next((each for each in matching if each in book.late), matching[0])


def _money(book: Replayed, minor: int) -> Money:
    return Money(book.loan.currency, minor)


def _oldest(book: Replayed, account: Account) -> Line:
    seq = account.demand.seq
    if seq == 0:
        return Line("anchor_charge", {"late": len(book.late)}, 0)
    before = [each for each in book.accounts if each.key < account.key]
    cleared = not any(each.unpaid for each in before)
    oldest = "anchor_oldest" if cleared else "anchor_oldest_rest"
    code = {
        Anchor.OLDEST_UNPAID: oldest if before else "anchor_oldest_first",
        Anchor.LAST_LATE: "anchor_last",
        Anchor.FIRST_MATERIAL_BREACH: "anchor_breach",
    }[book.policy.dpd.anchor]
    return Line(code, {"seq": seq, "late": len(book.late)}, seq)


def _due_on(book: Replayed, account: Account) -> Line:
    due, contract = account.due, account.demand.due_on
    if due != contract:
        return Line("due_moved", {"due": due, "contract": contract}, due, "民法典 203")
    return Line("due_on", {"due": due}, due)


def _due_amount(book: Replayed, account: Account) -> Line:
    demand, owed = account.demand, _money(book, account.owed)
    code = "due_amount_fee" if demand.fee else "due_amount"
    params = {
        "owed": owed,
        "principal": _money(book, demand.principal),
        "interest": _money(book, demand.interest),
        "fee": _money(book, demand.fee),
    }
    return Line(code, params, owed)


def _paid(book: Replayed, account: Account) -> Line:
    """Say what was paid on the demand, and what of each component is left."""
    days = sorted(
        {
            allocation.on
            for allocation in book.allocations
            if allocation.demand_id == account.demand.demand_id
        }
    )
    paid = _money(book, sum(account.paid.values()))
    penal = account.paid[Component.PENALTY] + account.paid[Component.COMPOUND]
    params: dict[str, object] = {
        "paid": paid,
        # This share leaves the amount due as it was.
        "penal": _money(book, penal),
        "due": _money(book, paid.minor - penal),
        "order": _order(book, days),
        "fee": _money(book, account.left[Component.FEE]),
        "interest": _money(book, account.left[Component.INTEREST]),
        "principal": _money(book, account.left[Component.PRINCIPAL]),
    }
    if book.policy.mode is Mode.MIRROR:
        return Line("paid_reported", params, paid)
    if not days:
        return Line("paid_nothing", params, paid)
    code = "paid_once" if len(days) == 1 else "paid_times"
    params |= {"times": len(days), "first": days[0], "last": days[-1]}
    return Line(code, params, paid, ORDER)


def _order(book: Replayed, days: list[date]) -> tuple[Component, ...]:
    """Return the order of components in which the last money was placed."""
    known = [day for day in days if day in book.orders]
    return book.orders[known[-1]] if known else book.policy.order


def _waived(book: Replayed, account: Account) -> Iterator[Line]:
    """Say what was given up of what makes the demand late, and what went elsewhere."""
    moved = sum(account.moved[part] for part in LATE_MAKING)
    given_up = sum(account.waived[part] for part in LATE_MAKING) - moved
    for code, minor in (("waived", given_up), ("moved", moved)):
        if minor:
            amount = _money(book, minor)
            yield Line(code, {"amount": amount}, amount)


def _beside(book: Replayed) -> Iterator[Line]:
    """Say what the days do not depend on: what is above the cap, non-accrual."""
    above, cap = sum(book.over_cap.values()), cap_of(book.loan, book.policy)
    if above and cap:
        amount = _money(book, above)
        params = {"amount": amount, "rate": cap.annual_rate, "rule": cap.rule}
        yield Line("over_cap", params, amount, cap.rule)
    since, limit = book.non_accrual_since, book.policy.non_accrual_after
    if since:
        yield Line("non_accrual", {"on": since, "limit": limit}, since, NON_ACCRUAL)


def _tolerance(book: Replayed, account: Account) -> Line:
    method = book.policy.dpd
    part, whole = method.tolerance_share.as_integer_ratio()
    shared = account.owed * part // whole
    tolerance = _money(book, max(method.tolerance_minor, shared))
    unpaid = _money(book, account.unpaid)
    code = "tolerance_passed" if tolerance.minor else "tolerance_none"
    if unpaid.minor <= tolerance.minor:
        code = "tolerance_later"  # a breach that began with a demand paid since
    return Line(code, {"unpaid": unpaid, "tolerance": tolerance}, unpaid)


def _grace(book: Replayed) -> Line:
    method = book.policy.dpd
    loan, instalment = method.grace_days_loan, method.grace_days_instalment
    code = "grace" if loan or instalment else "grace_none"
    return Line(code, {"loan": loan, "instalment": instalment}, loan)


def _pauses(book: Replayed, anchor: date) -> Line:
    method = book.policy.dpd
    _, days = days_off(anchor, method, pauses=book.loan.pauses, on=book.as_of)
    if not days:
        return Line("pauses_none", {"days": 0}, 0)
    inside = method.pause_effect is PauseEffect.INSIDE_OVERDUE
    return Line("pauses_inside" if inside else "pauses_all", {"days": days}, days)


def _first_day(book: Replayed, anchor: date) -> Line:
    if book.policy.dpd.due_date_counts:
        return Line("first_day_due", {"on": anchor}, anchor)
    return Line("first_day_after", {"on": anchor + DAY}, anchor + DAY, DAY_ONE)


def _result(book: Replayed, anchor: date, dpd: int) -> Line:
    policy, as_of = book.policy, book.as_of
    first = anchor if policy.dpd.due_date_counts else anchor + DAY
    raw, paused = days_off(anchor, policy.dpd, pauses=book.loan.pauses, on=as_of)
    name = bucket(dpd, policy.bucket_set)
    low, high = bucket_range(name, policy.bucket_set)
    params = {
        "first": first,
        "last": as_of,
        "raw": raw,
        "off": policy.dpd.grace_days_loan + paused,
        "months": tuple(_by_month(first, as_of)),
        "bucket": name,
        "low": low,
        "high": high,
        "dpd": dpd,
    }
    plain = raw == dpd
    return Line("result" if plain else "result_less", params, dpd, policy.dpd.id)


def _by_month(first: date, last: date) -> Iterator[tuple[date, int]]:
    """Yield each month's first day and the days of [first, last] in it."""
    month = first.replace(day=1)
    while month <= last:
        following = add_period(month, 1, "months")
        yield month, (min(last + DAY, following) - max(first, month)).days
        month = following


def _on_time(book: Replayed) -> Iterator[Line]:
    """Say why nothing is late: nothing unpaid, too little, or still in grace."""
    unpaid = [account for account in book.accounts if account.unpaid > 0]
    due = [account for account in unpaid if account.due <= book.as_of]
    if due:
        account = min(due, key=lambda each: each.due)
        yield _due_on(book, account)
        yield _due_amount(book, account)
        yield _paid(book, account)
        yield from _waived(book, account)
        starts = first_late_day(account.due, book.policy.dpd)
        if starts > book.as_of:
            yield Line("not_yet_late", {"on": starts}, starts, DAY_ONE)
        else:
            yield Line(
                "tolerance_within",
                _tolerance(book, account).params,
                _money(book, account.unpaid),
            )
    elif unpaid:
        coming = min(account.due for account in unpaid)
        yield Line("all_due_paid", {"next": coming}, coming)
    elif any(account.left[part] for account in book.accounts for part in Component):
        yield Line("only_penalty_left")
    else:
        yield Line("all_paid" if book.accounts else "nothing_owed")
    yield from _beside(book)
    yield Line("result_on_time", {"on": book.as_of}, 0, book.policy.dpd.id)
