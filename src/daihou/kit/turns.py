"""One at a time: who counts and then acts does not count beside another."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def in_turn(*names: str) -> None:
    """Wait until nobody else is between here and the end of their transaction.

    Turns of other names go on side by side. Call it in a transaction, before what is
    counted is read.
    """
    assert connection.in_atomic_block, "a turn ends with its transaction"
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", ["|".join(names)]
        )


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether nobody else is at it; who is not alone leaves it, nobody waits.

    For work of many transactions: it is held by the connection until the block ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (got,) = cursor.fetchone()
    try:
        yield got
    finally:
        if got:
            with connection.cursor() as cursor:
                cursor.execute(
                    "select pg_advisory_unlock(hashtextextended(%s, 0))", [name]
                )
