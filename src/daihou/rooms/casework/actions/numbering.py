"""The numbers of cases: A, the day, and a serial of the day."""

from datetime import date

from django.db import connection


def next_numbers(day: date, *, count: int) -> int:
    """Reserve `count` serials of a day; the first of them.

    Held to the end of the transaction: numbers of a day have no holes by accident.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into casework_number (on_day, last) values (%s, %s)"
            " on conflict (on_day) do update set last = casework_number.last + %s"
            " returning last",
            [day, count, count],
        )
        return int(cursor.fetchone()[0]) - count + 1


def number_of(day: date, serial: int) -> str:
    """The number of a case: `A26032000017`."""
    return f"A{day:%y%m%d}{serial:05d}"
