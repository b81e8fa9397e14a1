"""Who is at the other end, whether one may contact them, and what they owe."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext

from daihou.kit import ladder, numbers
from daihou.rooms.casework import forms_desk
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.contact import door as contact
from daihou.rooms.ledger import door as ledger

GOOD_FOR = timedelta(minutes=15)
_LONGEST_STEP = 62  # days looked ahead for the next step of the ladder


@dataclass(frozen=True, slots=True)
class Mark:
    """A chip beside the name."""

    kind: str
    shape: str
    word: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What of a cap is used up by a channel; `pips` are its dots."""

    word: str
    used: int
    most: int

    @property
    def pips(self) -> Sequence[bool]:
        """A dot each, filled where used; none where there are too many to draw."""
        return (
            [place < self.used for place in range(self.most)] if self.most < 9 else ()
        )


@dataclass(frozen=True, slots=True)
class WayShown:
    """One channel in the panel of reasons."""

    word: str
    masked: str
    chip: words.Chip
    said: str
    counts: Sequence[object]


@dataclass(frozen=True, slots=True)
class Gate:
    """The band: the verdict on a call now, and the answer that was kept, if one was."""

    kind: str
    shape: str
    word: str
    sentence: str
    counts: Sequence[Counted]
    others: str
    ways: Sequence[WayShown]
    decision_id: int
    good_until: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the sum, minor units."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed, as an equation, and since when; minor units of `currency`."""

    currency: str
    total: int
    stands: str  # at the close of which day, or that today's money is in it
    left_out: str  # what is disputed of it, in words
    parts: Sequence[Part]
    bucket: str
    late: str
    since: str
    principal: int
    loan_url: str
    paid: str
    others: str
    spark: str
    spark_end: str
    spark_said: str


def facts_of(
    who: ledger.reading.Who, masked: str, *, loans: int, today: date
) -> Sequence[str]:
    """Who it is in a line: sex and age, language, number, document, loans."""
    sex = {
        "female": pgettext("person", "Woman"),
        "f": pgettext("person", "Woman"),
        "male": pgettext("person", "Man"),
        "m": pgettext("person", "Man"),
    }.get(who.gender.lower(), "")
    age = ""
    if who.birth_on:
        passed = (today.month, today.day) >= (who.birth_on.month, who.birth_on.day)
        age = str(today.year - who.birth_on.year - (0 if passed else 1))
    person = gettext("%(sex)s, %(age)s") % {"sex": sex, "age": age}
    count = ngettext("%(n)s loan", "%(n)s loans", loans) % {"n": loans}
    tongue = "" if who.language.lower().startswith("zh") else who.language
    told = [person if sex and age else sex or age, tongue, masked, who.id_no]
    return [each for each in (*told, count) if each]


def marks_of(
    who: ledger.reading.Who,
    standing: contact.Standing,
    case: CaseLine,
) -> Sequence[Mark]:
    """What one must know before speaking: flags, holds, what was agreed."""
    found = []
    if who.kind not in ("", "person"):
        found.append(Mark("mute", "sq", gettext("Company")))
    found += [Mark("warn", "dia", word) for _kind, word in standing.flags]
    if case.held:
        found.append(Mark("warn", "bars", gettext("Left in peace")))
    if case.disputed:
        money = numbers.money_text(case.disputed, currency=case.currency)
        found.append(
            Mark("warn", "half", gettext("%(money)s disputed") % {"money": money})
        )
    if case.resolution not in ("none", ""):
        found.append(Mark("info", "flag", words.resolution_word(case.resolution)))
    if case.legal not in ("none", ""):
        found.append(Mark("mute", "sq", words.legal_word(case.legal)))
    return found


def gate_of(
    standing: contact.Standing,
    *,
    at: datetime,
    decision: Mapping[str, object],
) -> Gate:
    """The band over the case; `decision` is the kept answer one works on, or empty."""
    way = standing.call or next(iter(standing.ways.values()), None)
    kind, shape, word = _verdict(way)
    asked_at = decision.get("asked_at")
    good = datetime.fromisoformat(str(asked_at)) + GOOD_FOR if asked_at else None
    return Gate(
        kind=kind,
        shape=shape,
        word=word,
        sentence=_sentence(way, at=at),
        counts=[
            Counted(each.word, *_tightest(each))
            for each in standing.ways.values()
            if each.counts
        ],
        others=gettext("Family, employer: no"),
        ways=[
            WayShown(
                each.word,
                each.masked,
                contact.verdict_chip(each.verdict),
                _sentence(each, at=at),
                each.counts,
            )
            for each in standing.ways.values()
        ],
        decision_id=forms_desk.whole(str(decision.get("id") or 0)),
        good_until=good,
    )


def _tightest(way: contact.Way) -> tuple[int, int]:
    """Used and most of the cap that allows the fewest more."""
    cap = min(way.counts, key=lambda each: each.most - each.used)
    return cap.used, cap.most


def _verdict(way: contact.Way | None) -> words.Chip:
    if way is None:
        return ("mute", "cross", pgettext("gate", "Nobody to contact"))
    known: dict[str, words.Chip] = {
        "allow": ("good", "tick", pgettext("gate", "You may contact")),
        "defer": ("warn", "half", pgettext("gate", "Later")),
        "deny": ("bad", "cross", pgettext("gate", "You may not contact")),
    }
    return known[way.verdict]


