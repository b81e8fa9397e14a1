"""The casework policy: read, checked, and what a contact is worth by it."""

from importlib import resources
from pathlib import Path

import pytest

from daihou.packs.casework import STAGES, CaseworkPolicyError, policy, read


def _shipped() -> str:
    file = resources.files("daihou") / "rulebooks" / "casework" / "house.yaml"
    return file.read_text(encoding="utf-8")


def test_the_shipped_policy_has_a_queue_and_a_chance_for_every_stage() -> None:
    house = policy()
    assert [house.queue_of(each).code for each in ("current", "M2", "M3", "M7")] == [
        "early",
        "early",
        "mid",
        "late",
    ]
    assert set(house.value.chance) == set(STAGES)


def test_what_a_contact_is_worth() -> None:
    value = policy().value
    assert value.of(100_001, stage="M1") == 42_000  # cut, never rounded up
    assert value.of(100_000, stage="M1", broken=1) == 29_400
    assert value.of(100_000, stage="M1", broken=9) == value.of(
        100_000, stage="M1", broken=3
    )
    assert value.of(100_000, stage="M1", worked_days=1) == 16_800
    assert value.of(100_000, stage="M1", worked_days=2) == 42_000
    assert value.of(0, stage="M7") == 0


def test_a_lenders_own_policy_counts(tmp_path: Path) -> None:
    own = tmp_path / "casework.yaml"
    own.write_text(_shipped().replace("reopen_days: 30", "reopen_days: 5"), "utf-8")
    assert policy(own).reopen_days == 5
    assert policy(tmp_path / "none.yaml").reopen_days == 30


@pytest.mark.parametrize(
    ("was", "becomes", "code"),
    [
        ("open_from_dpd: 1", "open_from_dpd: 0", "schema"),
        ("M1: 420", "M1: 1420", "schema"),
        ("from: current", "from: M1", "queues"),
        ("from: M4", "from: M2", "queues"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(was: str, becomes: str, code: str) -> None:
    with pytest.raises(CaseworkPolicyError) as refused:
        read(_shipped().replace(was, becomes, 1), name="x.yaml")
    assert refused.value.code == code
    assert "x.yaml" in refused.value.say("zh-hans")
