"""The rule book: what ships is sound, and each kind of mistake gets its way out."""

import shutil
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from daihou.engine.rulebook.law import (
    Evidence,
    Force,
    Lawbook,
    Status,
    Stricter,
    is_as_strict,
)
from daihou.packs import law, law_files, law_words
from daihou.packs.law_errors import LawError

BOOK = law.known()
FOLDER = Path(str(law_files.packaged()))
ROOT = Path(__file__).resolve().parents[2]
LAW_PAGE = ROOT.parent / "shared" / "design" / "LAW.md"
DAY = date(2026, 11, 22)


def test_what_ships_keeps_its_schemas_and_reads_the_same() -> None:
    looked_at = law.load(law_files.packaged(), by_schema=True)
    assert looked_at.digest == BOOK.digest
    assert looked_at.rules == BOOK.rules
    assert set(BOOK.packs) == {"cn", "us", "uk", "eu", "in", "example"}
    assert set(BOOK.packs["cn"].licences) == {
        *("bank", "consumer_finance", "microloan", "assignee", "private_lending"),
    }


def test_every_rule_of_the_collected_facts_is_there() -> None:
    if not LAW_PAGE.exists():
        pytest.skip("the collected facts are not beside this checkout")
    wanted = {
        line.split("|")[1].strip()
        for line in LAW_PAGE.read_text("utf-8").splitlines()
        if line.startswith(("| CN-", "| US-", "| UK-", "| EU-", "| IN-"))
    }
    assert len(wanted) > 100
    assert wanted - BOOK.rules.keys() == set()


@pytest.mark.parametrize("rule", BOOK.rules.values(), ids=lambda rule: rule.id)
def test_every_rule_says_both_languages_and_where_from(rule: law.Rule) -> None:
    for words in (rule.title, rule.enforcement):
        assert words["zh-Hans"] != words["en"]
    for term in rule.terms.values():
        assert term.title["zh-Hans"] and term.title["en"]
    for version in rule.versions:
        assert version.text["zh-Hans"] != version.text["en"]
        seen = {each.evidence for each in version.sources}
        if not seen & {Evidence.PRIMARY, Evidence.SECONDARY}:
            assert version.status is Status.UNVERIFIED
            assert not any(version.is_asserted(name) for name in rule.terms)
        if Force.POLICY in rule.force:
            assert seen == {Evidence.HOUSE} and rule.force == (Force.POLICY,)
            assert not rule.is_binding(version) or rule.tighten_only


def test_a_number_that_is_not_known_is_nobody_s_law() -> None:
    (version,) = BOOK.rules["CN-WO-08"].versions
    assert not version.values and version.status is Status.UNVERIFIED
    assert not version.is_asserted("personal_most")
    (doubtful,) = BOOK.rules["CN-CLS-05"].versions
    assert doubtful.is_asserted("overdue_over_days")
    assert not doubtful.is_asserted("loss_share_from")


def test_values_are_exact() -> None:
    assert BOOK.rules["CN-CLS-07"].versions[0].values["bad_share_over"] == Decimal(
        "0.10"
    )
    assert BOOK.rules["CN-CRD-04"].versions[0].values["most"] == 1_000_000
    assert BOOK.rules["CN-NPLT-01"].versions[1].values["last_day"] == date(2026, 12, 31)
    table = BOOK.rules["CN-PRV-02"].versions[0].values["coefficients"]
    assert isinstance(table, Mapping) and table["special_mention"] == Decimal("0.03")


def test_a_rule_is_in_force_from_its_first_day_until_its_last() -> None:
    rule = BOOK.rules["CN-CLS-17"]
    first = rule.versions[0].begins_on
    assert rule.on(date(2007, 7, 2)) is None and rule.on(first) is not None
    assert rule.on(date(2023, 6, 30)) is not None
    assert rule.on(date(2023, 7, 1)) is None
    hours = BOOK.rules["CN-COL-01"]
    assert hours.on(date(2026, 1, 29)) is hours.versions[0]
    assert hours.on(date(2026, 1, 30)) is hours.versions[1]


