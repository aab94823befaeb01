"""Signing in with a password."""

from support.pages import Browser, Page

PASSWORD = "seven quiet lighthouses"


def sign_in(browser: Browser, login: str, password: str = PASSWORD, at: str = "/sign-in") -> Page:
    """Fill in the sign-in page."""
    return browser.get(at).send_to("/sign-in", login=login, password=password)
