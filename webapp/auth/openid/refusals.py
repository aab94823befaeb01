"""Why somebody could not be signed in through the OpenID provider, in words for them."""

import logging

REFUSALS = {
    "denied": "The provider did not let you in, or you did not want it to",
    "state": "This sign-in was already used, or was started in another browser: start again here",
    "code": "The provider no longer knows this sign-in: start again",
    "identity": "The provider's answer does not prove who you are",
    "provider": "The provider can't be reached now: try again in a moment",
    "malformed": "The provider's answer can't be used: tell whoever looks after Slipway",
    "busy": "Many people are signing in at this moment: try again in a few seconds",
    "no role": "You are known, but have no role here: ask whoever looks after Slipway for one",
    "disabled": "You may no longer sign in here: ask an administrator",
}

log = logging.getLogger("slipway.openid")


class SignInRefused(Exception):
    """Somebody could not be signed in: the `reason`, as the record names it; as a text, a sentence for them."""

    def __init__(self, reason: str) -> None:
        super().__init__(REFUSALS[reason])
        self.reason = reason


def unusable(problem: str) -> SignInRefused:
    """A refusal for an answer of the provider that is none. What is wrong is logged, for who looks after Slipway."""
    log.warning("the OpenID provider's answer can't be used: %s", problem)
    return SignInRefused("malformed")
