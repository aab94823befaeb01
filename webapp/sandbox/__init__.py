"""A simulated Buddy, for trying Slipway without an account and for the tests.

Belongs here: Buddy's side of the API and the pages behind its links. Does not belong here: anything of the rest of
`webapp`; a wrong field name must not agree with itself.
"""

from webapp.sandbox.sandbox import Sandbox

__all__ = ["Sandbox"]
