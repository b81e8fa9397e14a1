"""Where each role goes first: the pages of its main path, by address."""

from playwright.sync_api import Page

EVERYBODY = ("/", "/ledger/", "/search/?q=1", "/views/")
OWN = {
    "collector": ("/desk/day/",),
    "supervisor": ("/approvals/", "/floor/bulletin/", "/floor/agenda/"),
    "branch_manager": ("/approvals/",),
    "risk": ("/day-end/", "/approvals/"),
    "legal": ("/clocks/", "/clocks/new/"),
    "compliance": ("/audit/",),
    "finance": ("/receipts/",),
    "auditor": ("/audit/", "/day-end/"),
    "agency": (),
    "admin": ("/intake/", "/day-end/", "/interfaces/"),
}


def offered(page: Page) -> list[str]:
    """The addresses that the navigation offers this person."""
    links = page.locator(".dh-nav a")
    return [link.get_attribute("href") or "/" for link in links.all()]
