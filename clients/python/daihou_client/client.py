"""One method for each operation of the API.

Made from the specification by `python tools/client.py`; do not edit.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

from daihou_client.decoding import decode, encode
from daihou_client.shapes import (
    Asked,
    Assigned,
    AssignGiven,
    AttemptGiven,
    AttemptSaid,
    AttemptSaidPage,
    BatchIn,
    BatchOut,
    BatchSaid,
    BatchSaidPage,
    BusinessDate,
    CalcPayoff,
    CalcSchedule,
    CapFinding,
    CapFindingPage,
    CaseEvent,
    CaseEventPage,
    CaseMade,
    CaseSaid,
    CaseSaidPage,
    CaseWhole,
    ChargeIn,
    ChargeOut,
    ClockEventIn,
    ClockEventKept,
    ClockIn,
    ClockShown,
    ClockShownPage,
    ClockStarted,
    ClockWhy,
    ClosedPosition,
    ClosedPositionPage,
    CloseGiven,
    ConsentGiven,
    ConsentSaid,
    ConsentSaidPage,
    Customer,
    CustomerLine,
    CustomerLinePage,
    CustomerStepLine,
    CustomerStepLinePage,
    DayEnd,
    DayEndAsked,
    DayEndIn,
    DayEndPage,
    DayEndRequest,
    DayEndRequestPage,
    Decided,
    DecidedProposal,
    DecisionIn,
    DeedIn,
    Delivery,
    DeliveryDone,
    DeliveryPage,
    Event,
    EventPage,
    Evidence,
    FactIn,
    FlagGiven,
    FlagSaid,
    FlagSaidPage,
    Found,
    HoldGiven,
    HoldSaid,
    HoldSaidPage,
    HouseholdDeed,
    HouseholdIn,
    HouseholdLine,
    HouseholdLinePage,
    HouseholdMade,
    HouseholdWhole,
    Intake,
    IntakeDone,
    IntakePage,
    IntakeRows,
    ItemGiven,
    ItemSaid,
    ItemSaidPage,
    JoinGiven,
    LetGoGiven,
    Loan,
    LoanCap,
    LoanClassed,
    LoanClassedPage,
    LoanClassWhy,
    LoanPage,
    LoanProvisions,
    Made,
    MarkerSaid,
    MarkerSaidPage,
    May,
    MayGiven,
    Me,
    NextGiven,
    NextMade,
    Nothing,
    OpenGiven,
    PauseGiven,
    Payment,
    PaymentIn,
    PaymentPage,
    Payoff,
    Plan,
    PlanIn,
    PlanOut,
    PlanSaid,
    PortfolioMatrix,
    PortfolioMetrics,
    PortfolioMonths,
    PortfolioSeries,
    Position,
    PostedOut,
    PromiseAsked,
    PromiseSaid,
    PromiseSaidPage,
    PromiseWhole,
    Proposal,
    ProposalPage,
    ProvisionShown,
    QueueSaid,
    QueueSaidPage,
    ReasonGiven,
    Receipt,
    ReceiptPage,
    ReliefLine,
    ReliefLinePage,
    ReliefMade,
    ReliefWhole,
    Replayed,
    ReportEntries,
    ReportShown,
    ResultGiven,
    ResultMade,
    ResultSaid,
    ResultSaidPage,
    ReversalIn,
    RuleChangeAsked,
    RuleChangeIn,
    RuleLine,
    RuleLinePage,
    RuleWhole,
    Seen,
    SettlementIn,
    Shared,
    ShareGiven,
    StrategyDraftIn,
    StrategyDraftKept,
    StrategyListed,
    StrategyListedPage,
    StrategyProposalIn,
    StrategyProposed,
    StrategyRehearsal,
    StrategyRehearsalAsked,
    StrategyRehearsalIn,
    StrategyVersionKept,
    StrategyVersionWhole,
    TermsIn,
    UndoneSaid,
    UpgradeIn,
    WaiverIn,
    Webhook,
    WebhookDone,
    WebhookIn,
    WebhookKey,
    WebhookPage,
    Week,
    WholeProposal,
    Why,
    WorkMade,
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

    def list_proposals(
        self,
        *,
        tab: Literal["waiting", "mine", "decided", "all"] = "waiting",
        cursor: str = "",
        limit: int = 50,
    ) -> ProposalPage:
        """List proposals. The newest first, of what the token's person may see."""
        return decode(
            ProposalPage,
            self._at.call(
                "GET",
                "/api/v1/approvals",
                query={"tab": tab, "cursor": cursor, "limit": limit},
            ),
        )

    def each_proposal(
        self, *, tab: Literal["waiting", "mine", "decided", "all"] = "waiting"
    ) -> Iterator[Proposal]:
        """Every page of `list_proposals`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_proposals(tab=tab, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_proposal(self, proposal: int) -> WholeProposal:
        """Read a proposal.

        With what would change, field by field, and what was said of it.
        """
        return decode(
            WholeProposal,
            self._at.call(
                "GET",
                "/api/v1/approvals/{proposal}",
                path_values={"proposal": proposal},
            ),
        )

    def decide_proposal(
        self,
        proposal: int,
        body: DecisionIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> DecidedProposal:
        """Decide a proposal.

        Approves or refuses the level that waits; the last approval carries it out.
        Nobody decides their own. A proposal whose subject has changed since is not
        approved.
        """
        return decode(
            DecidedProposal,
            self._at.call(
                "POST",
                "/api/v1/approvals/{proposal}:decide",
                path_values={"proposal": proposal},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_assignment_batches(
        self, *, cursor: str = "", limit: int = 50
    ) -> BatchSaidPage:
        """List distributions.

        In the order they were made, with who got how many; one's own, or all of them
        for a person who sees the whole book.
        """
        return decode(
            BatchSaidPage,
            self._at.call(
                "GET",
                "/api/v1/assignment-batches",
                query={"cursor": cursor, "limit": limit},
            ),
        )

    def each_assignment_batche(self) -> Iterator[BatchSaid]:
        """Every page of `list_assignment_batches`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_assignment_batches(cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def undo_assignment_batch(
        self,
        batch: int,
        body: Nothing,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> UndoneSaid:
        """Take a distribution back.

        Within 15 minutes; what was worked, held or moved since stays.
        """
        return decode(
            UndoneSaid,
            self._at.call(
                "POST",
                "/api/v1/assignment-batches/{batch}:undo",
                path_values={"batch": batch},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

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

    def release_case_hold(
        self,
        hold: int,
        body: ReasonGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> WorkMade:
        """Release a hold.

        By another person than who placed it; the case goes back to the pool.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/case-holds/{hold}:release",
                path_values={"hold": hold},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_cases(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        lifecycle: str = "open",
        queue: str = "",
        collector: str = "",
        assignment: str = "",
        customer: int | None = None,
    ) -> CaseSaidPage:
        """List cases.

        Those one sees, in order of their numbers; `lifecycle` empty means all.
        """
        return decode(
            CaseSaidPage,
            self._at.call(
                "GET",
                "/api/v1/cases",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "lifecycle": lifecycle,
                    "queue": queue,
                    "collector": collector,
                    "assignment": assignment,
                    "customer": customer,
                },
            ),
        )

    def each_case(
        self,
        *,
        lifecycle: str = "open",
        queue: str = "",
        collector: str = "",
        assignment: str = "",
        customer: int | None = None,
    ) -> Iterator[CaseSaid]:
        """Every page of `list_cases`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_cases(
                lifecycle=lifecycle,
                queue=queue,
                collector=collector,
                assignment=assignment,
                customer=customer,
                cursor=cursor,
                limit=500,
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def open_case(
        self, body: OpenGiven, *, key: str | None = None, dry_run: bool = False
    ) -> CaseMade:
        """Open a case.

        Of a customer with a late loan, or one soon due; a person has one open case.
        """
        return decode(
            CaseMade,
            self._at.call(
                "POST",
                "/api/v1/cases",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_case(self, case: int) -> CaseWhole:
        """Read a case. With its loans, and its expected value with the formula."""
        return decode(
            CaseWhole,
            self._at.call("GET", "/api/v1/cases/{case}", path_values={"case": case}),
        )

    def list_case_events(
        self, case: int, *, cursor: str = "", limit: int = 50
    ) -> CaseEventPage:
        """List what happened to a case. The newest first."""
        return decode(
            CaseEventPage,
            self._at.call(
                "GET",
                "/api/v1/cases/{case}/events",
                path_values={"case": case},
                query={"cursor": cursor, "limit": limit},
            ),
        )

    def each_case_event(self, case: int) -> Iterator[CaseEvent]:
        """Every page of `list_case_events`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_case_events(case, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def hold_case(
        self,
        case: int,
        body: HoldGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> WorkMade:
        """Hold a case.

        Nobody works it, and contact with the person is held by a flag, until it is
        released by another person or its last day has come.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}/holds",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_case_holds(
        self, case: int, *, cursor: str = "", limit: int = 50
    ) -> HoldSaidPage:
        """List holds of a case.

        Those that stand and those that ended, in the order they were placed.
        """
        return decode(
            HoldSaidPage,
            self._at.call(
                "GET",
                "/api/v1/cases/{case}/holds",
                path_values={"case": case},
                query={"cursor": cursor, "limit": limit},
            ),
        )

    def each_case_hold(self, case: int) -> Iterator[HoldSaid]:
        """Every page of `list_case_holds`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_case_holds(case, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_case_plan(self, case: int) -> PlanSaid:
        """Get the plan of a case.

        The step of its journey, and the last orders over it, the newest first.
        """
        return decode(
            PlanSaid,
            self._at.call(
                "GET", "/api/v1/cases/{case}/plan", path_values={"case": case}
            ),
        )

    def pause_case_plan(
        self,
        case: int,
        body: PauseGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> WorkMade:
        """Pause the plan of a case.

        The strategy's steps rest until the day, then go on by themselves where they
        stood.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}/plan:pause",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def resume_case_plan(
        self,
        case: int,
        body: ReasonGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> WorkMade:
        """Resume the plan of a case. By who paused it, or who manages cases."""
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}/plan:resume",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def stop_case_plan(
        self,
        case: int,
        body: ReasonGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> WorkMade:
        """Stop the plan of a case.

        The strategy does nothing more about it while it is open.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}/plan:stop",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def make_case_promise(
        self,
        case: int,
        body: PromiseAsked,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> WorkMade:
        """Take a promise of a customer who came by themselves.

        Within the limits of the lender's policy; one that stands is replaced.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}/promises",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def record_case_result(
        self,
        case: int,
        body: ResultGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> ResultMade:
        """Record what came of working a case.

        The contact, the promise, the hold, what is to be done next and when: all of it
        or nothing. A contact needs the number of the gate's answer that allowed it.
        """
        return decode(
            ResultMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}/results",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_case_results(
        self, case: int, *, cursor: str = "", limit: int = 50
    ) -> ResultSaidPage:
        """List what came of working a case.

        In the order in which it was written down; without notes.
        """
        return decode(
            ResultSaidPage,
            self._at.call(
                "GET",
                "/api/v1/cases/{case}/results",
                path_values={"case": case},
                query={"cursor": cursor, "limit": limit},
            ),
        )

    def each_case_result(self, case: int) -> Iterator[ResultSaid]:
        """Every page of `list_case_results`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_case_results(case, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def add_work_item(
        self,
        case: int,
        body: ItemGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> WorkMade:
        """Put something to do at a case. For whoever has it, or for who oversees it."""
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}/work-items",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def close_case(
        self,
        case: int,
        body: CloseGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> CaseMade:
        """Close a case.

        PAID_FULL only where payments cover what was owed, CURED only where nothing is
        past due. Open work, promises and holds end with it.
        """
        return decode(
            CaseMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}:close",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def join_case(
        self,
        case: int,
        body: JoinGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> CaseMade:
        """Take another loan of the customer into the case.

        An open one that is in no case yet.
        """
        return decode(
            CaseMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}:join",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def let_go_of_case(
        self,
        case: int,
        body: LetGoGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> WorkMade:
        """Put a case out of one's hands.

        One that was not worked needs a reason, and is not given again that day.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}:let-go",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def reopen_case(
        self,
        case: int,
        body: ReasonGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> CaseMade:
        """Open a closed case again.

        With every late loan of the customer; it keeps its number.
        """
        return decode(
            CaseMade,
            self._at.call(
                "POST",
                "/api/v1/cases/{case}:reopen",
                path_values={"case": case},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def assign_cases(
        self, body: AssignGiven, *, key: str | None = None, dry_run: bool = False
    ) -> Assigned:
        """Give cases to somebody.

        Held and closed ones stay, and those the person may not see. `dry_run=true`
        shows what would move.
        """
        return decode(
            Assigned,
            self._at.call(
                "POST",
                "/api/v1/cases:assign",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def take_next_case(
        self, body: NextGiven, *, key: str | None = None, dry_run: bool = False
    ) -> NextMade:
        """Take the next case.

        The one worth most, whose person may be contacted now, or office work. It is in
        hand for five minutes; nobody else is given it meanwhile.
        """
        return decode(
            NextMade,
            self._at.call(
                "POST",
                "/api/v1/cases:next",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_classes(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        asset_class: Literal[
            "normal", "special_mention", "substandard", "doubtful", "loss"
        ]
        | None = None,
    ) -> LoanClassedPage:
        """List the classes of open loans.

        In order of our numbers of the loans, as of the last day that was classified.
        """
        return decode(
            LoanClassedPage,
            self._at.call(
                "GET",
                "/api/v1/classes",
                query={"cursor": cursor, "limit": limit, "asset_class": asset_class},
            ),
        )

    def each_classe(
        self,
        *,
        asset_class: Literal[
            "normal", "special_mention", "substandard", "doubtful", "loss"
        ]
        | None = None,
    ) -> Iterator[LoanClassed]:
        """Every page of `list_classes`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_classes(asset_class=asset_class, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def list_clocks(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        kind: Literal[
            "limitation",
            "guarantee",
            "observation",
            "enforcement",
            "payment_order_accept",
            "payment_order_issue",
            "payment_order_object",
            "complaint",
            "credit_dispute",
            "credit_complaint",
            "adverse_data",
            "blame",
            "audit_report",
            "finance_report",
            "foreclosed",
            "evaluation",
            "transfer_pilot",
        ]
        | None = None,
    ) -> ClockShownPage:
        """List the clocks of law that run.

        In order of their numbers, as of the last look; days left from the open day.
        """
        return decode(
            ClockShownPage,
            self._at.call(
                "GET",
                "/api/v1/clocks",
                query={"cursor": cursor, "limit": limit, "kind": kind},
            ),
        )

    def each_clock(
        self,
        *,
        kind: Literal[
            "limitation",
            "guarantee",
            "observation",
            "enforcement",
            "payment_order_accept",
            "payment_order_issue",
            "payment_order_object",
            "complaint",
            "credit_dispute",
            "credit_complaint",
            "adverse_data",
            "blame",
            "audit_report",
            "finance_report",
            "foreclosed",
            "evaluation",
            "transfer_pilot",
        ]
        | None = None,
    ) -> Iterator[ClockShown]:
        """Every page of `list_clocks`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_clocks(kind=kind, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def start_clock(
        self, body: ClockIn, *, key: str | None = None, dry_run: bool = False
    ) -> ClockStarted:
        """Start a clock of law by hand.

        Limitation, guarantees and observations run by themselves: starting one of a
        loan says where it truly began, as when the loan was called in.
        """
        return decode(
            ClockStarted,
            self._at.call(
                "POST",
                "/api/v1/clocks",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_clock(self, clock: int) -> ClockWhy:
        """Read a clock with its reasons.

        Reckoned anew from what is kept: every event it heard and whether it counts, the
        rules with their versions, and the nearest changes that would flip it.
        """
        return decode(
            ClockWhy,
            self._at.call(
                "GET", "/api/v1/clocks/{clock}", path_values={"clock": clock}
            ),
        )

    def tell_clock_event(
        self,
        clock: int,
        body: ClockEventIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> ClockEventKept:
        """Tell a clock what happened.

        What is told of one clock of a claim is heard by all clocks of the loan.
        Payments come from the ledger by themselves.
        """
        return decode(
            ClockEventKept,
            self._at.call(
                "POST",
                "/api/v1/clocks/{clock}/events",
                path_values={"clock": clock},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def record_contact_attempt(
        self, body: AttemptGiven, *, key: str | None = None, dry_run: bool = False
    ) -> Made:
        """Record a contact.

        It must carry the id of an answer that allowed it, by whoever asked for it.
        """
        return decode(
            Made,
            self._at.call(
                "POST",
                "/api/v1/contact/attempts",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def give_contact_consent(
        self, body: ConsentGiven, *, key: str | None = None, dry_run: bool = False
    ) -> Made:
        """Record a consent. Of the person, from now on."""
        return decode(
            Made,
            self._at.call(
                "POST",
                "/api/v1/contact/consents",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def confirm_contact_consent(
        self,
        consent: int,
        body: Nothing,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> Made:
        """Confirm a consent.

        By another person: before that none opens the night, or a channel once
        withdrawn.
        """
        return decode(
            Made,
            self._at.call(
                "POST",
                "/api/v1/contact/consents/{consent}:confirm",
                path_values={"consent": consent},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def withdraw_contact_consent(
        self,
        consent: int,
        body: Nothing,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> Made:
        """Withdraw a consent. It counts at once."""
        return decode(
            Made,
            self._at.call(
                "POST",
                "/api/v1/contact/consents/{consent}:withdraw",
                path_values={"consent": consent},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_contact_decision(self, decision: int) -> Decided:
        """Read an answer of the gate.

        As it was given, with the text of each rule in the way.
        """
        return decode(
            Decided,
            self._at.call(
                "GET",
                "/api/v1/contact/decisions/{decision}",
                path_values={"decision": decision},
            ),
        )

    def mark_contact_unused(
        self,
        decision: int,
        body: Nothing,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> Made:
        """Record that no contact was made.

        The answer counts as a contact no more, and none can be made on it.
        """
        return decode(
            Made,
            self._at.call(
                "POST",
                "/api/v1/contact/decisions/{decision}:unused",
                path_values={"decision": decision},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def raise_contact_flag(
        self, body: FlagGiven, *, key: str | None = None, dry_run: bool = False
    ) -> Made:
        """Hold contact with a person.

        From now on, by every channel and whoever acts.
        """
        return decode(
            Made,
            self._at.call(
                "POST",
                "/api/v1/contact/flags",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def confirm_contact_flag(
        self, flag: int, body: Nothing, *, key: str | None = None, dry_run: bool = False
    ) -> Made:
        """Confirm a flag.

        That the debtor is dead or cannot be reached, by another person: then it opens a
        way to contact persons.
        """
        return decode(
            Made,
            self._at.call(
                "POST",
                "/api/v1/contact/flags/{flag}:confirm",
                path_values={"flag": flag},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def lift_contact_flag(
        self,
        flag: int,
        body: Evidence,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> Made:
        """Open contact again.

        By another person than who raised the flag, on evidence.
        """
        return decode(
            Made,
            self._at.call(
                "POST",
                "/api/v1/contact/flags/{flag}:lift",
                path_values={"flag": flag},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def may_contact(
        self, body: MayGiven, *, key: str | None = None, dry_run: bool = False
    ) -> May:
        """May I contact?.

        Asks the gate with the person's history over staff, robots, agencies and
        branches, and keeps the answer. An `allow` is good for 15 minutes and one
        contact, and counts as one until what came of it is recorded; with
        `dry_run=true` nothing is kept.
        """
        return decode(
            May,
            self._at.call(
                "POST",
                "/api/v1/contact/may",
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_cost_caps(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        standing: Literal["over", "not_asserted"] | None = None,
    ) -> CapFindingPage:
        """List the loans above a cap on their cost.

        In order of our numbers of the loans, as of the last closed day that was looked
        at. Loans that keep their caps are not among them.
        """
        return decode(
            CapFindingPage,
            self._at.call(
                "GET",
                "/api/v1/cost-caps",
                query={"cursor": cursor, "limit": limit, "standing": standing},
            ),
        )

    def each_cost_cap(
        self, *, standing: Literal["over", "not_asserted"] | None = None
    ) -> Iterator[CapFinding]:
        """Every page of `list_cost_caps`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_cost_caps(standing=standing, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

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

    def list_contact_attempts(
        self,
        customer: str | int,
        *,
        cursor: str = "",
        limit: int = 50,
        source: str = "",
    ) -> AttemptSaidPage:
        """List contacts of a person.

        In the order they were written down, by everybody who acts for the lender.
        """
        return decode(
            AttemptSaidPage,
            self._at.call(
                "GET",
                "/api/v1/customers/{customer}/contact/attempts",
                path_values={"customer": customer},
                query={"cursor": cursor, "limit": limit, "source": source},
            ),
        )

    def each_contact_attempt(
        self, customer: str | int, *, source: str = ""
    ) -> Iterator[AttemptSaid]:
        """Every page of `list_contact_attempts`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_contact_attempts(
                customer, source=source, cursor=cursor, limit=500
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def list_contact_consents(
        self,
        customer: str | int,
        *,
        cursor: str = "",
        limit: int = 50,
        source: str = "",
    ) -> ConsentSaidPage:
        """List consents of a person. Given and withdrawn."""
        return decode(
            ConsentSaidPage,
            self._at.call(
                "GET",
                "/api/v1/customers/{customer}/contact/consents",
                path_values={"customer": customer},
                query={"cursor": cursor, "limit": limit, "source": source},
            ),
        )

    def each_contact_consent(
        self, customer: str | int, *, source: str = ""
    ) -> Iterator[ConsentSaid]:
        """Every page of `list_contact_consents`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_contact_consents(
                customer, source=source, cursor=cursor, limit=500
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def list_contact_flags(
        self,
        customer: str | int,
        *,
        cursor: str = "",
        limit: int = 50,
        source: str = "",
    ) -> FlagSaidPage:
        """List flags of a person. What holds contact, and what held it."""
        return decode(
            FlagSaidPage,
            self._at.call(
                "GET",
                "/api/v1/customers/{customer}/contact/flags",
                path_values={"customer": customer},
                query={"cursor": cursor, "limit": limit, "source": source},
            ),
        )

    def each_contact_flag(
        self, customer: str | int, *, source: str = ""
    ) -> Iterator[FlagSaid]:
        """Every page of `list_contact_flags`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_contact_flags(
                customer, source=source, cursor=cursor, limit=500
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def begin_household(
        self,
        customer: int,
        body: HouseholdIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> HouseholdMade:
        """Begin a plan for the household of a customer.

        The class of recoverability is what the rules say until a person confirms one.
        """
        return decode(
            HouseholdMade,
            self._at.call(
                "POST",
                "/api/v1/customers/{customer}/household",
                path_values={"customer": customer},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
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

    def list_households(
        self, *, cursor: str = "", limit: int = 50, stuck: bool = False
    ) -> HouseholdLinePage:
        """List household plans that run.

        In order of their numbers; with `stuck` only those that something holds up.
        """
        return decode(
            HouseholdLinePage,
            self._at.call(
                "GET",
                "/api/v1/households",
                query={"cursor": cursor, "limit": limit, "stuck": stuck},
            ),
        )

    def each_household(self, *, stuck: bool = False) -> Iterator[HouseholdLine]:
        """Every page of `list_households`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_households(stuck=stuck, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_household(self, plan: int) -> HouseholdWhole:
        """Read one household plan.

        With its sources of repayment, its means in their order, and its targets.
        """
        return decode(
            HouseholdWhole,
            self._at.call(
                "GET", "/api/v1/households/{plan}", path_values={"plan": plan}
            ),
        )

    def act_on_household(
        self,
        plan: int,
        body: HouseholdDeed,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> HouseholdMade:
        """Confirm the class, say that a means was carried out, or end the plan.

        `confirm` needs `recoverable`, `review_on` and a `reason`; `done` needs `place`,
        `outcome` and `next_on`; `end` needs a `reason`.
        """
        return decode(
            HouseholdMade,
            self._at.call(
                "POST",
                "/api/v1/households/{plan}/deeds",
                path_values={"plan": plan},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

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

    def get_loan_class(self, loan: int) -> LoanClassWhy:
        """Read the class of a loan with its reasons.

        The decision is reckoned anew from the facts of that day: what went in, each
        rule with its version, and the nearest changes that would flip it.
        """
        return decode(
            LoanClassWhy,
            self._at.call(
                "GET", "/api/v1/loans/{loan}/class", path_values={"loan": loan}
            ),
        )

    def tell_class_fact(
        self, loan: int, body: FactIn, *, key: str | None = None, dry_run: bool = False
    ) -> Asked:
        """Tell a fact that bears on the class of a loan.

        It counts from the next day-end on. A fact that lifts the class is proposed, and
        another person decides.
        """
        return decode(
            Asked,
            self._at.call(
                "POST",
                "/api/v1/loans/{loan}/class-facts",
                path_values={"loan": loan},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def ask_class_upgrade(
        self,
        loan: int,
        body: UpgradeIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> Asked:
        """Ask that a loan leaves its class for a better one.

        Two others decide, one after the other. Refused before the earliest day of the
        law.
        """
        return decode(
            Asked,
            self._at.call(
                "POST",
                "/api/v1/loans/{loan}/class-upgrades",
                path_values={"loan": loan},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_contact_week(
        self, loan: str | int, *, channel: str, source: str = "", contact_point: int = 0
    ) -> Week:
        """When may I contact the borrower?.

        The times of the next seven days by one channel.
        """
        return decode(
            Week,
            self._at.call(
                "GET",
                "/api/v1/loans/{loan}/contact/week",
                path_values={"loan": loan},
                query={
                    "channel": channel,
                    "source": source,
                    "contact_point": contact_point,
                },
            ),
        )

    def get_loan_cost_cap(
        self, loan: int, *, as_of: date | str | None = None
    ) -> LoanCap:
        """Hold a loan against the caps on its cost.

        Reckoned anew by the rules of the day it was paid out, each with its version.
        """
        return decode(
            LoanCap,
            self._at.call(
                "GET",
                "/api/v1/loans/{loan}/cost-cap",
                path_values={"loan": loan},
                query={"as_of": as_of},
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

    def ask_plan(
        self, loan: int, body: PlanIn, *, key: str | None = None, dry_run: bool = False
    ) -> ReliefMade:
        """Ask for an arrangement on a customer's loans.

        Re-ageing is explicit: with `re_age` all that is owed goes into new rows of the
        contract, without it the contract stays as it is.
        """
        return decode(
            ReliefMade,
            self._at.call(
                "POST",
                "/api/v1/loans/{loan}/plans",
                path_values={"loan": loan},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
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

    def get_loan_provision(self, loan: int) -> LoanProvisions:
        """Read what a loan needs as provision and why.

        Under every table that holds for the lender, on the last graded day.
        """
        return decode(
            LoanProvisions,
            self._at.call(
                "GET", "/api/v1/loans/{loan}/provision", path_values={"loan": loan}
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

    def ask_settlement(
        self,
        loan: int,
        body: SettlementIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> ReliefMade:
        """Ask to close a loan for less than it owes.

        Within the bands of the policy; the answer says what it is worth today beside
        going on.
        """
        return decode(
            ReliefMade,
            self._at.call(
                "POST",
                "/api/v1/loans/{loan}/settlements",
                path_values={"loan": loan},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def ask_change_of_terms(
        self, loan: int, body: TermsIn, *, key: str | None = None, dry_run: bool = False
    ) -> ReliefMade:
        """Ask to change the terms of a loan.

        On approval a new schedule version is written, and a loan in difficulty is
        marked as restructured.
        """
        return decode(
            ReliefMade,
            self._at.call(
                "POST",
                "/api/v1/loans/{loan}/terms",
                path_values={"loan": loan},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def ask_waiver(
        self,
        loan: int,
        body: WaiverIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> ReliefMade:
        """Ask to give up part of what is owed on a loan.

        Granted at once inside the policy, else proposed to the levels of the matrix.
        With `dry_run` it is the calculator: everything is reckoned, nothing is kept.
        """
        return decode(
            ReliefMade,
            self._at.call(
                "POST",
                "/api/v1/loans/{loan}/waivers",
                path_values={"loan": loan},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
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

    def list_markers(self, *, cursor: str = "", limit: int = 50) -> MarkerSaidPage:
        """List what was heard of people.

        Deaths, custody, identity fraud, bankruptcies: to be confirmed, or decided;
        without evidence.
        """
        return decode(
            MarkerSaidPage,
            self._at.call(
                "GET", "/api/v1/markers", query={"cursor": cursor, "limit": limit}
            ),
        )

    def each_marker(self) -> Iterator[MarkerSaid]:
        """Every page of `list_markers`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_markers(cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def confirm_marker(
        self, marker: int, body: Found, *, key: str | None = None, dry_run: bool = False
    ) -> WorkMade:
        """Confirm what was heard of a person.

        By another person than who heard it, on evidence.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/markers/{marker}:confirm",
                path_values={"marker": marker},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def refute_marker(
        self, marker: int, body: Found, *, key: str | None = None, dry_run: bool = False
    ) -> WorkMade:
        """Refute what was heard of a person.

        By another person than who heard it, on evidence; the hold it placed ends.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/markers/{marker}:refute",
                path_values={"marker": marker},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
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

    def get_portfolio_matrix(
        self,
        *,
        of: Literal["bucket", "asset_class"] = "bucket",
        basis: Literal["amount", "count"] = "count",
        month: str | None = None,
        product: list[str] | None = None,
        branch: list[str] | None = None,
        channel: list[str] | None = None,
        currency: str | None = None,
    ) -> PortfolioMatrix:
        """Read the roll matrix of a month.

        Where the loans of the end of the month before stand at the end of this one,
        each followed by itself.
        """
        return decode(
            PortfolioMatrix,
            self._at.call(
                "GET",
                "/api/v1/portfolio/matrix",
                query={
                    "of": of,
                    "basis": basis,
                    "month": month,
                    "product": product,
                    "branch": branch,
                    "channel": channel,
                    "currency": currency,
                },
            ),
        )

    def get_portfolio_metrics(self) -> PortfolioMetrics:
        """Read the dictionary of figures.

        Every figure of the portfolio is made by one of these definitions.
        """
        return decode(
            PortfolioMetrics, self._at.call("GET", "/api/v1/portfolio/metrics")
        )

    def get_portfolio_months(self) -> PortfolioMonths:
        """List the months of the portfolio.

        The night counts the last closed day of every month.
        """
        return decode(PortfolioMonths, self._at.call("GET", "/api/v1/portfolio/months"))

    def get_portfolio_series(
        self,
        *,
        metric: str,
        by: Literal[
            "product",
            "branch",
            "officer",
            "channel",
            "region",
            "strategy",
            "cohort",
            "bucket",
            "asset_class",
            "none",
        ]
        | None = None,
        since: str | None = None,
        until: str | None = None,
        product: list[str] | None = None,
        branch: list[str] | None = None,
        channel: list[str] | None = None,
        currency: str | None = None,
    ) -> PortfolioSeries:
        """Read a figure by month or by age.

        Of the loans the token's person may see. A point that cannot be known yet has no
        part, no whole and no share.
        """
        return decode(
            PortfolioSeries,
            self._at.call(
                "GET",
                "/api/v1/portfolio/series",
                query={
                    "metric": metric,
                    "by": by,
                    "since": since,
                    "until": until,
                    "product": product,
                    "branch": branch,
                    "channel": channel,
                    "currency": currency,
                },
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

    def list_promises(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        case: int | None = None,
        state: str = "",
        due_by: date | str | None = None,
    ) -> PromiseSaidPage:
        """List promises.

        Of the cases one sees, in the order in which they were taken.
        """
        return decode(
            PromiseSaidPage,
            self._at.call(
                "GET",
                "/api/v1/promises",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "case": case,
                    "state": state,
                    "due_by": due_by,
                },
            ),
        )

    def each_promise(
        self,
        *,
        case: int | None = None,
        state: str = "",
        due_by: date | str | None = None,
    ) -> Iterator[PromiseSaid]:
        """Every page of `list_promises`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_promises(
                case=case, state=state, due_by=due_by, cursor=cursor, limit=500
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_promise(self, promise: int) -> PromiseWhole:
        """Get a promise.

        With its parts, the money that counts for it, and every verdict there was.
        """
        return decode(
            PromiseWhole,
            self._at.call(
                "GET", "/api/v1/promises/{promise}", path_values={"promise": promise}
            ),
        )

    def cancel_promise(
        self, promise: int, body: Why, *, key: str | None = None, dry_run: bool = False
    ) -> WorkMade:
        """Cancel a promise.

        The customer or a supervisor takes it back; it is not broken.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/promises/{promise}:cancel",
                path_values={"promise": promise},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_provision(
        self,
        *,
        month: str | None = None,
        table: str | None = None,
        currency: str | None = None,
    ) -> ProvisionShown:
        """Read what a month needs as provisions.

        By class and branch under a table, with the ratios (the highest governs), the
        movement since the month before, and the decision with its rules.
        """
        return decode(
            ProvisionShown,
            self._at.call(
                "GET",
                "/api/v1/provision",
                query={"month": month, "table": table, "currency": currency},
            ),
        )

    def list_queues(self, *, cursor: str = "", limit: int = 50) -> QueueSaidPage:
        """List queues.

        With how they are worked and how many open cases stand in each.
        """
        return decode(
            QueueSaidPage,
            self._at.call(
                "GET", "/api/v1/queues", query={"cursor": cursor, "limit": limit}
            ),
        )

    def each_queue(self) -> Iterator[QueueSaid]:
        """Every page of `list_queues`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_queues(cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def distribute_queue(
        self,
        queue: str | int,
        body: ShareGiven,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> Shared:
        """Share a queue out.

        By number or amount, within skills, languages, branches and capacity, back to
        who had the customer before; the same seed gives the same result.
        """
        return decode(
            Shared,
            self._at.call(
                "POST",
                "/api/v1/queues/{queue}:distribute",
                path_values={"queue": queue},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_receipts(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        state: Literal["", "open", "claimed", "settled"] = "",
        source: str = "",
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> ReceiptPage:
        """List receipts.

        In the order in which they were recorded, of what the token's person may see.
        """
        return decode(
            ReceiptPage,
            self._at.call(
                "GET",
                "/api/v1/receipts",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "state": state,
                    "source": source,
                    "since": since,
                    "until": until,
                },
            ),
        )

    def each_receipt(
        self,
        *,
        state: Literal["", "open", "claimed", "settled"] = "",
        source: str = "",
        since: date | str | None = None,
        until: date | str | None = None,
    ) -> Iterator[Receipt]:
        """Every page of `list_receipts`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_receipts(
                state=state,
                source=source,
                since=since,
                until=until,
                cursor=cursor,
                limit=500,
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_receipt(self, receipt: int) -> Receipt:
        """Read a receipt. What of it went to loans, went back, or has no owner yet."""
        return decode(
            Receipt,
            self._at.call(
                "GET", "/api/v1/receipts/{receipt}", path_values={"receipt": receipt}
            ),
        )

    def list_relief(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        kind: Literal["waiver", "plan", "settlement", "terms"] | None = None,
        state: str = "",
    ) -> ReliefLinePage:
        """List requests for relief.

        Waivers, plans, settlements and changes of terms, in order of their numbers.
        """
        return decode(
            ReliefLinePage,
            self._at.call(
                "GET",
                "/api/v1/relief",
                query={"cursor": cursor, "limit": limit, "kind": kind, "state": state},
            ),
        )

    def each_relief(
        self,
        *,
        kind: Literal["waiver", "plan", "settlement", "terms"] | None = None,
        state: str = "",
    ) -> Iterator[ReliefLine]:
        """Every page of `list_relief`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_relief(kind=kind, state=state, cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_relief(self, relief: int) -> ReliefWhole:
        """Read one request with its rows, its decision and its figures.

        The decision names every row of the matrix that was asked and what would flip
        it.
        """
        return decode(
            ReliefWhole,
            self._at.call(
                "GET", "/api/v1/relief/{relief}", path_values={"relief": relief}
            ),
        )

    def act_on_relief(
        self,
        relief: int,
        body: DeedIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> ReliefMade:
        """Say what the customer says, or what both agree on.

        `accept` needs `evidence`, `counter` needs `parts`, `skip` needs `seq`; what
        ends something needs a `reason`.
        """
        return decode(
            ReliefMade,
            self._at.call(
                "POST",
                "/api/v1/relief/{relief}/deeds",
                path_values={"relief": relief},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_reports(self) -> ReportEntries:
        """List the reports there are.

        With the first and the last closed day they can be asked for.
        """
        return decode(ReportEntries, self._at.call("GET", "/api/v1/reports"))

    def get_report(
        self,
        code: str | int,
        *,
        as_of: date | str | None = None,
        since: date | str | None = None,
        currency: str | None = None,
        branch: str = "",
        product: str = "",
        officer: str = "",
        bucket: str = "",
        by: str = "",
        offset: int = 0,
    ) -> ReportShown:
        """Read one report as of a closed day.

        At most 500 rows of each table from `offset` on; names are masked. Asking again
        for the same day gives the same fingerprint. A report with a row for each loan
        or customer takes the scope loans:read as well.
        """
        return decode(
            ReportShown,
            self._at.call(
                "GET",
                "/api/v1/reports/{code}",
                path_values={"code": code},
                query={
                    "as_of": as_of,
                    "since": since,
                    "currency": currency,
                    "branch": branch,
                    "product": product,
                    "officer": officer,
                    "bucket": bucket,
                    "by": by,
                    "offset": offset,
                },
            ),
        )

    def list_rules(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        jurisdiction: str = "",
        licence: str = "",
        status: Literal["", "verified", "unverified"] = "",
        q: str = "",
        on: date | str | None = None,
    ) -> RuleLinePage:
        """List the rules in force on a day.

        In order of their ids, with what this lender changed of them.
        """
        return decode(
            RuleLinePage,
            self._at.call(
                "GET",
                "/api/v1/rules",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "jurisdiction": jurisdiction,
                    "licence": licence,
                    "status": status,
                    "q": q,
                    "on": on,
                },
            ),
        )

    def each_rule(
        self,
        *,
        jurisdiction: str = "",
        licence: str = "",
        status: Literal["", "verified", "unverified"] = "",
        q: str = "",
        on: date | str | None = None,
    ) -> Iterator[RuleLine]:
        """Every page of `list_rules`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_rules(
                jurisdiction=jurisdiction,
                licence=licence,
                status=status,
                q=q,
                on=on,
                cursor=cursor,
                limit=500,
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def get_rule(self, rule: str | int, *, on: date | str | None = None) -> RuleWhole:
        """Read a rule.

        Its versions with their sources, its values on a day, and this lender's changes.
        """
        return decode(
            RuleWhole,
            self._at.call(
                "GET",
                "/api/v1/rules/{rule}",
                path_values={"rule": rule},
                query={"on": on},
            ),
        )

    def propose_rule_change(
        self,
        rule: str | int,
        body: RuleChangeIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> RuleChangeAsked:
        """Propose a change of a rule.

        Another person decides. A rule that binds may only be made stricter; days may
        not overlap another change.
        """
        return decode(
            RuleChangeAsked,
            self._at.call(
                "POST",
                "/api/v1/rules/{rule}/changes",
                path_values={"rule": rule},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def list_steps(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        queue: str = "",
        segment: str = "",
        row: str = "",
        action: str = "",
    ) -> CustomerStepLinePage:
        """List the steps of customers.

        By the last run, of the customers you may see, in order of their numbers.
        """
        return decode(
            CustomerStepLinePage,
            self._at.call(
                "GET",
                "/api/v1/steps",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "queue": queue,
                    "segment": segment,
                    "row": row,
                    "action": action,
                },
            ),
        )

    def each_step(
        self, *, queue: str = "", segment: str = "", row: str = "", action: str = ""
    ) -> Iterator[CustomerStepLine]:
        """Every page of `list_steps`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_steps(
                queue=queue,
                segment=segment,
                row=row,
                action=action,
                cursor=cursor,
                limit=500,
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def list_strategies(
        self, *, cursor: str = "", limit: int = 50
    ) -> StrategyListedPage:
        """List the strategies.

        In order of their numbers; `place` says which is asked first. Each with what is
        live, coming and drawn.
        """
        return decode(
            StrategyListedPage,
            self._at.call(
                "GET", "/api/v1/strategies", query={"cursor": cursor, "limit": limit}
            ),
        )

    def each_strategie(self) -> Iterator[StrategyListed]:
        """Every page of `list_strategies`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_strategies(cursor=cursor, limit=500)
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def begin_strategy_draft(
        self,
        strategy: int,
        body: StrategyDraftIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> StrategyVersionKept:
        """Begin a draft. Nothing follows from it before another person approves it."""
        return decode(
            StrategyVersionKept,
            self._at.call(
                "POST",
                "/api/v1/strategies/{strategy}/drafts",
                path_values={"strategy": strategy},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def get_strategy_rehearsal(self, rehearsal: int) -> StrategyRehearsal:
        """Read a rehearsal.

        What it came to is of the whole book, so it is for who sees all of it.
        """
        return decode(
            StrategyRehearsal,
            self._at.call(
                "GET",
                "/api/v1/strategy-rehearsals/{rehearsal}",
                path_values={"rehearsal": rehearsal},
            ),
        )

    def get_strategy_version(self, version: int) -> StrategyVersionWhole:
        """Read a version. With its content in the form of the YAML file."""
        return decode(
            StrategyVersionWhole,
            self._at.call(
                "GET",
                "/api/v1/strategy-versions/{version}",
                path_values={"version": version},
            ),
        )

    def keep_strategy_draft(
        self,
        version: int,
        body: StrategyDraftKept,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> StrategyVersionKept:
        """Keep a draft.

        Refused with 409 where somebody kept it since `rev`. Half-typed cells are kept
        and told as findings.
        """
        return decode(
            StrategyVersionKept,
            self._at.call(
                "POST",
                "/api/v1/strategy-versions/{version}/content",
                path_values={"version": version},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def propose_strategy_version(
        self,
        version: int,
        body: StrategyProposalIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> StrategyProposed:
        """Propose a draft.

        It has to be rehearsed as it is now. Somebody who drew none of it decides.
        """
        return decode(
            StrategyProposed,
            self._at.call(
                "POST",
                "/api/v1/strategy-versions/{version}/proposals",
                path_values={"version": version},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def rehearse_strategy_draft(
        self,
        version: int,
        body: StrategyRehearsalIn,
        *,
        key: str | None = None,
        dry_run: bool = False,
    ) -> StrategyRehearsalAsked:
        """Rehearse a draft.

        The worker tries it on the last closed day; read the rehearsal until it is done.
        """
        return decode(
            StrategyRehearsalAsked,
            self._at.call(
                "POST",
                "/api/v1/strategy-versions/{version}/rehearsals",
                path_values={"version": version},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

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

    def list_work_items(
        self,
        *,
        cursor: str = "",
        limit: int = 50,
        case: int | None = None,
        kind: str = "",
        state: str = "",
        due_by: datetime | None = None,
    ) -> ItemSaidPage:
        """List what is to be done.

        At the cases one sees, done or not, in the order in which it was put down.
        """
        return decode(
            ItemSaidPage,
            self._at.call(
                "GET",
                "/api/v1/work-items",
                query={
                    "cursor": cursor,
                    "limit": limit,
                    "case": case,
                    "kind": kind,
                    "state": state,
                    "due_by": due_by,
                },
            ),
        )

    def each_work_item(
        self,
        *,
        case: int | None = None,
        kind: str = "",
        state: str = "",
        due_by: datetime | None = None,
    ) -> Iterator[ItemSaid]:
        """Every page of `list_work_items`, one thing after the other."""
        cursor = ""
        while True:
            page = self.list_work_items(
                case=case,
                kind=kind,
                state=state,
                due_by=due_by,
                cursor=cursor,
                limit=500,
            )
            yield from page.items
            if not page.has_more:
                return
            cursor = page.next_cursor or ""

    def dismiss_work_item(
        self, item: int, body: Seen, *, key: str | None = None, dry_run: bool = False
    ) -> WorkMade:
        """Say that something is not needed.

        It stays to be seen that it was put down, and who took it off.
        """
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/work-items/{item}:dismiss",
                path_values={"item": item},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )

    def finish_work_item(
        self, item: int, body: Seen, *, key: str | None = None, dry_run: bool = False
    ) -> WorkMade:
        """Say that something was done. Once; who comes second is told."""
        return decode(
            WorkMade,
            self._at.call(
                "POST",
                "/api/v1/work-items/{item}:done",
                path_values={"item": item},
                key=key,
                writes=True,
                query={"dry_run": dry_run or None},
                content=encode(body),
            ),
        )
