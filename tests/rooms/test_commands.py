"""`daihou pay` and `daihou user`: the same actions, from the command line."""

import re

import pytest
from click.testing import CliRunner, Result

from daihou.config.commands import pay, reverse, user
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.models import Loan, Payment
from daihou.rooms.people import door as people
from tests.rooms.cast import AT, TODAY, Cast, make_loan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")


def post(*arguments: str) -> Result:
    return CliRunner().invoke(pay.command, arguments)


@pytest.fixture
def open_book(db: None) -> None:
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    make_loan("L1")


def test_a_payment_is_posted_and_its_effect_is_shown(open_book: None) -> None:
    told = post("L1", "1060.00", "--id", "P1", "--language", "en")
    assert told.exit_code == 0, told.output
    assert "days late: 46 -> 19 (M1)" in told.output
    assert Payment.objects.get().amount == 106_000
    (entry,) = audit.latest(type="payment.received")
    assert entry.by == "command line"
    again = post("L1", "1060.00", "--id", "P1", "--language", "zh")
    assert again.exit_code == 0 and "此前已入账，没有任何变动。" in again.output
    assert "逾期天数: " in again.output
    assert Payment.objects.count() == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("L9", "1.00", "--id", "P1"),
        ("L1", "1.001", "--id", "P1"),
        ("L1", "a lot", "--id", "P1"),
        ("--id", "P1", "--", "L1", "-5"),
        ("L1", "5", "--id", "P1", "--on", "2030-01-01"),
    ],
)
def test_a_payment_that_cannot_be_ends_with_a_sentence(
    open_book: None, arguments: tuple[str, ...]
) -> None:
    told = post(*arguments)
    assert told.exit_code == 1
    assert told.output.startswith("Error: ") and "Traceback" not in told.output
    assert not Payment.objects.exists()


@pytest.mark.parametrize(("language", "words"), [("zh", "借据"), ("en", "no loan L9")])
def test_a_refusal_is_told_in_the_language_asked_for(
    open_book: None, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    assert words in post("L9", "1", "--id", "P", "--language", language).output
    monkeypatch.setenv("DAIHOU_LANGUAGE", language)
    assert words in post("L9", "1", "--id", "P").output


def test_of_two_loans_with_one_number_the_sender_is_asked(open_book: None) -> None:
    Loan.objects.create(
        **Loan.objects.values().get() | {"id": None, "source": "merged"}
    )
    told = post("L1", "5", "--id", "P1", "--language", "en")
    assert told.exit_code == 1
    assert "core, merged" in told.output and "--loan-source" in told.output
    told = post("L1", "5", "--id", "P1", "--loan-source", "core")
    assert told.exit_code == 0, told.output
    assert Payment.objects.get().loan.source == "core"


def test_without_a_business_date_the_way_out_is_told(db: None) -> None:
    told = post("L1", "5", "--id", "P1")
    assert told.exit_code == 1 and "daihou" in told.output


def test_a_login_is_made_and_listed(cast: Cast) -> None:
    run = CliRunner().invoke
    arguments = ["add", "lin", "--role", "risk", "--reads-only"]
    told = run(user.command, arguments, input="correct-horse-9\ncorrect-horse-9\n")
    assert told.exit_code == 0, told.output
    assert people.person("lin").reads_only
    listed = run(user.command, ["list"]).output
    assert "lin: risk, -, reads only" in listed and "mei: collector, north" in listed
    weak = run(user.command, [*arguments, "--password", "1"])
    assert weak.exit_code == 1
    assert weak.output.startswith("Error: The password is too short")
    weak = run(user.command, ["--language", "zh", *arguments, "--password", "1"])
    assert weak.output.startswith("错误：密码太短")
    assert not re.search("[A-Za-z]{3}", weak.output)


def test_money_far_beyond_the_loan_wants_a_second_word(open_book: None) -> None:
    told = post("L1", "999999.00", "--id", "P1", "--language", "en")
    assert told.exit_code == 1
    assert "999,999.00 is far beyond what closes the loan" in told.output
    assert "(--credit)" in told.output and not Payment.objects.exists()
    told = post("L1", "999999.00", "--id", "P1", "--language", "en", "--credit")
    assert told.exit_code == 0, told.output
    assert "held as credit: 9" in told.output
    again = post("L1", "999999.00", "--id", "P1", "--language", "en")
    assert again.exit_code == 0 and "Posted before" in again.output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("L1", "10000000000000.01", "--id", "P1", "--credit"), "too large"),
        (("L1", "1", "--id", "P" * 201), "id is too long"),
        (("L1", "1", "--id", "P1", "--channel", "c" * 41), "channel is too long"),
        (("L1", "1", "--id", "P1", "--source", "s" * 41), "source is too long"),
    ],
)
def test_what_does_not_fit_is_said(
    open_book: None, arguments: tuple[str, ...], word: str
) -> None:
    told = post(*arguments, "--language", "en")
    assert told.exit_code == 1 and word in told.output, told.output


def test_a_payment_is_taken_back_by_its_id(open_book: None) -> None:
    post("L1", "1060.00", "--id", "P1")
    words = ["P1", "--reason", "bounced", "--language", "en"]
    told = CliRunner().invoke(reverse.command, words)
    assert told.exit_code == 0, told.output
    assert "days late: 19 -> 47 (M2)" in told.output
    again = CliRunner().invoke(reverse.command, words)
    assert again.exit_code == 0 and "nothing was changed" in again.output
    assert Payment.objects.filter(kind="reversal").count() == 1
    told = CliRunner().invoke(reverse.command, ["P9", *words[1:]])
    assert told.exit_code == 1 and "no payment P9" in told.output


def test_a_collector_needs_a_branch_that_there_is(db: None) -> None:
    people.save_branches([("north", "北区", "North")], by="test", at=AT)
    add = ["add", "noor", "--role", "collector", "--password", "Kk-99-xxy-long"]
    for more, word in (([], "needs a --branch"), (["--branch", "x"], "no branch x")):
        told = CliRunner().invoke(user.command, [*add, *more])
        assert told.exit_code == 1, told.output
        assert word in told.output and "north (North)" in told.output
    assert "noor" not in {person.username for person in people.people()}


def test_a_login_is_changed(db: None) -> None:
    people.save_branches([("north", "北区", "North")], by="test", at=AT)
    words = ["add", "noor", "--role", "risk", "--password", "Kk-99-xxy-long"]
    assert CliRunner().invoke(user.command, words).exit_code == 0
    words = ["change", "noor", "--role", "collector"]
    told = CliRunner().invoke(user.command, words)
    assert told.exit_code == 1 and "needs a --branch" in told.output
    words += ["--branch", "north", "--off-duty"]
    told = CliRunner().invoke(user.command, words)
    assert told.output == "noor: collector, north, off duty\n"
