"""Close the open day, or run a closed one again."""

from typing import TYPE_CHECKING, Any

import click

from daihou.config.commands import _language, _night
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from daihou.nightly.explain import Say
    from daihou.nightly.plan import Plan
    from daihou.nightly.run import DayClosed, Night

SHOWN = 20  # lines of a difference printed before "and so many more"


@click.command()
@click.option("--as-of", type=_night.DATE, help="The day to close, or to run again.")
@click.option("--through", type=_night.DATE, help="Close every day up to this one.")
@click.option("--plan", "only_plan", is_flag=True, help="Show it; write nothing.")
@_language.option
def command(as_of: Any, through: Any, *, only_plan: bool) -> None:
    """Close the open day: plan, apply, and turn the business date.

    A day already closed is run again and gives the same bits unless facts or rules
    changed; then the difference is printed. Facts reported late run their days
    again by themselves. A broken-off day-end is taken up where it stopped.
    """
    if as_of and through:
        raise click.UsageError(gettext("Give --as-of or --through, not both."))
    say = _night.speaker()
    with _night.night() as night:
        if through:
            night.must_lie_ahead(through.date())
        if only_plan:
            show_plan(night.plan(_night.day(as_of or through)), say)
            click.echo(say("nothing_written"))
            return
        live(night, say, as_of=_night.day(as_of), through=_night.day(through))


def live(night: "Night", say: "Say", *, as_of: Any, through: Any) -> int:
    """Close the days and print each as it is done; return how many."""
    from rich.console import Console

    count, last = 0, None
    with Console().status("") as status:
        for closed in night.close(as_of, through=through):
            count += 1
            last = closed
            status.update(str(closed.run.as_of))
            tell(closed, say)
    if last is not None and count == 1:
        show_plan(last.plan, say)
        for step in last.steps:
            click.echo(f"{say(step.name)}: {step.seconds:.2f} s, {step.rows:,}")
    return count


def tell(closed: "DayClosed", say: "Say") -> None:
    """One line a day; a re-run also shows what it changed."""
    from daihou.nightly import explain

    seconds = sum(step.seconds for step in closed.steps)
    line = {"as_of": closed.run.as_of, "fingerprint": closed.fingerprint[:16]}
    if closed.differences is None:
        plan = closed.plan
        numbers = {"seconds": seconds, "late": plan.late, "moving": plan.moving}
        click.echo(say("closed", **line, **numbers))
        return
    reason = explain.reason_words(closed.reason, say)
    count = closed.differences.num_rows
    if closed.same:
        click.echo(say("same", **line, reason=reason))
        return
    click.echo(say("again", **line, reason=reason, n=count))
    shown = closed.differences.slice(0, SHOWN)
    names = _night.names_of(shown["loan_id"].to_pylist())
    as_of = closed.run.as_of
    _night.show(explain.difference_rows(shown, as_of, say, names))
    if count > SHOWN:
        click.echo(say("more", n=count - SHOWN))


def show_plan(plan: "Plan", say: "Say") -> None:
    """Print what a day-end changes: sums, moves between buckets, the first loans."""
    from daihou.nightly import explain

    for line in explain.summary(plan, say):
        click.echo(line)
    _night.show(explain.move_rows(plan, say), title=say("moves"))
    if plan.first:
        names = _night.names_of(loan.loan_id for loan in plan.first)
        title = say("first", n=len(plan.first))
        _night.show(explain.loan_rows(plan, say, names), title=title)
