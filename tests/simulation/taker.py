"""A process that takes the same files in under a new source each time it is told to.

For each line `SOURCE` it makes a child, says `begun PID`, and `over` when the child is
gone, killed or not; the child says `state STATE` once its intake is committed.
"""

import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path

LOANS = 400
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def say(text: str) -> None:
    """One line in one write: a kill cannot cut it."""
    os.write(1, f"{text}\n".encode())


def write(folder: Path) -> None:
    """Customers, loans, their instalments and a payment each."""
    tables: dict[str, list[str]] = {
        "customers": ["customer_id,kind,name"],
        "loans": [
            (
                "loan_id,customer_id,product,currency,principal,annual_rate,method,"
                "periods,period_unit,disbursed_on,first_due_on,status"
            )
        ],
        "payments": ["payment_id,loan_id,paid_on,amount"],
    }
    for number in range(LOANS):
        tables["customers"].append(f"C{number},person,客户{number}")
        tables["loans"].append(
            f"L{number},C{number},consumer_loan,CNY,12000,0.144,equal_instalment,12,"
            "months,2026-01-15,2026-02-15,active"
        )
        tables["payments"].append(f"P{number},L{number},2026-02-15,{1000 + number}.50")
    for name, lines in tables.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")


def take(folder: Path, source: str) -> str:
    """Take the folder in; what it came to."""
    from daihou.rooms.intake import door

    paths = sorted(folder.glob("*.csv"))
    order = door.Order(files=[(path, path.name) for path in paths], source=source)
    deed = door.Deed(by="taker", at=AT, business_date=date(2026, 11, 20))
    return str(door.take_files(order, deed).state)


def main() -> None:
    """Serve orders until the input ends."""
    from daihou.config import wiring

    wiring.start()
    from django.db import connection

    from daihou.rooms.intake import door  # noqa: F401 - loaded once, before forking

    folder = Path(sys.argv[1])
    say("ready")
    for line in sys.stdin:
        connection.close()
        child = os.fork()
        if child == 0:
            say(f"begun {os.getpid()}")
            say(f"state {take(folder, line.strip())}")
            os._exit(0)
        os.waitpid(child, 0)
        say("over")


if __name__ == "__main__":
    main()
