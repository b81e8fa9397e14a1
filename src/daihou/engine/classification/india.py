"""Special mention accounts and NPA 特别关注与不良 (RBI): days decide, the due date counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from daihou.engine.basics.money import Money
from daihou.engine.classification.codes import Grade
from daihou.engine.classification.errors import ClassError
from daihou.engine.rulebook.cited import Cited, cited, in_force
from daihou.engine.rulebook.decision import Decision, Flip, Step
from daihou.engine.rulebook.law import Lawbook

RULE = "IN-01"
GRADES = tuple(Grade)


@dataclass(frozen=True, slots=True)
class IndiaRules:
    """Days past due above which an account is SMA-1, SMA-2, NPA; all of one rule."""

    sma_1_over: Cited[int]
    sma_2_over: Cited[int]
    npa_over: Cited[int]
    due_date_counts: Cited[int]

    @classmethod
    def of(cls, law: Lawbook, licence: str, on: date) -> "IndiaRules":
        """Return the rules of a day; raises ClassError where none holds."""
        found = in_force(law, RULE, licence=licence, on=on)
        names = ("sma_1_over_days", "sma_2_over_days", "npa_over_days")
        values = found and [cited(found, n) for n in (*names, "due_date_counts")]
        if not values or None in values:
            raise ClassError("no_rules", licence=licence, on=on, known="lender")
        return cls(*values)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Account:
    """An account as of a day; amounts in minor units.

    `due_date_counted`: whether `dpd` counts the due date as day 1. `approved_on`:
    people approved that it is standard again.
    """

    loan: str
    dpd: int
    arrears: int = 0
    currency: str = "INR"
    due_date_counted: bool = True
    previous: Grade | None = None
    previous_since: date | None = None
    approved_on: date | None = None


def days_counted(dpd: int, *, due_date_counted: bool, rules: IndiaRules) -> int:
    """Return days past due as the rule counts them: the due date is day 1."""
    return dpd and dpd + rules.due_date_counts.value - due_date_counted


def by_days(days: int, rules: IndiaRules) -> Grade:
    """Return the grade that days alone make."""
    if days > rules.npa_over.value:
        return Grade.NPA
    if days > rules.sma_2_over.value:
        return Grade.SMA_2
    if days > rules.sma_1_over.value:
        return Grade.SMA_1
    return Grade.SMA_0 if days else Grade.STANDARD


def grade(account: Account, rules: IndiaRules, *, as_of: date) -> Grade:
    """Return the grade at the end of a day.

    An account that is NPA stays so until all arrears are paid, and people approve.
    """
    counted = account.due_date_counted
    found = by_days(
        days_counted(account.dpd, due_date_counted=counted, rules=rules), rules
    )
    if account.previous is Grade.NPA and not _is_free(account, as_of):
        return Grade.NPA
    return found


def _is_free(account: Account, as_of: date) -> bool:
    on, since = account.approved_on, account.previous_since
    approved = on is not None and since is not None and since < on <= as_of
    return approved and account.arrears == 0 and account.dpd == 0


def classify(account: Account, rules: IndiaRules, *, as_of: date) -> Decision:
    """Return the grade of an account as a decision, with what would flip it."""
    found = grade(account, rules, as_of=as_of)
    days = days_counted(
        account.dpd, due_date_counted=account.due_date_counted, rules=rules
    )
    path = [
        rules.due_date_counts.step(
            "sma", dpd=days, to=by_days(days, rules).value, counts_as=1
        )
    ]
    if account.previous is Grade.NPA:
        path.append(_kept(account, rules, as_of))
    return Decision(
        question="sma_grade",
        subject=account.loan,
        as_of=as_of,
        answer=found.value,
        inputs=(
            ("dpd", days),
            ("arrears", Money(account.currency, account.arrears)),
            ("previous", account.previous and account.previous.value),
        ),
        path=tuple(path),
        flips=tuple(_flips(account, rules, as_of, found, days)),
    )


def _kept(account: Account, rules: IndiaRules, as_of: date) -> Step:
    if _is_free(account, as_of):
        return rules.npa_over.step("npa_left", on=account.approved_on)
    if account.arrears or account.dpd:
        owed = Money(account.currency, account.arrears)
        return rules.npa_over.step("npa_owes", arrears=owed)
    return rules.npa_over.step("npa_unapproved")


def _flips(
    account: Account, rules: IndiaRules, as_of: date, now: Grade, days: int
) -> Iterator[Flip]:
    turns = (rules.sma_1_over, rules.sma_2_over, rules.npa_over)
    for limit in turns if days and now is not Grade.NPA else ():
        if limit.value >= days:
            on = as_of + timedelta(days=limit.value + 1 - days)
            becomes = limit.value + 1
            yield Flip("dpd", days, becomes, by_days(becomes, rules).value, on)
            break
    if days and account.previous is not Grade.NPA:
        nothing = Money(account.currency, 0)
        owed = Money(account.currency, account.arrears)
        yield Flip("arrears", owed, nothing, Grade.STANDARD.value)