def _sentence(way: contact.Way | None, *, at: datetime) -> str:
    """Who and until when, or from when and why not."""
    if way is None:
        return str(gettext("No number, or no live loan that you see."))
    if way.may:
        if way.until is None:
            return str(gettext("Borrower only"))
        return str(
            gettext("Borrower only, until %(time)s, %(left)s left")
            % {
                "time": f"{timezone.localtime(way.until):%H:%M}",
                "left": words.span((way.until - at).total_seconds()),
            }
        )
    if way.until is not None:
        return str(
            gettext("Not before %(at)s: %(why)s")
            % {
                "at": words.by_moment(way.until, today=timezone.localdate(at)),
                "why": way.why,
            }
        )
    return way.why


def owed_of(
    rows: Sequence[ledger.reading.Owed],
    case: CaseLine,
    *,
    today: date,
    paid_today: int,
    months: Sequence[int] = (),
) -> Owed:
    """The sum over the loans of the case's currency; the latest tells since when."""
    mine = [row for row in rows if row.currency == case.currency]
    late = [row for row in mine if row.dpd > 0]
    first = mine[0] if mine else None
    paid = ""
    if paid_today:
        money = numbers.money_text(paid_today, currency=case.currency)
        paid = gettext("%(money)s came today") % {"money": money}
    return Owed(
        currency=case.currency,
        total=sum(row.overdue_total for row in mine) if mine else case.overdue_total,
        stands=_stands(first, today=today),
        left_out=_left_out(case),
        parts=[
            Part(gettext("Principal"), sum(r.principal for r in mine)),
            Part(gettext("Interest"), sum(r.interest for r in mine)),
            Part(gettext("Penalty"), sum(r.penalty for r in mine)),
            Part(gettext("Compound"), sum(r.compound for r in mine)),
            Part(gettext("Fee"), sum(r.fee for r in mine)),
        ],
        bucket=first.bucket if first else case.delinquency,
        late=_late(first.dpd if first else case.dpd),
        since=_since(first),
        principal=sum(row.outstanding_principal for row in mine),
        loan_url=reverse("ledger:loan", args=[first.loan_id]) if first else "",
        paid=paid,
        others=_others(len(mine), len(late)),
        spark=_spark(months),
        spark_end=_height(months[-1], months) if months else "",
        spark_said=gettext("Worst days past due by month: %(days)s")
        % {"days": ", ".join(str(each) for each in months)},
    )


def _stands(row: ledger.reading.Owed | None, *, today: date) -> str:
    """On which day the figures stand."""
    if row is None:
        return ""
    if row.changed_on >= today:
        return str(gettext("with the money of today"))
    day = numbers.day_text(row.changed_on, language=words.language())
    return str(gettext("as of the close of %(day)s") % {"day": day})


def _left_out(case: CaseLine) -> str:
    """That a part is disputed, and what may be asked for; '' where nothing is."""
    if not case.disputed:
        return ""
    return str(
        gettext("%(disputed)s of it is disputed and left in peace; ask for %(asked)s")
        % {
            "disputed": numbers.money_text(case.disputed, currency=case.currency),
            "asked": numbers.money_text(case.asked, currency=case.currency),
        }
    )


def _height(days: int, months: Sequence[int]) -> str:
    """How high a month stands in the little drawing: the worst at the top."""
    most = max(*months, 1)
    return f"{27 - 24 * days / most:.1f}"


def _spark(months: Sequence[int]) -> str:
    """The path of the little drawing; '' where every month was in time."""
    if not any(months) or len(months) < 2:
        return ""
    step = 78 / (len(months) - 1)
    points = [
        f"{2 + step * place:.1f},{_height(days, months)}"
        for place, days in enumerate(months)
    ]
    return "M" + " L".join(points)


def _late(dpd: int) -> str:
    if dpd <= 0:
        return str(gettext("Not late"))
    return str(ngettext("%(n)s day past due", "%(n)s days past due", dpd) % {"n": dpd})


def _since(row: ledger.reading.Owed | None) -> str:
    """From which day on, and when it becomes the next step of the ladder."""
    if row is None or row.dpd <= 0 or row.oldest_due_on is None:
        return ""
    day = numbers.day_text(row.oldest_due_on, language=words.language())
    now = ladder.step(row.dpd)
    ahead = [n for n in range(1, _LONGEST_STEP) if ladder.step(row.dpd + n) != now]
    if not ahead:
        return str(gettext("since %(day)s") % {"day": day})
    return str(
        gettext("since %(day)s, %(bucket)s in %(n)s days")
        % {
            "day": day,
            "bucket": numbers.bucket_word(ladder.step(row.dpd + ahead[0])),
            "n": ahead[0],
        }
    )


def _others(loans: int, late: int) -> str:
    if loans < 2:
        return ""
    if late < 2:
        return str(
            ngettext(
                "The other loan is not late", "The other loans are not late", loans - 1
            )
        )
    return str(gettext("%(late)s of %(n)s loans are late") % {"late": late, "n": loans})
