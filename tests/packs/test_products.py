"""Product files: what ships is sound, and each kind of mistake gets its way out."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import resources

import pytest

from daihou.engine.ledger.schedule import METHODS
from daihou.engine.rulebook.policy import Advance, Component, CostCap, Mode
from daihou.packs import products
from daihou.packs.errors import ProductError, UnknownProduct

TODAY = date(2026, 1, 1)
FOLDER = resources.files("daihou") / "rulebooks" / "products"
TEXT = (FOLDER / "consumer_loan.yaml").read_text(encoding="utf-8")
ORDER = "order: [principal, interest, compound, penalty, fee]"
CAP = '{rule: CN-INT-02, begins_on: 2017-08-04, annual_rate: "0.24"}'
BUCKETS = "    bucket_set: M0_M7"


def test_the_house_ships_these_products() -> None:
    assert set(products.known()) == {
        *("auto_loan_us", "business_loan", "card_instalment", "consumer_loan"),
        *("decoration_loan", "farmer_loan", "mirror_core", "sme_mortgage"),
        "vehicle_loan",
    }


@pytest.mark.parametrize("product", products.known())
def test_every_product_is_sound(product: str) -> None:
    found = products.find(product)
    assert found.name("zh-hans") != found.name("en")
    for version in found.versions:
        policy = version.policy
        assert set(version.methods) <= set(METHODS)
        assert set(policy.order) == set(Component)
        assert policy.product == product
        assert {each.of for each in version.sources} >= {"dpd"}
        assert hash(policy) == hash(replace(policy))


def test_terms_are_read_exactly() -> None:
    policy = products.policy("farmer_loan", on=TODAY)
    assert policy.mode is Mode.OWN
    assert policy.penalty.multiplier == Decimal("1.3")
    assert policy.dpd.tolerance_minor == 1_000
    assert policy.dpd.grace_days_instalment == policy.penalty.grace_days == 3
    assert products.policy("mirror_core", on=TODAY).mode is Mode.MIRROR
    dollars = products.version("auto_loan_us", on=TODAY)
    assert (dollars.currency, dollars.policy.penalty.on_principal) == ("USD", False)


def test_the_rules_of_order_cost_and_accrual_are_read() -> None:
    text = TEXT.replace(
        "advance: hold",
        f"advance: even\n      rules: [{{{ORDER}, dpd_over: 90, status: active}}]",
    ).replace("bucket_set: M0_M7", f"non_accrual_after: 90\n{BUCKETS}")
    policy = products.read(text, name="mine.yaml").version(on=TODAY).policy
    (rule,) = policy.order_rules
    assert (rule.order[0], rule.order[-1]) == (Component.PRINCIPAL, Component.FEE)
    assert (rule.dpd_over, rule.status, rule.begins_on) == (90, "active", None)
    assert policy.advance is Advance.EVEN
    assert policy.cost_caps == (
        CostCap("CN-INT-02", date(2017, 8, 4), Decimal("0.24")),
    )
    assert policy.non_accrual_after == 90


@pytest.mark.parametrize("product", products.known())
def test_lenders_under_licence_in_china_have_the_cap_of_24_percent(
    product: str,
) -> None:
    found = products.find(product)
    capped = found.licence in {"bank", "consumer_finance", "microloan"}
    for version in found.versions:
        rates = [each.annual_rate for each in version.policy.cost_caps]
        assert rates == ([Decimal("0.24")] if capped else [])


def test_the_version_in_force_on_the_day_decides() -> None:
    before = products.policy("consumer_loan", on=date(2021, 12, 31))
    after = products.policy("consumer_loan", on=date(2022, 1, 1))
    assert (before.dpd.tolerance_minor, after.dpd.tolerance_minor) == (0, 1_000)


def test_an_unknown_product_lists_the_known_ones() -> None:
    with pytest.raises(UnknownProduct) as caught:
        products.policy("payday_loan", on=TODAY)
    for language in ("zh-hans", "en"):
        assert "payday_loan" in caught.value.say(language)
        assert "consumer_loan, decoration_loan" in caught.value.say(language)


def test_a_day_before_the_first_version() -> None:
    with pytest.raises(ProductError) as caught:
        products.policy("consumer_loan", on=date(2014, 12, 31))
    assert caught.value.code == "not_in_force"
    assert "consumer_loan" not in products.policies(on=date(2014, 12, 31))


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("mode: own", "mode: ours", "schema"),
        ("mode: own", "mode: own\n    colour: red", "schema"),
        ('multiplier: "1.5"', "multiplier: 1.5", "schema"),
        ('multiplier: "1.5"', 'multiplier: "1.51"', "multiplier"),
        ("fee, penalty, compound", "fee, fee, compound", "schema"),
        ("begins_on: 2022-01-01", "begins_on: 2015-01-01", "order"),
        ("begins_on: 2022-01-01", "begins_on: 2014-01-01", "order"),
        (
            "begins_on: 2015-01-01",
            "begins_on: 2015-01-01\n    ends_on: 2022-01-02",
            "overlap",
        ),
        ("id: consumer_loan", "id: consumer_loan\nid: twice", "yaml"),
        ("book: retail", "book: [retail", "yaml"),
        ("advance: hold", "advance: some", "schema"),
        ("advance: hold", "advance: hold\n      rules: [{order: [fee]}]", "schema"),
        ("advance: hold", f"advance: hold\n      rules: [{{{ORDER}}}]", "schema"),
        (CAP, f"{CAP}, {CAP}", "cap_order"),
        (CAP, CAP.replace("INT-02", "INT-99"), "cap_source"),
        ('annual_rate: "0.24"', "annual_rate: 0.24", "schema"),
        ('annual_rate: "0.24"', 'annual_rate: "24"', "cap_share"),
        ("bucket_set: M0_M7", f"non_accrual_after: -1\n{BUCKETS}", "schema"),
    ],
)
def test_each_mistake_is_named(was: str, becomes: str, code: str) -> None:
    assert was in TEXT
    with pytest.raises(ProductError) as caught:
        products.read(TEXT.replace(was, becomes), name="mine.yaml")
    assert caught.value.code == code
    assert "mine.yaml" in caught.value.say("zh-hans")
    assert "mine.yaml" in caught.value.say("en")


def test_a_gap_between_versions_has_no_terms() -> None:
    text = TEXT.replace(
        "begins_on: 2015-01-01", "begins_on: 2015-01-01\n    ends_on: 2020-01-01", 1
    )
    product = products.read(text, name="mine.yaml")
    with pytest.raises(ProductError):
        product.version(on=date(2021, 1, 1))
    assert product.version(on=date(2019, 12, 31)).begins_on == date(2015, 1, 1)


def test_the_digest_knows_terms_not_their_order() -> None:
    known = list(products.policies(on=TODAY).values())
    digest = products.digest(known)
    assert digest == products.digest(reversed(known))
    changed = replace(known[0], dpd=replace(known[0].dpd, tolerance_minor=1_001))
    assert digest != products.digest([changed, *known[1:]])
