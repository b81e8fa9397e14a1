"""One at a time: who counts and then acts does not count beside another."""

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
