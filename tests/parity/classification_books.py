"""Small books for classification, drawn so that ties and thresholds are common."""

from datetime import date, timedelta

from hypothesis import strategies as st

from daihou.engine.classification.codes import (
    NO_CAUSE,
    NO_SIGN,
    AssetClass,
    Cause,
    Event,
    Guarantee,
    Sign,
)
from daihou.engine.classification.facts import ClassFacts, Happened, Period
from daihou.engine.classification.rules import ClassificationRules
from daihou.packs import law

AS_OF = date(2026, 8, 31)
EDGES = (0, 0, 0, 1, 7, 8, 30, 31, 90, 91, 180, 181, 270, 271, 360, 361)
AMOUNTS = (0, 1, 9, 10, 45, 90, 100, 10**13)
# Days around the ends of months and around what a year or half a year ago was.
DAYS = tuple(
    AS_OF - timedelta(days=back)
    for back in (*(0, 1, 30, 31, 62, 180, 184, 185, 364, 365, 366), *(549, 730, 731))
)
PERIODS = (Period(), Period(months=1), Period(months=6), Period(months=12))
PERIODS += (Period(days=14), Period(days=400))
RULES = {
    licence: ClassificationRules.of(law.known(), licence, on)
    for licence, on in (
        ("bank", AS_OF),
        ("consumer_finance", AS_OF),
        ("microloan", AS_OF),
    )
}
RULES["bank in 2015"] = ClassificationRules.of(law.known(), "bank", date(2015, 8, 31))
days = st.sampled_from(DAYS)
classes = st.sampled_from(tuple(AssetClass))
signs = st.lists(st.sampled_from(tuple(Sign)), max_size=4).map(
    lambda found: Sign(sum(set(found)))
)
causes = st.lists(st.sampled_from(tuple(Cause)), max_size=2).map(
    lambda found: Cause(sum(set(found)))
)


@st.composite
def happened(draw: st.DrawFn) -> Happened:
    event = draw(st.sampled_from((Event.RESTRUCTURED, Event.RESTRUCTURED, *Event)))
    on = draw(days)
    if event is not Event.RESTRUCTURED:
        return Happened(event, on)
    first = on + timedelta(days=draw(st.sampled_from((0, 1, 30))))
    return Happened(event, on, first, draw(st.sampled_from(PERIODS)))


@st.composite
def claims(draw: st.DrawFn, loan: str = "a", customer: str = "c") -> ClassFacts:
    """One claim; most have nothing but their days, for much of a book is so."""
    rich = draw(st.booleans())
    total = draw(st.sampled_from(AMOUNTS))
    before = draw(st.one_of(st.none(), classes)) if rich else None
    to = draw(st.one_of(st.none(), classes)) if before else None
    return ClassFacts(
        loan=loan,
        customer=customer,
        currency=draw(st.sampled_from(("CNY", "CNY", "CNY", "USD"))),
        balance=draw(st.sampled_from(AMOUNTS)),
        arrears=draw(st.sampled_from((0, 0, 1, 100))),
        dpd=draw(st.sampled_from(EDGES)),
        is_retail=draw(st.booleans()),
        guarantee=draw(st.sampled_from(tuple(Guarantee))),
        signs=draw(signs) if rich else NO_SIGN,
        expected_loss=draw(st.sampled_from((None, *AMOUNTS))) if rich else None,
        market_late=min(total, draw(st.sampled_from(AMOUNTS))) if rich else 0,
        market_total=total if rich else 0,
        period=draw(st.sampled_from(PERIODS)),
        cleared_on=draw(st.one_of(st.none(), days)) if before else None,
        missed_on=draw(st.one_of(st.none(), days)) if before else None,
        acquired_on=draw(st.one_of(st.none(), st.none(), days)) if before else None,
        judged_class=draw(st.one_of(st.none(), st.none(), classes)) if rich else None,
        previous_class=before,
        previous_causes=draw(causes) if before is not None else NO_CAUSE,
        previous_since=draw(st.one_of(st.none(), days)) if before else None,
        upgrade_to=to,
        upgrade_on=draw(days) if to is not None else None,
        events=tuple(draw(st.lists(happened(), max_size=5))) if rich else (),
    )


@st.composite
def books(draw: st.DrawFn, most: int = 6) -> list[ClassFacts]:
    """A few claims on a few customers."""
    size = draw(st.integers(1, most))
    return [
        draw(claims(loan=str(place), customer=draw(st.sampled_from("cde"))))
        for place in range(size)
    ]


rules = st.sampled_from(tuple(RULES.values()))
