"""Take the pictures of the documentation from a running site.

python tools/screenshots.py ADDRESS USERNAME PASSWORD [FOLDER]
python tools/screenshots.py --roles ADDRESS PASSWORD [FOLDER]

Every page in both languages, light and dark, at 1366x768; FOLDER is docs/screenshots
when it is not given. With --roles the main path of each role (logins are named as
their role) into FOLDER/roles: both languages, light and dark, on a desk and on a
phone, and the page FOLDER/README.md that shows them all.
Says what a page complained of and then fails.
"""

import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    sync_playwright,
)

from tools import chromium

VIEW: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
PAGES = {
    "home": "/",
    "ledger": "/ledger/",
    "day-end": "/day-end/",
    "intake": "/intake/",
}
# What each role has before it on the way through its work, by address or as one of
# FIRST: the first late loan, its customer, the first case and so on.
PATHS: Mapping[str, Sequence[tuple[str, str]]] = {
    "collector": (
        ("desk", "/desk/"),
        ("day", "/desk/day/"),
        ("case", "case"),
        ("waiver", "waiver"),
    ),
    "supervisor": (
        ("floor", "/floor/"),
        ("queues", "/cases/queues/"),
        ("cases", "/cases/"),
        ("approvals", "/approvals/"),
    ),
    "branch_manager": (
        ("home", "/"),
        ("reports", "/reports/"),
        ("relief", "/relief/"),
        ("policy", "/relief/policy/"),
    ),
    "risk": (
        ("ledger", "/ledger/"),
        ("lab", "/lab/"),
        ("vintage", "/lab/ask/?metric=vintage_ever_30_amount"),
        ("matrix", "/lab/ask/?metric=roll_amount"),
        ("strategy", "strategy"),
        ("day-end", "/day-end/"),
    ),
    "compliance": (("audit", "/audit/"), ("approvals", "/approvals/")),
    "finance": (("receipts", "/receipts/"), ("customer", "customer")),
    "auditor": (("audit", "/audit/"), ("loan", "loan")),
    "admin": (("intake", "/intake/"), ("people", "/people/")),
}
_LATE = "/ledger/?bucket=M2&v=all"
# What is found on a page: the lists to look in, the link to follow, what shows then.
FIRST: Mapping[str, tuple[Sequence[str], str, str]] = {
    "loan": (
        (_LATE, "/ledger/?v=all"),
        ".dh-table tbody td:nth-child(2) a",
        ".dh-deriv",
    ),
    "case": (("/cases/",), ".dh-table tbody td a[href^='/cases/']", ".axes"),
    "strategy": (
        ("/strategy/",),
        "tbody a[href*='/strategy/versions/']",
        ".dh-table tbody",
    ),
}
# What is one link further: from where, the link, what shows then.
BEYOND: Mapping[str, tuple[str, str, str]] = {
    "customer": ("loan", ".dh-head h1 a", ".dh-pairs"),
    "waiver": ("loan", "#relief a[href$='/waiver/']", "#id_reason"),
}
LOOKS = [(language, theme) for language in ("zh", "en") for theme in ("light", "dark")]
SIZES = {"desk": VIEW, "phone": PHONE}
CODES = {"zh": "zh-hans", "en": "en"}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}  # how the browser itself writes a date
LARGEST = 120_000  # bytes of one picture
COLOURS = (128, 64, 32)
COLOURS_OF_ROLES = 48  # of one among many: they stay true, and the folder small


def small(picture: bytes) -> bytes:
    """The picture in as few colours as keep it readable, where Pillow is there."""
    try:
        from PIL import Image
    except ImportError:
        return picture
    with Image.open(io.BytesIO(picture)) as image:
        for colours in COLOURS:
            out = io.BytesIO()
            plain = image.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
            plain.save(out, "PNG", optimize=True)
            if out.tell() <= LARGEST:
                break
    return min(picture, out.getvalue(), key=len)


def webp(picture: bytes) -> bytes:
    """The picture as WebP without loss, in colours that keep the rare ones: chips."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(
            COLOURS_OF_ROLES,
            method=Image.Quantize.MAXCOVERAGE,
            dither=Image.Dither.NONE,
        )
        few.convert("RGB").save(out, "WEBP", lossless=True, method=6)
    return out.getvalue()


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign in and wait for the first page."""
    page.goto("/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("form button[type=submit]")
    page.wait_for_selector(".dh-nav")


def opened(
    browser: Browser, address: str, look: tuple[str, str], complaints: list[str]
) -> Page:
    """A page in this language and light that tells what it complains of."""
    language, theme = look
    context = browser.new_context(
        base_url=address,
        viewport=VIEW,
        timezone_id="Asia/Shanghai",
        locale=LOCALES[language],
        reduced_motion="reduce",  # a colour on its way is no picture
    )
    speak(context, address, language)
    context.add_cookies([{"name": "daihou_theme", "value": theme, "url": address}])
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda told: (
            complaints.append(f"{page.url}: {told.text}")
            if told.type == "error"
            else None
        ),
    )
    return page


def speak(context: BrowserContext, address: str, language: str) -> None:
    """From the next page on in this language."""
    context.add_cookies(
        [{"name": "django_language", "value": CODES[language], "url": address}]
    )


