"""The standing of an exposure as a decision, with what would flip it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from daihou.engine.basics.money import Money
from daihou.engine.classification.codes import Sign, Standing, names
from daihou.engine.classification.eu import (
    EuRules,
    Exposure,
    Stood,
    default_day,
    stand,
)
from daihou.engine.rulebook.decision import Decision, Flip, Said


def classify(exposure: Exposure, rules: EuRules, *, as_of: date) -> Decision:
    """Return the standing of an exposure at the end of a day as a decision."""
    found = stand(exposure, rules, as_of=as_of)
    inputs: dict[str, Said] = {
        "arrears": Money(exposure.currency, exposure.arrears),
        "exposure": Money(exposure.currency, exposure.exposure),
        "is_retail": exposure.is_retail,
        "signs": names(exposure.signs),
        "material_since": found.material_since,
        "previous": exposure.previous and exposure.previous.value,
        "ceased_on": exposure.ceased_on,
        "forborne_on": exposure.forborne_on,
        "until": found.until,
    }
    return Decision(
        question="default",
        subject=exposure.loan,
        as_of=as_of,
        answer=found.standing.value,
        inputs=tuple(each for each in inputs.items() if each[1] not in (None, ())),
        path=found.steps,
        flips=tuple(_flips(exposure, rules, as_of, found)),
    )


def _flips(
    exposure: Exposure, rules: EuRules, as_of: date, found: Stood
) -> Iterator[Flip]:
    now, since = found.standing, found.material_since
    if since is not None and now is not Standing.DEFAULT:
        on = default_day(since, rules)
        days, now_days = rules.over_days.value + 1, (as_of - since).days + 1
        yield Flip("dpd", now_days, days, Standing.DEFAULT.value, on)
    paid = stand(replace(exposure, arrears=0, dpd=0), rules, as_of=as_of)
    if exposure.arrears and paid.standing is not now:
        owed, nothing = (
            Money(exposure.currency, each) for each in (exposure.arrears, 0)
        )
        yield Flip("arrears", owed, nothing, paid.standing.value)
    for sign in (Sign.UNLIKELY_TO_PAY, Sign.CREDIT_IMPAIRED):
        if sign in exposure.signs:
            without = replace(exposure, signs=exposure.signs & ~sign)
            to = stand(without, rules, as_of=as_of).standing
            if to is not now:
                yield Flip(
                    f"sign_{sign.code}", now=True, becomes=False, answer=to.value
                )
    if found.until is not None and exposure.arrears == 0:
        on = max(found.until, as_of)
        raised = stand(replace(exposure, approved_on=on), rules, as_of=on)
        if raised.standing is not now:
            yield Flip("upgrade", now.value, None, raised.standing.value, on)
