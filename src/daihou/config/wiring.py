"""Start Django and bind the ports: what a process does before it uses the rooms."""

import os
from collections.abc import Mapping
from datetime import date

from daihou.config import database, tables
from daihou.config.home import home
from daihou.kit import speech


def start() -> None:
    """Join the database, see to its tables and set Django up; again: nothing more.

    Raises SetUpError when a server of your own still has to be migrated.
    """
    from django.apps import apps

    database.join()
    if not apps.ready:  # else this process has looked before
        tables.see_to()
    setup()


def setup() -> None:
    """Set Django up, whatever tables the database has: for what makes them."""
    database.join()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daihou.config.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    speech.tell_django()
    bind()


def bind() -> None:
    """Give the rooms what the night keeps: positions and classes of closed days."""
    from daihou.config import book, clock
    from daihou.kit import grades, legal_clocks, portfolio, ports, provisions, steps
    from daihou.nightly.grading.grader import Grader
    from daihou.nightly.legal_clocks import Reckoner
    from daihou.nightly.portfolio.book import PortfolioBook
    from daihou.nightly.provision import Provider
    from daihou.nightly.stores.classes import GradedBook
    from daihou.nightly.strategy.maker import StepMaker

    ports.bind_book(GradedBook(home(), _standing, _graded))
    url, engine = database.database_url(), book.engine()
    grades.bind_grader(Grader(url=url, home=home(), engine=engine))
    legal_clocks.bind_reckoner(Reckoner(url=url))
    provisions.bind_provider(Provider(url=url, home=home(), engine=engine))
    steps.bind_step_maker(StepMaker(url=url, home=home(), engine=engine))
    portfolio.bind_portfolio(
        PortfolioBook(url=url, home=home(), now=clock.now, engine=engine)
    )


def _standing() -> Mapping[date, str]:
    """The fingerprint that stands for each closed date, over Django's connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select as_of, fingerprint from dayend_run where current")
        return dict(cursor.fetchall())


def _graded() -> Mapping[date, str]:
    """The fingerprint of the classes that stand for each graded date."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select as_of, fingerprint from grading_run where current")
        return dict(cursor.fetchall())
