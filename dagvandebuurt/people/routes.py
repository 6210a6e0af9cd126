"""Blueprint of the people section. Its routes are in the modules whose names end in `routes`."""

from flask import Blueprint

bp = Blueprint("people", __name__)
