"""A lender's own policy: it may tighten the law, switch off what binds nobody, no more."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from daihou.packs import law, law_policy
from daihou.packs.law_errors import LawError

BOOK = law.known()
DAY = date(2026, 11, 22)


def change(rule: str, **given: object) -> dict[str, object]:
    return {
        "rule": rule,
        "begins_on": "2026-01-01",
        "because": "the board said so",
    } | given


def under(tmp_path: Path, *changes: dict[str, object]) -> law.Lawbook:
    file = tmp_path / "ours.yaml"
    content = {"title": "ours", "changes": list(changes)}
    file.write_text(yaml.safe_dump(content), "utf-8")
    return law_policy.under(BOOK, file, name=file.name)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("CN-COL-02", {"most_connected_a_day": 2}),
        ("CN-COL-02", {"most_connected_a_day": 3}),
        ("CN-COL-01", {"opens_at": "09:00", "closes_at": "20:00"}),
        ("CN-COL-01", {"night_consent_of": []}),
        ("CN-COL-04", {"may_be_contacted": ["borrower"]}),
        ("CN-COL-07", {"least_staff": 3}),
        ("US-03", {"most_calls": 5, "within_days": 10, "quiet_days": 8}),
        (
            "CN-PRV-02",
            {
                "coefficients": {
                    "normal": "0.02",
                    "special_mention": "0.03",
                    "substandard": "0.30",
                    "doubtful": "0.60",
                    "loss": "1.00",
                }
            },
        ),
        # Policy of the house and unverified rules may be opened.
        ("CN-POL-04", {"most_messages_a_day": 5}),
        ("CN-POL-05", {"channels": []}),
        ("IN-02", {"closes_at": "20:00"}),
    ],
)
def test_stricter_values_are_taken(
    tmp_path: Path, rule: str, values: dict[str, object]
) -> None:
    found = under(tmp_path, change(rule, values=values)).on(rule, DAY)
    assert found is not None and found.changed == set(values)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("CN-COL-02", {"most_connected_a_day": 4}),
        ("CN-COL-01", {"opens_at": "07:59"}),
        ("CN-COL-01", {"closes_at": "22:01"}),
        ("CN-COL-01", {"night_consent_of": ["contact_person"]}),
        ("CN-COL-04", {"may_be_contacted": ["borrower", "unrelated"]}),
        ("CN-COL-07", {"least_staff": 1}),
        ("CN-COL-13", {"records_years": 4}),
        ("CN-CLS-04", {"overdue_over_days": 91}),
        ("US-03", {"quiet_days": 6}),
        # Holds are no law, yet a lender may only add to them.
        ("CN-POL-02", {"flags": ["cease"]}),
        ("CN-POL-06", {"least_staff": 1}),
    ],
)
def test_a_value_below_the_law_is_refused(
    tmp_path: Path, rule: str, values: dict[str, object]
) -> None:
    with pytest.raises(LawError) as caught:
        under(tmp_path, change(rule, values=values))
    assert caught.value.code == "loosened"
    assert "ours.yaml" in caught.value.say("zh") and rule in caught.value.say("en")


def test_a_version_the_change_does_not_meet_does_not_bind_it(tmp_path: Path) -> None:
    # Up to 2025-02-28 no standard says how often; the change ends before it begins.
    early = change("CN-COL-02", begins_on="2020-01-01", ends_on="2025-02-28")
    under(tmp_path, early | {"values": {"most_connected_a_day": 9}})
    with pytest.raises(LawError, match="loosened|stricter"):
        late = early | {"ends_on": "2025-03-01"}
        under(tmp_path, late | {"values": {"most_connected_a_day": 9}})


@pytest.mark.parametrize("rule", ["CN-CMP-02", "CN-POL-05", "IN-02", "CN-POL-11"])
def test_what_binds_nobody_may_be_switched_off(tmp_path: Path, rule: str) -> None:
    book = under(tmp_path, change(rule, switched="off"))
    assert BOOK.on(rule, DAY) is not None
    assert book.on(rule, DAY) is None
    assert book.on(rule, date(2025, 12, 31)) == BOOK.on(rule, date(2025, 12, 31))
    assert book.digest != BOOK.digest


@pytest.mark.parametrize("rule", ["CN-COL-01", "CN-POL-02", "US-POL-02", "US-03"])
def test_what_binds_may_not(tmp_path: Path, rule: str) -> None:
    with pytest.raises(LawError) as caught:
        under(tmp_path, change(rule, switched="off"))
    assert caught.value.code == "switched_off"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([change("CN-COL-99", switched="off")], "policy_rule"),
        ([change("CN-COL-02", values={"most": 1})], "policy_name"),
        ([change("CN-COL-02", values={"most_connected_a_day": "2"})], "value"),
        (
            [
                change(
                    "CN-COL-02",
                    values={"most_connected_a_day": 2},
                    ends_on="2026-01-01",
                )
            ],
            "policy_days",
        ),
        (
            [
                change("CN-COL-02", values={"most_connected_a_day": 2}),
                change(
                    "CN-COL-02",
                    values={"most_connected_a_day": 1},
                    begins_on="2026-06-01",
                ),
            ],
            "policy_twice",
        ),
        ([{"rule": "CN-COL-02", "begins_on": "2026-01-01"}], "schema"),
    ],
)
def test_other_mistakes_have_a_way_out(
    tmp_path: Path, changes: list[dict[str, object]], code: str
) -> None:
    with pytest.raises(LawError) as caught:
        under(tmp_path, *changes)
    assert caught.value.code == code
    assert "ours.yaml" in caught.value.say("zh")


def test_one_change_may_follow_another(tmp_path: Path) -> None:
    first = change(
        "CN-COL-02", values={"most_connected_a_day": 2}, ends_on="2026-06-01"
    )
    second = change(
        "CN-COL-02", values={"most_connected_a_day": 1}, begins_on="2026-06-01"
    )
    book = under(tmp_path, first, second)
    values = [
        book.on("CN-COL-02", day).values["most_connected_a_day"]  # type: ignore[union-attr]
        for day in (date(2025, 12, 31), date(2026, 5, 31), date(2026, 6, 1))
    ]
    assert values == [3, 2, 1]
