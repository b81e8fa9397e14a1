"""Ways round the look for refused acts: long texts, doubled fields, names of fields."""

from pathlib import Path
from typing import Any

from daihou.kit import wording
from daihou.rooms.contact.models import ComplianceItem
from daihou.rooms.ledger.models import Loan
from tests.api.calls import api_of, refused
from tests.rooms.cast import Cast
from tests.rooms.contact.test_refused import client_of, loan, logged, one_of

__all__ = ["loan"]  # a fixture


def test_every_value_of_a_field_is_looked_at(cast: Cast, loan: Loan) -> None:
    """However often it is sent, however long the others are: one of them is read."""
    mei = client_of("mei")
    address = f"/customers/{loan.customer_id}/notes/"
    for values in (
        ["x y " * 24_999, "张贴大字报"],
        ["张贴大字报", "x y " * 24_999],
        ["不得", "张贴大字报"],
    ):
        assert mei.post(address, {"text": values}).status_code == 422
    assert ComplianceItem.objects.get().times == 3


def test_what_is_too_long_to_be_looked_at_is_sent_back(cast: Cast, loan: Loan) -> None:
    address = f"/customers/{loan.customer_id}/notes/"
    for text in ("x y " * 25_001, ["x y " * 24_000 + str(n) for n in range(11)]):
        answer = client_of("mei").post(address, {"text": text})
        assert answer.status_code == 413
    flag = {"customer": str(loan.customer_id), "kind": "dispute"}
    long = flag | {"evidence": "x y " * 25_001}
    refused(api_of("arun").post("/contact/flags", long), 413, "text_too_long")
    many = flag | {"evidence": [f"x y {n}" for n in range(20_001)]}
    refused(api_of("arun").post("/contact/flags", many), 413, "too_many_texts")


def test_long_lists_are_looked_at_to_their_end(cast: Cast, loan: Loan) -> None:
    many = {f"note{n}": f"note {n}" for n in range(2_500)} | {"last": "张贴大字报"}
    refused(api_of("arun").post("/contact/flags", many), 422, "refused_act")


def test_what_lies_deep_is_looked_at_too() -> None:
    deep: Any = "张贴大字报"
    for _ in range(5_000):
        deep = [deep]
    texts = list(wording.texts_of({"note": [deep, "one"], "last": {"of": "all"}}))
    assert ("note", "张贴大字报") in texts
    assert {("of", "all"), ("note", "one"), ("key", "last")} <= set(texts)


def test_no_name_of_a_field_spares_its_text(cast: Cast, loan: Loan) -> None:
    body = {"secretly": "张贴大字报", "password": "恐吓客户家属"}
    for name, text in body.items():
        refused(api_of("arun").post("/contact/flags", {name: text}), 422, "refused_act")
    form = {"secret_note": "张贴大字报"}
    assert client_of("mei").post("/views/save/", form).status_code == 422


def test_passwords_are_not_looked_at(cast: Cast) -> None:
    form = dict.fromkeys(("old", "new", "again"), "张贴大字报")
    answer = client_of("mei").post("/account/password/", form)
    assert answer.status_code == 422  # the present password is another
    assert not ComplianceItem.objects.exists()


def test_names_of_files_are_looked_at(
    cast: Cast, loan: Loan, tmp_path: Path, settings: Any
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.DAIHOU_HOME = tmp_path

    def file() -> SimpleUploadedFile:
        return SimpleUploadedFile(
            "张贴大字报.csv", b"customer_id,kind,name\nC9,person,A\n"
        )

    admin = client_of(one_of("admin"))
    answer = admin.post("/intake/", {"source": "core", "files": file()})
    assert answer.status_code == 422
    assert logged("X_PUBLIC_SHAMING", "form").by == "r_admin"
    api = api_of("r_admin")
    answer = api.client.post(
        "/api/v1/intakes",
        {"source": "core", "files": file()},
        headers=api.headers | {"idempotency-key": "named"},
    )
    refused(answer, 422, "refused_act")
