"""The search of the top bar: what it finds while one types, and what it never tells."""

import re

import pytest

from daihou.kit import secret
from daihou.rooms.ledger import queries, sealing
from daihou.rooms.ledger.models import ContactPoint, Customer, Loan
from tests.rooms.book import Book
from tests.rooms.cast import Cast
from tests.rooms.test_pages import book, loans, signed_in, text_of  # noqa: F401

PHONE, ID_NO = "13800000007", "990000198001010023"


@pytest.fixture
def known(loans: list[Loan]) -> list[Loan]:  # noqa: F811
    """A telephone for a borrower of the north, a document number for one of the south."""
    ContactPoint.objects.create(
        source="core",
        external_id="P1",
        digest=b"",
        customer=loans[0].customer,
        kind="mobile",
        **sealed("value", PHONE, kind="phone"),
    )
    Customer.objects.filter(pk=loans[2].customer_id).update(
        **sealed("id_no", ID_NO, kind="id_no")
    )
    return loans


def sealed(column: str, value: str, *, kind: str) -> dict[str, object]:
    """A value as the columns of personal data hold it."""
    about = sealing.CONTACT if column == "value" else sealing.ID_NO
    return {
        column: secret.seal(value, about=about),
        f"{column}_digest": sealing.digest(value, kind),
        f"{column}_tail": secret.tail(value, kind),
    }


def kinds(text: str, cast: Cast, who: str = "arun") -> dict[str, list[str]]:
    groups = queries.find(text, scope=getattr(cast, who).scope)
    return {group.kind: [hit.number for hit in group.hits] for group in groups}


def test_by_the_beginning_of_the_loan_number(known: list[Loan], cast: Cast) -> None:
    assert kinds("N", cast)["loan"] == ["N1", "N2", "N3"]
    assert kinds("N2", cast) == {"loan": ["N2"]}
    assert kinds("2", cast) == {}


def test_by_the_name_and_the_number_of_the_customer(
    known: list[Loan], cast: Cast
) -> None:
    assert kinds("北", cast) == {"customer": ["C-N3", "C-N2", "C-N1"]} or set(
        kinds("北", cast)["customer"]
    ) == {"C-N1", "C-N2", "C-N3"}
    assert kinds("C-S", cast) == {"customer": ["C-S1"]}


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [("0007", "phone", "N1"), (PHONE, "phone", "N1"), ("138 0000 0007", "phone", "N1")]
    + [("0023", "id_no", "S1"), (ID_NO, "id_no", "S1")],
)
def test_by_the_tail_or_the_whole_of_a_number(
    known: list[Loan], cast: Cast, text: str, kind: str, number: str
) -> None:
    assert kinds(text, cast) == {kind: [number]}


@pytest.mark.parametrize("text", ["007", "00 7", "380000000", "9999", "abcd", "%", "_"])
def test_nothing_is_found_by_a_piece(known: list[Loan], cast: Cast, text: str) -> None:
    assert kinds(text, cast) == {}


@pytest.mark.parametrize("text", ["S1", "南甲", "C-S1", "0023", ID_NO])
def test_of_another_branch_nothing_is_found(
    known: list[Loan], cast: Cast, text: str
) -> None:
    assert kinds(text, cast, "mei") == {}
    assert kinds(text, cast, "bola") != {}


def test_more_than_fit_is_told(known: list[Loan], cast: Cast) -> None:
    (group,) = queries.find("N", scope=cast.arun.scope, limit=2)
    assert len(group.hits) == 2 and group.more


def test_what_is_shown_while_one_types_is_masked(
    book: Book,  # noqa: F811
    known: list[Loan],
) -> None:
    for text in ("N", "0007", "北"):
        page = text_of(signed_in("arun").get("/search/suggest/", {"q": text}))
        assert "北甲" not in page and "北*" in page, text
        assert not re.search(r"\d{7,}", page)
    assert "<html" not in page


def test_the_search_page_finds_by_tail_too(
    book: Book,  # noqa: F811
    known: list[Loan],
) -> None:
    response = signed_in("arun").get("/search/?q=0023")
    assert response.headers["Location"] == f"/loans/{known[2].pk}/"
    assert "Nothing found" in text_of(signed_in("mei").get("/search/?q=0023"))
