"""One method for each operation of the API.

Made from the specification by `python tools/client.py`; do not edit.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from daihou_client.decoding import decode, encode
from daihou_client.shapes import (
    BatchIn,
    BatchOut,
    BusinessDate,
    CalcPayoff,
    CalcSchedule,
    ChargeIn,
    ChargeOut,
    ClosedPosition,
    ClosedPositionPage,
    Customer,
    CustomerLine,
    CustomerLinePage,
    DayEnd,
    DayEndAsked,
    DayEndIn,
    DayEndPage,
    DayEndRequest,
    DayEndRequestPage,
    Delivery,
    DeliveryDone,
    DeliveryPage,
    Event,
    EventPage,
    Intake,
    IntakeDone,
    IntakePage,
    IntakeRows,
    Loan,
    LoanPage,
    Me,
    Payment,
    PaymentIn,
    PaymentPage,
    Payoff,
    Plan,
    PlanIn,
    PlanOut,
    Position,
    PostedOut,
    Replayed,
    ReversalIn,
    Webhook,
    WebhookDone,
    WebhookIn,
    WebhookKey,
    WebhookPage,
)
from daihou_client.transport import Transport


class Client:
    """The API of one lender, as the person of one token."""

    def __init__(
        self,
        address: str,
        *,
        token: str,
        language: str = "zh-CN",
        transport: Transport | None = None,
    ) -> None:
        """`address` is where the site is, without `/api`."""
        self._at = transport or Transport(address, token, language)

    def get_business_date(self) -> BusinessDate:
        """Read the business date.

        The day the book lives in, which is not the day of the clock.
        """
        return decode(BusinessDate, self._at.call("GET", "/api/v1/business-date"))

    def calc_payoff(self, body: Mapping[str, Any]) -> CalcPayoff:
        """Reckon what closes a loan that was sent.

        At the end of `as_of`; the body is a loan as `daihou settle` reads it.
        """
        return decode(
            CalcPayoff,
            self._at.call("POST", "/api/v1/calc/payoff", content=encode(body)),
        )

    def calc_schedule(self, body: Mapping[str, Any]) -> CalcSchedule:
        """Reckon the plan of a contract.

        The body is a loan as `daihou settle` reads it; of it only `terms`, `product` or
        `policy`, and `closed_days` count.
        """
        return decode(
            CalcSchedule,
            self._at.call("POST", "/api/v1/calc/schedule", content=encode(body)),
        )

    def calc_settle(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Settle one loan that was sent.

        What it owes, how late it is and why, at the end of `as_of`. The body is a loan
        as `daihou settle` reads it; nothing is kept.
        """
        return decode(
            dict[str, Any],
            self._at.call("POST", "/api/v1/calc/settle", content=encode(body)),
        )

    def list_customers(
        self, *, cursor: str = "", limit: int = 50, number: str = "", source: str = ""
    ) -> CustomerLinePage:
        """List customers.

        Those with a loan, or a part in a loan, that the token's person may see.
        """
        return decode(
            CustomerLinePage,
            self._at.call(
                "GET",
                "/api/v1/customers",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "number": number,
                    "source": source,
                },
            ),
        )

    def each_customer(
        self, *, number: str = "", source: str = ""
    ) -> Iterator[CustomerLine]:
        """Every page of `list_customers`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_customers(
                number=number, source=source, cursor=cursor, limit=500
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_customer(self, customer: str | int, *, source: str = "") -> Customer:
        """Read a customer. With their loans in scope and masked ways to reach them."""
        return decode(
            Customer,
            self._at.call(
                "GET",
                "/api/v1/customers/{customer}",
                path_values={"customer": customer},
                query={"source": source},
            ),
        )

    def list_day_end_requests(
        self, *, cursor: str = "", limit: int = 50
    ) -> DayEndRequestPage:
        """List what was asked of the night. In the order in which it was asked."""
        return decode(
            DayEndRequestPage,
            self._at.call(
                "GET",
                "/api/v1/day-end-requests",
                query={"cursor": cursor, "limit": limit},
            ),
        )

    def each_day_end_request(self) -> Iterator[DayEndRequest]:
        """Every page of `list_day_end_requests`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_day_end_requests(cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def request_day_end(
        self, body: DayEndIn, *, key: str | None = None, dry_run: bool = False
    ) -> DayEndAsked:
        """Ask for a day-end.

        The worker carries it out. While one waits or runs, the same asked again gives
        that one and another is refused.
        """
        return decode(
            DayEndAsked,
            self._at.call(
                "POST",
                "/api/v1/day-end-requests",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_day_end_request(self, number: int) -> DayEndRequest:
        """Read one request to the night.

        Ask again until its state is done or failed.
        """
        return decode(
            DayEndRequest,
            self._at.call(
                "GET",
                "/api/v1/day-end-requests/{number}",
                path_values={"number": number},
            ),
        )

    def list_day_ends(self, *, cursor: str = "", limit: int = 50) -> DayEndPage:
        """List the day-ends. In the order in which they were run."""
        return decode(
            DayEndPage,
            self._at.call(
                "GET", "/api/v1/day-ends", query={"cursor": cursor, "limit": limit}
            ),
        )

    def each_day_end(self) -> Iterator[DayEnd]:
        """Every page of `list_day_ends`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_day_ends(cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_day_end(self, run: int) -> DayEnd:
        """Read a day-end. With its steps and the fingerprint of what it found."""
        return decode(
            DayEnd,
            self._at.call("GET", "/api/v1/day-ends/{run}", path_values={"run": run}),
        )

    def list_events(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        after: int = 0,
        type: str = "",
        subject_type: str = "",
        subject_id: str = "",
    ) -> EventPage:
        """List events.

        Earliest first, from `after` (the number of an event) or a cursor on. The list
        is complete as far as it goes: no event can appear later before one that was
        listed.
        """
        return decode(
            EventPage,
            self._at.call(
                "GET",
                "/api/v1/events",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "after": after,
                    "type": type,
                    "subject_type": subject_type,
                    "subject_id": subject_id,
                },
            ),
        )

    def each_event(
        self,
        *,
        after: int = 0,
        type: str = "",
        subject_type: str = "",
        subject_id: str = "",
    ) -> Iterator[Event]:
        """Every page of `list_events`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_events(
                after=after,
                type=type,
                subject_type=subject_type,
                subject_id=subject_id,
                cursor=cursor,
                limit=500,
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def list_intakes(self, *, cursor: str = "", limit: int = 50) -> IntakePage:
        """List what was taken in. In the order in which it came."""
        return decode(
            IntakePage,
            self._at.call(
                "GET", "/api/v1/intakes", query={"cursor": cursor, "limit": limit}
            ),
        )

    def each_intake(self) -> Iterator[Intake]:
        """Every page of `list_intakes`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_intakes(cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def take_files_in(
        self,
        files: Sequence[tuple[str, bytes]],
        *,
        source: str,
        mapping: str = "",
        accept_good: bool = False,
        key: str | None = None,
        dry_run: bool = False,
    ) -> IntakeDone:
        """Take files in.

        CSV, XLSX or Parquet, named after their tables (`loans.csv`); whole or not at
        all unless `accept_good` asks for the good rows.
        """
        return decode(
            IntakeDone,
            self._at.call(
                "POST",
                "/api/v1/intakes",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content={
                    "source": source,
                    "mapping": mapping,
                    "accept_good": accept_good,
                },
                files=files,
            ),
        )

    def get_intake(self, intake: int) -> Intake:
        """Read one intake. With its files and what each did."""
        return decode(
            Intake,
            self._at.call(
                "GET", "/api/v1/intakes/{intake}", path_values={"intake": intake}
            ),
        )

    def take_rows_in(
        self, body: IntakeRows, *, key: str | None = None, dry_run: bool = False
    ) -> IntakeDone:
        """Take rows in.

        The tables of the data contract as JSON, judged like the same rows in a file.
        """
        return decode(
            IntakeDone,
            self._at.call(
                "POST",
                "/api/v1/intakes:rows",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_loans(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        number: str = "",
        source: str = "",
        customer_id: int | None = None,
        product: str = "",
        branch: str = "",
        status: str = "",
        late: bool | None = None,
    ) -> LoanPage:
        """List loans. In order of their ids, with how each stands now."""
        return decode(
            LoanPage,
            self._at.call(
                "GET",
                "/api/v1/loans",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "number": number,
                    "source": source,
                    "customer_id": customer_id,
                    "product": product,
                    "branch": branch,
                    "status": status,
                    "late": late,
                },
            ),
        )

    def each_loan(
        self,
        *,
        number: str = "",
        source: str = "",
        customer_id: int | None = None,
        product: str = "",
        branch: str = "",
        status: str = "",
        late: bool | None = None,
    ) -> Iterator[Loan]:
        """Every page of `list_loans`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_loans(
                number=number,
                source=source,
                customer_id=customer_id,
                product=product,
                branch=branch,
                status=status,
                late=late,
                cursor=cursor,
                limit=500,
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_loan(self, loan: str | int, *, source: str = "") -> Loan:
        """Read a loan.

        Its terms, and how it stands on the date of its current position.
        """
        return decode(
            Loan,
            self._at.call(
                "GET",
                "/api/v1/loans/{loan}",
                path_values={"loan": loan},
                query={"source": source},
            ),
        )

    def get_payoff(
        self, loan: str | int, *, source: str = "", on: date | str | None = None
    ) -> Payoff:
        """Quote what closes a loan on a day. Without `on`, the open business day."""
        return decode(
            Payoff,
            self._at.call(
                "GET",
                "/api/v1/loans/{loan}/payoff",
                path_values={"loan": loan},
                query={"source": source, "on": on},
            ),
        )

    def get_position(
        self, loan: str | int, *, source: str = "", as_of: date | str | None = None
    ) -> Position:
        """Read how a loan stands on a day.

        Reckoned from its facts, for any day past or to come; without `as_of` on the
        date of its current position.
        """
        return decode(
            Position,
            self._at.call(
                "GET",
                "/api/v1/loans/{loan}/position",
                path_values={"loan": loan},
                query={"source": source, "as_of": as_of},
            ),
        )

    def get_schedule(
        self, loan: str | int, *, source: str = "", as_of: date | str | None = None
    ) -> Plan:
        """Read the plan of a loan.

        Every instalment and charge in force, what was paid of it and what is left.
        """
        return decode(
            Plan,
            self._at.call(
                "GET",
                "/api/v1/loans/{loan}/schedule",
                path_values={"loan": loan},
                query={"source": source, "as_of": as_of},
            ),
        )

    def record_loan_charge(
        self,
        loan: str | int,
        body: ChargeIn,
        *,
        source: str = "",
        key: str | None = None,
        dry_run: bool = False,
    ) -> ChargeOut:
        """Record a charge on a loan.

        In force from its due date, or from the business date if it is due later.
        """
        return decode(
            ChargeOut,
            self._at.call(
                "POST",
                "/api/v1/loans/{loan}:charge",
                path_values={"loan": loan},
                key=key,
                writes=True,
                query={"source": source, "dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def extend_loan(
        self,
        loan: str | int,
        body: PlanIn,
        *,
        source: str = "",
        key: str | None = None,
        dry_run: bool = False,
    ) -> PlanOut:
        """Give a loan a new plan.

        The old rows end and stay: days before `begins_on` are still judged by them. The
        new rows must owe exactly the principal of those they replace.
        """
        return decode(
            PlanOut,
            self._at.call(
                "POST",
                "/api/v1/loans/{loan}:extend",
                path_values={"loan": loan},
                key=key,
                writes=True,
                query={"source": source, "dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_me(self) -> Me:
        """Read who this token is. Its scopes and what its person may do."""
        return decode(Me, self._at.call("GET", "/api/v1/me"))

    def list_payments(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        loan: str = "",
        source: str = "",
        number: str = "",
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> PaymentPage:
        """List payments.

        In the order in which they were recorded, reversals among them.
        """
        return decode(
            PaymentPage,
            self._at.call(
                "GET",
                "/api/v1/payments",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "loan": loan,
                    "source": source,
                    "number": number,
                    "since": since,
                    "until": until,
                },
            ),
        )

    def each_payment(
        self,
        *,
        loan: str = "",
        source: str = "",
        number: str = "",
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Iterator[Payment]:
        """Every page of `list_payments`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_payments(
                loan=loan,
                source=source,
                number=number,
                since=since,
                until=until,
                cursor=cursor,
                limit=500,
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def post_one_payment(
        self, body: PaymentIn, *, key: str | None = None, dry_run: bool = False
    ) -> PostedOut:
        """Post a payment.

        The loan is settled at once. The same source and number with the same content
        changes nothing; with another content it is a conflict.
        """
        return decode(
            PostedOut,
            self._at.call(
                "POST",
                "/api/v1/payments",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_payment(self, payment: str | int, *, source: str = "") -> Payment:
        """Read a payment. With the reversal that took it back, if one did."""
        return decode(
            Payment,
            self._at.call(
                "GET",
                "/api/v1/payments/{payment}",
                path_values={"payment": payment},
                query={"source": source},
            ),
        )

    def reverse_one_payment(
        self,
        payment: str | int,
        body: ReversalIn,
        *,
        source: str = "",
        key: str | None = None,
        dry_run: bool = False,
    ) -> PostedOut:
        """Take a payment back.

        Both rows stay for ever; days before `reversed_on` keep their positions.
        """
        return decode(
            PostedOut,
            self._at.call(
                "POST",
                "/api/v1/payments/{payment}:reverse",
                path_values={"payment": payment},
                key=key,
                writes=True,
                query={"source": source, "dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def post_payment_batch(
        self, body: BatchIn, *, key: str | None = None, dry_run: bool = False
    ) -> BatchOut:
        """Post many payments.

        Each is posted or refused by itself; the answer says which.
        """
        return decode(
            BatchOut,
            self._at.call(
                "POST",
                "/api/v1/payments:batch",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_positions(
        self, *, as_of: date | str, cursor: str = "", limit: int = 50
    ) -> ClosedPositionPage:
        """List the positions of a closed day.

        One row a loan, in order of their ids. A day that is closed stays as it was read
        unless late facts make the night run again.
        """
        return decode(
            ClosedPositionPage,
            self._at.call(
                "GET",
                "/api/v1/positions",
                query={"cursor": cursor, "limit": limit, "as_of": as_of},
            ),
        )

    def each_position(self, *, as_of: date | str) -> Iterator[ClosedPosition]:
        """Every page of `list_positions`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_positions(as_of=as_of, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def list_webhooks(self, *, cursor: str = "", limit: int = 50) -> WebhookPage:
        """List receivers of events. Without their keys, which are shown once."""
        return decode(
            WebhookPage,
            self._at.call(
                "GET", "/api/v1/webhooks", query={"cursor": cursor, "limit": limit}
            ),
        )

    def each_webhook(self) -> Iterator[Webhook]:
        """Every page of `list_webhooks`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_webhooks(cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def add_webhook(
        self, body: WebhookIn, *, key: str | None = None, dry_run: bool = False
    ) -> WebhookKey:
        """Add a receiver of events.

        It gets what happens from now on. Messages are signed with the key of the
        answer.
        """
        return decode(
            WebhookKey,
            self._at.call(
                "POST",
                "/api/v1/webhooks",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_webhook(self, webhook: int) -> Webhook:
        """Read a receiver. With how many messages wait for it or were given up."""
        return decode(
            Webhook,
            self._at.call(
                "GET", "/api/v1/webhooks/{webhook}", path_values={"webhook": webhook}
            ),
        )

    def list_deliveries(
        self, webhook: int, *, cursor: str = "", limit: int = 50, state: str = ""
    ) -> DeliveryPage:
        """List the messages to a receiver. Newest first."""
        return decode(
            DeliveryPage,
            self._at.call(
                "GET",
                "/api/v1/webhooks/{webhook}/deliveries",
                path_values={"webhook": webhook},
                query={"cursor": cursor, "limit": limit, "state": state},
            ),
        )

    def each_delivery(self, webhook: int, *, state: str = "") -> Iterator[Delivery]:
        """Every page of `list_deliveries`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_deliveries(webhook, state=state, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def replay_delivery(
        self,
        webhook: int,
        delivery: int,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> DeliveryDone:
        """Send one message once more.

        The same text under the same number, so that a receiver knows it again.
        """
        return decode(
            DeliveryDone,
            self._at.call(
                "POST",
                "/api/v1/webhooks/{webhook}/deliveries/{delivery}:replay",
                path_values={"webhook": webhook, "delivery": delivery},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
            ),
        )

    def pause_webhook(
        self, webhook: int, *, key: str | None = None, dry_run: bool = False
    ) -> WebhookDone:
        """Stop sending to a receiver.

        What happens meanwhile is sent when it is resumed.
        """
        return decode(
            WebhookDone,
            self._at.call(
                "POST",
                "/api/v1/webhooks/{webhook}:pause",
                path_values={"webhook": webhook},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
            ),
        )

    def replay_dead_deliveries(
        self, webhook: int, *, key: str | None = None, dry_run: bool = False
    ) -> Replayed:
        """Send everything once more that was given up.

        The same messages under the same numbers.
        """
        return decode(
            Replayed,
            self._at.call(
                "POST",
                "/api/v1/webhooks/{webhook}:replay",
                path_values={"webhook": webhook},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
            ),
        )

    def resume_webhook(
        self, webhook: int, *, key: str | None = None, dry_run: bool = False
    ) -> WebhookDone:
        """Go on sending to a receiver. From where it was stopped: nothing is lost."""
        return decode(
            WebhookDone,
            self._at.call(
                "POST",
                "/api/v1/webhooks/{webhook}:resume",
                path_values={"webhook": webhook},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
            ),
        )

    def rotate_webhook_key(
        self, webhook: int, *, key: str | None = None, dry_run: bool = False
    ) -> WebhookKey:
        """Give a receiver a new key. The old one signs beside it for 24 hours."""
        return decode(
            WebhookKey,
            self._at.call(
                "POST",
                "/api/v1/webhooks/{webhook}:rotate",
                path_values={"webhook": webhook},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
            ),
        )

    def try_webhook(
        self, webhook: int, *, key: str | None = None, dry_run: bool = False
    ) -> DeliveryDone:
        """Send a receiver a message that only tries it. Its type is `webhook.test`."""
        return decode(
            DeliveryDone,
            self._at.call(
                "POST",
                "/api/v1/webhooks/{webhook}:test",
                path_values={"webhook": webhook},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
            ),
        )