def test_a_stand_in_holds_only_where_the_rule_does_not() -> None:
    def asked(day: date, licence: str) -> set[str]:
        found = BOOK.in_force(day, jurisdiction="us", licence=licence)
        return {each.rule.id for each in found}

    assert {"US-02"} == asked(DAY, "debt_collector") & {"US-02", "US-POL-01"}
    assert {"US-POL-01"} == asked(DAY, "creditor") & {"US-02", "US-POL-01"}
    early = asked(date(2021, 11, 29), "debt_collector")
    assert {"US-POL-01"} == early & {"US-02", "US-POL-01"}


# What section 6 of the collected facts refuses, in the words it may hide behind.
REFUSED = [
    *("大字报", "横幅", "喷字", "曝光", "靠吓", "爆通讯录", "黑名单公示"),
    *("shaming", "intimidat", "imperson", "threat", "restrain", "trespass"),
    *("seize", "data_trade"),
]


def test_no_value_or_word_of_a_rule_can_name_a_refused_act() -> None:
    said = []
    for rule in BOOK.rules.values():
        for version in rule.versions:
            words = [*rule.terms, *rule.verbs]
            for value in version.values.values():
                words += list(value) if isinstance(value, tuple) else [str(value)]
            for clause in version.checks:
                words += [str(each) for each in clause.values()]
            said += [
                (rule.id, word, refused)
                for word in words
                for refused in REFUSED
                if refused in str(word).lower()
            ]
    assert said == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rule book with the example pack alone."""
    shutil.copytree(FOLDER / "example", tmp_path / "example")
    return tmp_path


def spoil(folder: Path, **changes: object) -> None:
    file = folder / "example" / "XX-COL-01.yaml"
    content = yaml.safe_load(file.read_text("utf-8"))
    content["versions"] = content.pop("versions")
    for path, value in changes.items():
        place: object = content
        *way, last = path.split("__")
        for step in way:
            place = place[int(step) if step.isdigit() else step]  # type: ignore[index]
        place[int(last) if last.isdigit() else last] = value  # type: ignore[index]
    text = yaml.safe_dump(content, allow_unicode=True, default_flow_style=False)
    file.write_text(text.replace("'2020", "2020"), "utf-8")


VERSION = {
    "text": {"zh-Hans": "甲", "en": "a"},
    "values": {"opens_at": "09:00", "closes_at": "20:00"},
    "sources": [{"text": "x", "evidence": "M"}],
    "status": "unverified",
}


@pytest.mark.parametrize(
    ("changes", "code", "told"),
    [
        ({"id": "XX-COL-02"}, "name", "XX-COL-02.yaml"),
        ({"jurisdiction": "cn"}, "folder", "cn"),
        ({"licences": ["pawnshop"]}, "licence", "pawnshop"),
        ({"id": "nonsense"}, "schema", "$.id"),
        ({"versions__0__begins_on": "2020-02-30x"}, "schema", "begins_on"),
        ({"versions__0__status": "verified"}, "asserted", "unverified"),
        ({"versions__0__values__opens_at": "9:00"}, "value", "opens_at"),
        ({"versions__0__values__opens_at": None}, "check", "opens_at"),
        ({"versions__0__values__noon": "12:00"}, "values", "opens_at"),
        ({"versions__0__unverified_values": ["noon"]}, "unverified_values", "noon"),
        ({"versions__0__gate__0__opens": "noon"}, "check", "noon"),
        ({"yields_to": ["CN-COL-01"]}, "stand_in", "CN-COL-01"),
        ({"colour": "red"}, "schema", "colour"),
        (
            {"versions": [VERSION | {"begins_on": "2021-01-01"}] * 2},
            "order",
            "XX-COL-01",
        ),
        (
            {
                "versions": [
                    VERSION | {"begins_on": "2021-01-01", "ends_on": "2022-02-01"},
                    VERSION | {"begins_on": "2022-01-01"},
                ]
            },
            "overlap",
            "2022-02-01",
        ),
        (
            {
                "versions": [
                    VERSION | {"begins_on": "2021-01-01", "ends_on": "2021-12-31"},
                    VERSION | {"begins_on": "2022-01-01"},
                ]
            },
            "gap",
            "2021-12-31",
        ),
        (
            {
                "versions": [
                    VERSION | {"begins_on": "2021-01-01", "ends_on": "2021-01-01"}
                ]
            },
            "overlap",
            "2021-01-01",
        ),
    ],
)
def test_each_mistake_names_the_file_the_rule_and_the_way_out(
    folder: Path, changes: dict[str, object], code: str, told: str
) -> None:
    spoil(folder, **changes)
    with pytest.raises(LawError) as caught:
        law.load(folder)
    assert caught.value.code == code
    for language in ("zh", "en"):
        words = caught.value.say(language)
        assert "example/XX-COL-01.yaml" in words and told in words
    assert caught.value.say("zh") != caught.value.say("en")


def test_files_that_are_no_rules(folder: Path) -> None:
    (folder / "example" / "XX-COL-01.yaml").write_text("id: a\nid: b\n", "utf-8")
    with pytest.raises(LawError, match="given twice"):
        law.load(folder)
    (folder / "example" / "pack.yaml").unlink()
    with pytest.raises(LawError, match=r"example/pack\.yaml is missing"):
        law.load(folder)


def test_one_letter_changed_is_another_version(folder: Path) -> None:
    before = law.load(folder).digest
    assert law.load(folder).digest == before
    file = folder / "example" / "XX-POL-01.yaml"
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")
    assert law.load(folder).digest != before


@pytest.mark.parametrize(
    ("new", "old", "stricter", "expected"),
    [
        (2, 3, Stricter.LOWER, True),
        (3, 3, Stricter.LOWER, True),
        (4, 3, Stricter.LOWER, False),
        (3, 2, Stricter.HIGHER, True),
        (1, 2, Stricter.HIGHER, False),
        (("a",), ("a", "b"), Stricter.SMALLER_SET, True),
        (("a", "c"), ("a", "b"), Stricter.SMALLER_SET, False),
        (("b", "a"), ("a",), Stricter.LARGER_SET, True),
        (("b",), ("a",), Stricter.LARGER_SET, False),
        (True, False, Stricter.TRUE, True),
        (False, True, Stricter.TRUE, False),
        (False, True, Stricter.FALSE, True),
        (True, False, Stricter.FALSE, False),
        (5, 5, Stricter.FIXED, True),
        (4, 5, Stricter.FIXED, False),
        ({"a": 2}, {"a": 1}, Stricter.HIGHER, True),
        ({"a": 2, "b": 0}, {"a": 1, "b": 1}, Stricter.HIGHER, False),
        ({"a": 2, "b": 2}, {"a": 1}, Stricter.HIGHER, False),
        (2, {"a": 1}, Stricter.HIGHER, False),
    ],
)
def test_which_of_two_values_is_stricter(
    new: law.Value, old: law.Value, stricter: Stricter, *, expected: bool
) -> None:
    assert is_as_strict(new, old, stricter) is expected


def test_the_difference_between_two_days_in_words() -> None:
    found = list(law_words.difference(BOOK, BOOK, date(2026, 1, 29), date(2026, 1, 30)))
    kinds = {each["rule"]: each["kind"] for each in found}
    assert kinds["CN-COL-03"] == "begins" and kinds["CN-COL-01"] == "text"
    assert "CN-COL-02" not in kinds
    provisions = [
        each
        for each in law_words.difference(
            BOOK, BOOK, date(2018, 2, 27), date(2018, 2, 28)
        )
        if each["rule"] == "CN-PRV-01"
    ]
    # A range per bank came into force; no number of a bank is known, so none moved.
    assert {each["kind"] for each in provisions} == {"value"}
    assert {each["value"] for each in provisions} == {
        "provision_least",
        "coverage_least",
    }
    values = [
        BOOK.on("CN-PRV-01", day) for day in (date(2018, 2, 27), date(2026, 11, 22))
    ]
    assert all(each is not None for each in values)
    assert [each.values["provision_share"] for each in values if each] == [
        Decimal("0.025")
    ] * 2


def test_the_difference_between_two_books(folder: Path) -> None:
    before = law.load(folder)
    spoil(folder, versions__0__values__opens_at="10:00")
    (folder / "example" / "XX-POL-01.yaml").unlink()
    after: Lawbook = law.load(folder)
    found = list(law_words.difference(before, after, None, None))
    assert [(each["rule"], each["kind"]) for each in found] == [
        ("XX-COL-01", "value"),
        ("XX-POL-01", "ends"),
    ]
