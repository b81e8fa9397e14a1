"""Take the pictures of the documentation from a running site.

python tools/screenshots.py ADDRESS USERNAME PASSWORD [FOLDER]

Every page in both languages, light and dark, at 1366x768; FOLDER is docs/screenshots
when it is not given. Says what a page complained of and then fails.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, sync_playwright

from tools import chromium

VIEW = {"width": 1366, "height": 768}
PAGES = {
    "home": "/",
    "ledger": "/ledger/",
    "day-end": "/day-end/",
    "intake": "/intake/",
}
LOOKS = [(language, theme) for language in ("zh", "en") for theme in ("light", "dark")]
CODES = {"zh": "zh-hans", "en": "en"}


def sign_in(page: Page, username: str, password: str) -> None:
    """Sign in and wait for the first page."""
    page.goto("/sign-in/")
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_selector(".dh-nav")


def take(
    browser: Browser, address: str, login: tuple[str, str], look: tuple[str, str]
) -> dict[str, bytes]:
    """All pages in one language and one light, by the name of their file."""
    language, theme = look
    context = browser.new_context(base_url=address, viewport=VIEW)
    context.add_cookies(
        [
            {"name": "django_language", "value": CODES[language], "url": address},
            {"name": "daihou_theme", "value": theme, "url": address},
        ]
    )
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda told: complaints.append(told.text) if told.type == "error" else None,
    )
    page.goto("/sign-in/")
    pictures = {f"sign-in-{language}-{theme}": page.screenshot()}
    sign_in(page, *login)
    if page.locator("html").get_attribute("data-bs-theme") != theme:
        with page.expect_response("**/preferences/"):
            page.click("[data-theme-switch]")
    for name, path in PAGES.items():
        page.goto(path, wait_until="networkidle")
        pictures[f"{name}-{language}-{theme}"] = page.screenshot()
    page.goto("/ledger/?bucket=M2")
    page.click(".dh-table tbody td:first-child a")
    page.wait_for_selector(".dh-deriv")
    pictures[f"loan-{language}-{theme}"] = page.screenshot()
    context.close()
    assert not complaints, complaints
    return pictures


def main(arguments: list[str]) -> int:
    """Take them all; 2 when asked wrongly or no Chromium starts."""
    found = chromium.find()
    if len(arguments) not in (3, 4) or found is None:
        print(__doc__ if found else "No Chromium starts here.")
        return 2
    address, username, password = arguments[:3]
    folder = Path(arguments[3]) if arguments[3:] else ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found.program, args=list(found.arguments)
        )
        for look in LOOKS:
            for name, picture in take(
                browser, address, (username, password), look
            ).items():
                (folder / f"{name}.png").write_bytes(picture)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