def in_light(page: Page, theme: str) -> None:
    """Switch to light or dark, if the person likes the other."""
    if page.locator("html").get_attribute("data-bs-theme") != theme:
        with page.expect_response("**/preferences/"):
            page.click("[data-theme-switch]")


def go(page: Page, path: str) -> bool:
    """Open a page by its address, or one of FIRST or BEYOND; False when there is none."""
    if path.startswith("/"):
        answer = page.goto(path, wait_until="networkidle")
        assert answer is not None and answer.ok, f"{path}: {answer and answer.status}"
        return True
    if path in BEYOND:
        before, link, shown = BEYOND[path]
        return go(page, before) and follow(page, link, shown)
    lists, link, shown = FIRST[path]
    for address in lists:
        page.goto(address)
        if follow(page, link, shown):
            return True
    return False


def follow(page: Page, link: str, shown: str) -> bool:
    """Open the first such link and wait for its page; False when there is none."""
    first = page.locator(link).first
    if not first.count():
        return False
    address = first.get_attribute("href") or "/"
    page.goto(address, wait_until="networkidle")
    page.wait_for_selector(shown)
    return True


def take(
    browser: Browser, address: str, login: tuple[str, str], look: tuple[str, str]
) -> dict[str, bytes]:
    """All pages in one language and one light, by the name of their file."""
    language, theme = look
    complaints: list[str] = []
    page = opened(browser, address, look, complaints)
    page.goto("/sign-in/")
    pictures = {f"sign-in-{language}-{theme}": page.screenshot()}
    sign_in(page, *login)
    in_light(page, theme)
    for name, path in (PAGES | {"loan": "loan"}).items():
        if go(page, path):
            pictures[f"{name}-{language}-{theme}"] = page.screenshot()
    page.context.close()
    assert not complaints, complaints
    return pictures


def take_role(
    browser: Browser, address: str, role: str, password: str
) -> dict[str, bytes]:
    """The main path of one role in every look and size, by the name of the file."""
    pictures: dict[str, bytes] = {}
    complaints: list[str] = []
    for language in CODES:
        page = opened(browser, address, (language, "light"), complaints)
        sign_in(page, role, password)
        for name, path in PATHS[role]:
            for theme in ("light", "dark"):
                page.set_viewport_size(VIEW)
                in_light(page, theme)
                for size, view in SIZES.items():
                    page.set_viewport_size(view)
                    if go(page, path):
                        file = picture_file(role, name, language, theme, size)
                        pictures[file] = page.screenshot(animations="disabled")
        page.context.close()
    assert not complaints, (role, complaints)
    return pictures


def picture_file(role: str, name: str, language: str, theme: str, size: str) -> str:
    """The file of one picture of a role, without its ending."""
    return f"roles/{role}-{name}-{language}-{theme}-{size}"


def index() -> str:
    """The page that shows the pictures of the roles, as they lie in the folder."""
    lines = [
        "# What each role sees 各角色所见",
        "",
        "The main path of eight roles in the demonstration: both languages, light and",
        "dark, 1366x768 and a phone. The names are the Town's, nobody's.",
        "",
        "演示环境中八种角色的主要路径：中英文、浅色与深色、1366x768 与手机。姓名均为虚构。",
    ]
    for role, path in PATHS.items():
        for name, _ in path:
            desk, phone = (
                [
                    f"![{role} {name} {language} {theme}]"
                    f"({picture_file(role, name, language, theme, size)}.webp)"
                    for language, theme in LOOKS
                ]
                for size in SIZES
            )
            lines += ["", f"## {role}: {name}", "", "| | |", "|---|---|"]
            lines += [f"| {desk[0]} | {desk[1]} |", f"| {desk[2]} | {desk[3]} |"]
            lines += ["", "| | | | |", "|---|---|---|---|", f"| {' | '.join(phone)} |"]
    return "\n".join(lines) + "\n"


def keep(pictures: Mapping[str, bytes], folder: Path) -> None:
    """Write the pictures down, small."""
    for name, picture in pictures.items():
        path = folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(small(picture))


def keep_roles(browser: Browser, address: str, password: str, folder: Path) -> None:
    """The pictures of all roles and the page about them, in place of the old ones."""
    taken: dict[str, bytes] = {}
    for role in PATHS:
        taken |= take_role(browser, address, role, password)
    (folder / "roles").mkdir(parents=True, exist_ok=True)
    for old in (folder / "roles").iterdir():
        old.unlink()
    for name, picture in taken.items():
        (folder / f"{name}.webp").write_bytes(webp(picture))
    (folder / "README.md").write_text(index(), "utf-8")


def main(arguments: list[str]) -> int:
    """Take them all; 2 when asked wrongly or no Chromium starts."""
    by_role = arguments[:1] == ["--roles"]
    rest = arguments[1:] if by_role else arguments
    wanted = 2 if by_role else 3
    found = chromium.find()
    if len(rest) not in (wanted, wanted + 1) or found is None:
        print(__doc__ if found else "No Chromium starts here.")
        return 2
    folder = Path(rest[wanted]) if rest[wanted:] else ROOT / "docs" / "screenshots"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program, args=list(found.arguments)
        )
        if by_role:
            keep_roles(browser, rest[0], rest[1], folder)
        else:
            for look in LOOKS:
                keep(take(browser, rest[0], (rest[1], rest[2]), look), folder)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
