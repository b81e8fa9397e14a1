"""The pictures of the roles are all there, all shown, and small."""

import re

from tests.browser.roles import OWN
from tools.screenshots import LOOKS, PATHS, ROOT, SIZES, index

FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 8_000_000  # bytes of the whole folder
WEBP = b"WEBP"  # from the ninth byte on


def test_the_page_shows_every_picture_and_every_picture_is_there() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    assert page == index()
    shown = re.findall(r"\((roles/[\w-]+\.webp)\)", page)
    there = [f"roles/{path.name}" for path in (FOLDER / "roles").iterdir()]
    assert sorted(shown) == sorted(there)
    for name in shown:
        assert (FOLDER / name).read_bytes()[8:12] == WEBP, name


def test_eight_roles_in_both_languages_both_lights_and_on_a_phone() -> None:
    assert len(PATHS) >= 8 and set(PATHS) <= set(OWN)
    pages = sum(len(path) for path in PATHS.values())
    assert len(list((FOLDER / "roles").glob("*.webp"))) == pages * len(LOOKS) * len(
        SIZES
    )
    assert {language for language, _ in LOOKS} == {"zh", "en"}
    assert {theme for _, theme in LOOKS} == {"light", "dark"}


def test_the_folder_is_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.*")) < LARGEST
