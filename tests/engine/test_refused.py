"""Acts that must not be are found however they are written, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.gate import lookalikes
from daihou.engine.gate.refused import Refusal, unseen
from daihou.packs import law_files, refused
from daihou.packs.law_errors import LawError
from tests.engine.refused_words import LAWFUL, NO_REPORTS, REPORTED, TRICKS, UNLAWFUL


def test_the_registry_holds_its_schema_and_is_whole() -> None:
    looked_at = refused.load(by_schema=True)
    assert set(looked_at.acts) == set(Refusal)
    for act in looked_at.acts.values():
        assert act.basis and all(each.text for each in act.basis)
        assert act.title["en"] and act.title["zh-Hans"]
        assert act.instead["en"] and act.instead["zh-Hans"]


def test_a_broken_file_of_the_registry_is_refused() -> None:
    good = law_files.read_file(
        law_files.packaged() / "refused" / "X_SEIZE.yaml", name="X_SEIZE.yaml"
    )
    with pytest.raises(LawError):
        law_files.check(good | {"switched": "off"}, schema="refused.json", name="x")
    with pytest.raises(LawError):
        law_files.check(good | {"phrases": []}, schema="refused.json", name="x")


@pytest.mark.parametrize(("code", "text"), UNLAWFUL)
def test_each_act_is_found_in_both_languages(code: str, text: str) -> None:
    found = refused.find(text)
    assert code in {each.code.value for each in found}, (code, text, found)
    assert not any(each.reported for each in found)


@pytest.mark.parametrize("code", sorted(Refusal))
def test_every_act_has_words_of_both_languages(code: str) -> None:
    texts = [text for each, text in UNLAWFUL if each == code]
    assert any(text.isascii() for text in texts)
    assert any(not text.isascii() for text in texts)


@pytest.mark.parametrize("text", TRICKS)
def test_tricks_of_writing_make_no_difference(text: str) -> None:
    assert refused.find(text), text


@pytest.mark.parametrize("text", LAWFUL)
def test_what_is_lawful_and_looks_like_it_passes(text: str) -> None:
    assert refused.find(text) == ()


@pytest.mark.parametrize("text", REPORTED)
def test_a_report_of_somebodys_deed_is_told_apart(text: str) -> None:
    found = refused.find(text)
    assert found and all(each.reported for each in found)


@pytest.mark.parametrize("text", NO_REPORTS)
def test_a_report_ends_with_its_sentence(text: str) -> None:
    found = refused.find(text)
    assert found and not all(each.reported for each in found)


def test_a_text_is_looked_at_to_its_end() -> None:
    assert refused.find("x y " * 30_000 + "张贴大字报")
    assert refused.find("大" + " " * 120_000 + "字报")


def test_the_words_are_those_that_stand_in_the_text() -> None:
    text = "今日外访：在 小 区 门口 贴 欠款公告，已拍照"
    first = refused.find(text)[0]
    assert first.words == text[first.start : first.end]
    assert "贴" in first.words


def test_tags_and_codes_are_known_by_themselves_alone() -> None:
    assert refused.find("恐吓") and refused.find(" INTIMIDATION ")
    assert refused.find("施工噪音，客户不堪其扰") == ()


_SIGNS = st.sampled_from([" ", "。", "-", "*", "\u200b", "\u3000", "_", "/", "·"])


@given(
    st.sampled_from([text for _code, text in UNLAWFUL if not text.isascii()]),
    _SIGNS,
)
def test_signs_between_the_characters_hide_nothing(text: str, sign: str) -> None:
    assert refused.find(sign.join(text))


@given(st.sampled_from([text for _code, text in UNLAWFUL]))
def test_full_width_and_capitals_hide_nothing(text: str) -> None:
    wide = "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text
    )
    assert refused.find(wide)
    assert refused.find(text.upper())


@given(st.text(max_size=200))
def test_any_text_has_an_answer_whose_places_are_in_it(text: str) -> None:
    for each in refused.find(text):
        assert 0 <= each.start < each.end <= len(text)


@given(
    st.text(alphabet="还款承诺周一二三四五0123456789元，。 电话已接通本人", max_size=60)
)
def test_notes_of_everyday_pass(text: str) -> None:
    assert refused.find(text) == ()


@pytest.mark.parametrize("act", sorted(refused.lookalikes()))
def test_a_look_alike_opens_only_when_every_fact_is_known(act: str) -> None:
    one = refused.lookalikes()[act]
    known = dict.fromkeys(one.needs, True)
    assert lookalikes.missing(one, known) == ()
    for each in one.needs:
        assert lookalikes.missing(one, known | {each: False}) == (each,)
        less = {name: value for name, value in known.items() if name != each}
        assert lookalikes.missing(one, less) == (each,)


def test_the_coarse_look_misses_nothing_that_is_found() -> None:
    import re
    import unicodedata

    coarse = re.compile(refused.known().coarse())
    for text in [text for _code, text in UNLAWFUL] + TRICKS:
        plain = unicodedata.normalize("NFKD", text).lower()
        ways = [
            "".join(
                char
                for char in way
                if unicodedata.category(char)[0] not in "PSZCM" and not unseen(char)
            )
            for way in (plain, re.sub(r"<[^<>]*>", "", plain))
        ]
        assert any(map(coarse.search, ways)) or "&#" in text, text
