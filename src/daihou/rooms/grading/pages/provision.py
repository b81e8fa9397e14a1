"""Provisions of a month: needed by class and branch, the ratios, and the movement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.http import QueryDict

from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.movement import Line
from daihou.engine.provision.required import Assessment, Total
from daihou.engine.provision.rules import ProvisionRules, usual_table
from daihou.engine.provision.words import BOOK, LINES, LOAN
from daihou.engine.rulebook.decision import Decision, Phrases, Step, shown
from daihou.engine.rulebook.decision import words as say
from daihou.kit import numbers
from daihou.kit.scope import Scope
from daihou.rooms.grading import provision_queries as queries
from daihou.rooms.grading import words
from daihou.rooms.grading.provision_queries import HeldLine, NeedLine, RunLine
from daihou.rooms.ledger import door as ledger

Choice = tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a decision and the rule it rests on."""

    text: str
    rule: str
    version: date | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One class or branch: loans, balance, what it needs; `share` of a class."""

    code: str
    word: str
    loans: int
    balance: int
    needed: int
    share: Decimal | None = None
    bad: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the movement: a row a class, a cell a line, and the sums."""

    word: str
    rows: Sequence[tuple[str, Sequence[int]]]
    sums: Sequence[int]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page; `run` None before the first, `found` None without sight of all."""

    run: RunLine | None
    months: Sequence[Choice] = ()
    tables: Sequence[Choice] = ()
    currencies: Sequence[Choice] = ()
    table: str = ""
    table_word: str = ""
    currency: str = ""
    classes: Sequence[Row] = ()
    offices: Sequence[Row] = ()
    total: Row | None = None
    whole: bool = False
    held: HeldLine | None = None
    found: Assessment | None = None
    ratios: Mapping[str, Decimal] | None = None
    governs: str = ""
    path: Sequence[Said] = ()
    flips: Sequence[str] = ()
    unverified: bool = False
    lines: Sequence[str] = ()
    sheets: Sequence[Sheet] = ()
    charge: int = 0


def page(asked: QueryDict, *, scope: Scope) -> Page:
    """The page of the month, table and currency an address asks for."""
    runs = queries.runs()
    if not runs:
        return Page(run=None)
    month = asked.get("month", "")
    run = next((each for each in runs if f"{each.as_of:%Y-%m}" == month), runs[0])
    rules = queries.rules(run.as_of, decided_by=run.as_of)
    known = [table for table in queries.tables(run) if table in rules]
    if not known:  # the lender's licence or country is another since the run
        return Page(run=run, months=_months(runs, run))
    wanted = asked.get("table", "")
    table = wanted if wanted in known else usual_table(known)
    needs = queries.needs(run, table=table, scope=scope)
    many = {code: sum(e.loans for e in lines) for code, lines in needs.items()}
    codes = sorted(many, key=lambda code: (-many[code], code))
    coin = asked.get("currency", "")
    currency = coin if coin in many else next(iter(codes), "CNY")
    return _filled(
        Page(
            run=run,
            months=_months(runs, run),
            tables=[(each, _word(each), each == table) for each in known],
            currencies=[(code, code, code == currency) for code in codes],
            table=table,
            table_word=_word(table),
            currency=currency,
            whole=queries.branches(scope) is None,
        ),
        run,
        needs.get(currency, []),
        rules[table],
    )


def _filled(
    page: Page, run: RunLine, needs: Sequence[NeedLine], rules: ProvisionRules
) -> Page:
    """The page with its figures; ratios and movement only for who sees all of it."""
    rows = queries.totals(needs)
    page = replace(
        page,
        classes=[_class_row(at, row, rules) for at, row in rows.items()],
        offices=_offices(needs),
        total=_total(rows),
        unverified=rules.article.is_doubted("coefficients"),
    )
    if not page.whole or not needs:
        return page
    held = queries.held(run.as_of, currency=page.currency)
    assert page.total is not None
    found = queries.assessment(
        rows,
        rules,
        held=held.amount if held else page.total.needed,
        as_of=run.as_of,
        currency=page.currency,
    )
    move = queries.move(run, table=page.table, currency=page.currency)
    texts = LINES.of(words.language())
    sheets = []
    if move is not None and run.opening_on is not None:
        sheets = [
            _sheet(texts["=balances"], move.balances),
            _sheet(texts["=allowances"], move.allowances),
        ]
    _answer, path, flips = told(found.decision, BOOK)
    return replace(
        page,
        held=held,
        found=found,
        ratios=_ratios(found),
        governs=_code(found.by.value),
        path=path,
        flips=flips,
        lines=[texts[f"={line.code}"] for line in Line],
        sheets=sheets,
        charge=_charge(move) if sheets and move else 0,
    )


def _months(runs: Sequence[RunLine], chosen: RunLine) -> Sequence[Choice]:
    return [
        (f"{each.as_of:%Y-%m}", f"{each.as_of:%Y-%m}", each.id == chosen.id)
        for each in runs
    ]


def _word(code: str) -> str:
    word = _code(code)
    return word[:1].upper() + word[1:]


def _code(code: str) -> str:
    chinese = numbers.is_chinese(words.language())
    word: str = shown(code, BOOK.of(words.language()), chinese=chinese)
    return word


def _class_row(at: AssetClass, row: Total, rules: ProvisionRules) -> Row:
    return Row(
        code=at.code,
        word=words.class_word(at),
        loans=row.loans,
        balance=row.balance,
        needed=row.needed,
        share=rules.shares[at],
    )


def _offices(needs: Sequence[NeedLine]) -> Sequence[Row]:
    """Branches by what they need, the most first."""
    sums: dict[str, list[int]] = {}
    for each in needs:
        row = sums.setdefault(each.branch, [0, 0, 0, 0])
        row[0] += each.loans
        row[1] += each.balance
        row[2] += each.needed
        row[3] += each.balance if each.asset_class.is_bad else 0
    say_branch = ledger.reading.list_words().branch
    rows = [
        Row(
            code=code,
            word=say_branch(code) if code else numbers.DASH,
            loans=row[0],
            balance=row[1],
            needed=row[2],
            bad=row[3],
        )
        for code, row in sums.items()
    ]
    return sorted(rows, key=lambda row: (-row.needed, row.code))


def _total(rows: Mapping[AssetClass, Total]) -> Row:
    return Row(
        code="",
        word="",
        loans=sum(row.loans for row in rows.values()),
        balance=sum(row.balance for row in rows.values()),
        needed=sum(row.needed for row in rows.values()),
        bad=sum(row.balance for at, row in rows.items() if at.is_bad),
    )


def _ratios(found: Assessment) -> Mapping[str, Decimal]:
    """The ratios as decimals, those that there are."""
    known = {
        "provision": found.provision_ratio,
        "coverage": found.coverage_ratio,
        "adequacy": found.adequacy_ratio,
    }
    return {
        name: Decimal(ratio.numerator) / Decimal(ratio.denominator)
        for name, ratio in known.items()
        if ratio is not None
    }


def _sheet(word: str, rows: Mapping[AssetClass, Mapping[Line, int]]) -> Sheet:
    found = [
        (words.class_word(at), [amounts[line] for line in Line])
        for at, amounts in rows.items()
    ]
    sums = [sum(amounts[line] for amounts in rows.values()) for line in Line]
    return Sheet(word, found, sums)


def _charge(move: queries.MoveLines) -> int:
    """What profit and loss bore: charged less released."""
    lines = (Line.NEW, Line.REPAID, Line.REMEASURED)
    return sum(amounts[line] for amounts in move.allowances.values() for line in lines)


def told(
    decision: Decision, phrases: Phrases
) -> tuple[str, Sequence[Said], Sequence[str]]:
    """A decision of provisions in words: the answer, the way, what would flip it."""
    lines = say(decision, words.language(), phrases)
    steps = lines[1 : 1 + len(decision.path)]
    path = [
        Said(_alone(text, step), step.rule, step.version, step.unverified)
        for text, step in zip(steps, decision.path, strict=True)
    ]
    return lines[0], path, lines[1 + len(decision.path) :]


def _alone(text: str, step: Step) -> str:
    """The sentence alone: the rule stands beside it as a link."""
    for mark in ("〔", " ["):
        head, found, _rest = text.partition(f"{mark}{step.rule}")
        if step.rule and found:
            return head
    return text


@dataclass(frozen=True, slots=True)
class OfLoan:
    """What a loan needs under one table, and why."""

    table: str
    answer: str
    path: Sequence[Said]
    flips: Sequence[str]


def of_loan(loan_id: int, *, scope: Scope) -> Sequence[OfLoan]:
    """What a loan needs under every table; NotFound outside the scope."""
    return [
        OfLoan(_word(table), *told(decision, LOAN))
        for table, decision in queries.loan_decisions(loan_id, scope=scope)
    ]
