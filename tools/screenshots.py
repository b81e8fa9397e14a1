"""Take the pictures of the documentation from a running site.

python tools/screenshots.py ADDRESS USERNAME PASSWORD [FOLDER]
python tools/screenshots.py --roles ADDRESS PASSWORD [FOLDER]

Every page in both languages, light and dark, at 1366x768; FOLDER is docs/screenshots
when it is not given. With --roles the main path of each role (logins are named as
their role) into FOLDER/roles: Chinese and light, English and dark, and on a phone.
Says what a page complained of and then fails.
"""

import io
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright

from tools import chromium

VIEW = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PAGES = {
    "home": "/",
    "ledger": "/ledger/",
    "day-end": "/day-end/",
    "intake": "/intake/",
}
# What each role has before it on the way through its work; `loan` is the first late one.
PATHS: Mapping[str, Sequence[tuple[str, str]]] = {
    "collector": (("ledger", "/ledger/"), ("loan", "loan")),
    "supervisor": (("ledger", "/ledger/?v=late"), ("approvals", "/approvals/")),
    "branch_manager": (("home", "/"), ("approvals", "/approvals/")),
    "risk": (("ledger", "/ledger/"), ("day-end", "/day-end/")),
    "legal": (("ledger", "/ledger/?v=late"), ("loan", "loan")),
    "compliance": (("audit", "/audit/"), ("approvals", "/approvals/")),
    "finance": (("receipts", "/receipts/"), ("loan", "loan")),
    "auditor": (("audit", "/audit/"), ("day-end", "/day-end/")),
    "agency": (("ledger", "/ledger/"),),
    "admin": (("intake", "/intake/"), ("interfaces", "/interfaces/")),
}
LOOKS = [(language, theme) for language in ("zh", "en") for theme in ("light", "dark")]
ROLE_LOOKS = (
    ("zh-light", ("zh", "light"), VIEW),
    ("en-dark", ("en", "dark"), VIEW),
    ("phone", ("zh", "light"), PHONE),
)
CODES = {"zh": "zh-hans", "en": "en"}
LARGEST = 120_000  # bytes of one picture


def small(picture: bytes) -> bytes:
    """The picture in as few colours as keep it readable, where Pillow is there."""
    try:
        from PIL import Image
    except ImportError:
        return picture
    with Image.open(io.BytesIO(picture)) as image:
        for colours in (128, 64, 32):
            out = io.BytesIO()
            plain = image.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
            plain.save(out, "PNG", optimize=True)
            if out.tell() <= LARGEST:
                break
    return min(picture, out.getvalue(), key=len)


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
    context = browser.new_context(base_url=address, viewport=VIEW)
    context.add_cookies(
        [
            {"name": "django_language", "value": CODES[language], "url": address},
            {"name": "daihou_theme", "value": theme, "url": address},
        ]
    )
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda told: complaints.append(told.text) if told.type == "error" else None,
    )
    return page


def in_light(page: Page, theme: str) -> None:
    """Switch to light or dark, if the person likes the other."""
    if page.locator("html").get_attribute("data-bs-theme") != theme:
        with page.expect_response("**/preferences/"):
            page.click("[data-theme-switch]")


def go(page: Page, path: str) -> bool:
    """Open a page, or the first loan of the list; False when there is no loan."""
    if path != "loan":
        page.goto(path, wait_until="networkidle")
        return True
    page.goto("/ledger/?bucket=M2&v=all")
    first = page.locator(".dh-table tbody td:nth-child(2) a").first
    if not first.count():
        page.goto("/ledger/?v=all")
    if not first.count():
        return False
    first.click()
    page.wait_for_selector(".dh-deriv")
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
    """The main path of one role in its three looks, by the name of the file."""
    pictures, complaints = {}, []
    for named, look, size in ROLE_LOOKS:
        page = opened(browser, address, look, complaints)
        sign_in(page, role, password)
        in_light(page, look[1])
        page.set_viewport_size(size)
        for name, path in PATHS[role]:
            if go(page, path):
                pictures[f"roles/{role}-{name}-{named}"] = page.screenshot()
        page.context.close()
    assert not complaints, (role, complaints)
    return pictures


def keep(pictures: Mapping[str, bytes], folder: Path) -> None:
    """Write the pictures down, small."""
    for name, picture in pictures.items():
        path = folder / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(small(picture))


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
            for role in PATHS:
                keep(take_role(browser, rest[0], role, rest[1]), folder)
        else:
            for look in LOOKS:
                keep(take(browser, rest[0], (rest[1], rest[2]), look), folder)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
