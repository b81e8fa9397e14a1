"""A process that posts payments and is killed in the middle of it.

Run by test_kill_payments: reads `go` from its input, forks a child that does every
deed of the list from the start and says each one once it is committed, waits for it
to end or be killed, and says `over`.
"""

import os
import sys
from datetime import date, timedelta

DEEDS = 60
LOANS = 4
FIRST = date(2026, 2, 1)


def say(text: str) -> None:
    """One line in one write: a kill cannot cut it."""
    os.write(1, f"{text}\n".encode())


def deeds() -> list[tuple[str, int]]:
    """Pay and, after every fifth payment, take the one before it back."""
    told: list[tuple[str, int]] = []
    for number in range(DEEDS):
        told.append(("pay", number))
        if number % 5 == 4:
            told.append(("reverse", number - 1))
    return told


def do(what: str, number: int) -> None:
    """Do one deed; done before, it changes nothing."""
    from daihou.rooms.ledger import door as ledger
    from daihou.rooms.ledger.models import Loan, Payment
    from tests.rooms.cast import AT, HAND, TODAY, pay

    if what == "pay":
        loan = Loan.objects.get(external_id=f"L{number % LOANS}")
        paid_on = min(TODAY, FIRST + timedelta(days=number))
        pay(loan, f"P{number}", paid_on=paid_on, amount=1_000 + number)
        return
    ledger.posting.reverse_payment(
        payment_id=Payment.objects.get(external_id=f"P{number}").pk,
        reversed_on=TODAY,
        reason="bounced",
        by=HAND,
        at=AT,
        business_date=TODAY,
    )


def do_all() -> None:
    """Every deed, from the start, as a sender repeats what it is not sure of."""
    say(f"begun {os.getpid()}")
    for what, number in deeds():
        do(what, number)
        say(f"{what} {number}")


def main() -> None:
    """Fork once for each `go`."""
    from daihou.config import wiring

    wiring.start()
    say("ready")
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            do_all()
            os._exit(0)
        os.waitpid(child, 0)
        say("over")


if __name__ == "__main__":
    main()
