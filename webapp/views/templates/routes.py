"""All pages of templates, for the app: each module adds its own to the blueprint."""

from webapp.views.templates import importing, making, reading, retiring, unfinished
from webapp.views.templates.bp import bp

__all__ = ["bp", "importing", "making", "reading", "retiring", "unfinished"]
