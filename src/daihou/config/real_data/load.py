"""Take the prepared files in as any lender's, and read the facts back for the night."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pyarrow as pa

from daihou.config import clock
from daihou.config.real_data.prepared import FILES
from daihou.config.real_data.source import WrongLayout
from daihou.kit import speech
from daihou.kit.speech import gettext

SOURCE = MAPPING = "auto_abs"
BY = "daihou real-data"
SHOWN = 10  # faults printed, at most


@dataclass(frozen=True, slots=True)
class Facts:
    """The book as the night reads it, and the sender's id of each loan (`names`)."""

    loans: pa.Table
    demands: pa.Table
    payments: pa.Table
    names: pa.Table


def load(
    place: Path, *, mappings: Path, today: date, say: Callable[[str], None]
) -> Facts:
    """Take in `place/prepared` into the database of `place`, and read the facts.

    `today` is the last day the files tell of. The database is made when it is not
    there; files it has taken in before change nothing. Raises WrongLayout with the
    findings when intake refuses.
    """
    # Before Django reads its settings: this run's database is its own.
    os.environ["DAIHOU_HOME"] = str(place)
    os.environ.pop("DATABASE_URL", None)
    from django.core.management import call_command

    from daihou.config import wiring
    from daihou.config.database import database_url

    wiring.start()
    call_command("migrate", interactive=False, verbosity=0)
    _take_in(place / "prepared", mappings=mappings, today=today, say=say)
    return _facts(database_url(), today=today)


def _take_in(
    folder: Path, *, mappings: Path, today: date, say: Callable[[str], None]
) -> None:
    from daihou.rooms.intake import door as intake

    order = intake.Order(
        files=[(folder / name, name) for name in FILES],
        source=SOURCE,
        mapping=intake.load(intake.find(MAPPING, folders=[mappings])),
    )
    deed = intake.Deed(
        by=BY,
        at=clock.now(),
        business_date=today,
        language=speech.language(),
        now=clock.now,
    )
    outcome = intake.take_files(order, deed)
    if outcome.state is intake.BatchState.REFUSED:
        faults = "\n".join(map(str, outcome.faults[:SHOWN]))
        raise WrongLayout(
            gettext(
                "Intake refused the files: %(codes)s. Correct them and run this again."
            )
            % {"codes": dict(outcome.codes)}
            + f"\n{faults}"
        )
    if outcome.state is intake.BatchState.KNOWN:
        say(gettext("The book of these files is there already."))
    for table, counts in outcome.tables.items():
        say(
            gettext("%(table)s: %(added)s added, %(changed)s changed")
            % {
                "table": table,
                "added": f"{counts.added:,}",
                "changed": f"{counts.changed:,}",
            }
        )


def _facts(url: str, *, today: date) -> Facts:
    from daihou.nightly import export
    from daihou.nightly.rules import shipped
    from daihou.nightly.stores.facts import penalty_rates, read_snapshot

    rules = shipped()
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        held = read_snapshot(connection, url, rules=rules, as_of=today)
    rates = penalty_rates(held.loans, rules.policies_on(today))
    return Facts(
        loans=held.loans.append_column("penalty_rate_nano", rates),
        demands=held.demands,
        payments=held.payments,
        names=export.read_names(url),
    )
