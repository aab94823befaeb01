"""Signing in with a password, and other forms that post to an address of their own."""

from support.pages import Browser, Page

PASSWORD = "seven quiet lighthouses"


def sign_in(browser: Browser, login: str, password: str = PASSWORD, at: str = "/sign-in") -> Page:
    """Fill in the sign-in page."""
    page = browser.get(at)
    return press(page, "/sign-in", login=login, password=password)


def press(page: Page, action: str, **typed: str) -> Page:
    """Fill in and send the form on a page that posts to an address."""
    form = next(form for form in page.all("form") if form.get("action") == action)
    fields = {element.get("name"): element.get("value") or "" for element in form.iter("input")}
    return page.browser.post(action, {**{str(name): value for name, value in fields.items() if name}, **typed})
