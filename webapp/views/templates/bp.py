"""The blueprint of the pages of templates."""

from flask import Blueprint

bp = Blueprint("templates", __name__, url_prefix="/templates")
