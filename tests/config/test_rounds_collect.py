"""A refused act that a round finds is written down, though what the round did is not."""

import threading
from typing import Any

import pytest
from django.db import transaction

from daihou.kit import rounds, wording
from daihou.rooms.contact.models import ComplianceItem
from tests.rooms.cast import AT, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_is_kept_when_the_round_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    from daihou.config import rounds as going
    from daihou.config import wiring

    stop = threading.Event()

    @transaction.atomic
    def act(*, at: Any) -> None:
        stop.set()
        texts = {"note": "张贴大字报"}
        wording.check(
            texts, channel="action", place="round", by="x", at=AT, business_date=TODAY
        )

    monkeypatch.setattr(wiring, "start", lambda: None)
    monkeypatch.setattr(rounds, "_rounds", {})
    rounds.register("try", every=60.0, do=act)
    going.go_round(stop)
    assert ComplianceItem.objects.get().code == "X_PUBLIC_SHAMING"
