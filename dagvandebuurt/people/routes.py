"""Blueprint of the people section. Its routes are in the modules whose names end in `routes`."""

from flask import Blueprint

from dagvandebuurt.people.labels import in_my_words, masked

bp = Blueprint("people", __name__)
bp.add_app_template_filter(in_my_words)
bp.add_app_template_filter(masked)
