"""Loading of the demo's content file, step by step with a progress bar."""

from collections.abc import Callable
from datetime import datetime

from rich.console import Console
from rich.progress import track

from dagvandebuurt.core.db import db
from dagvandebuurt.demo.accounts import load_accounts, load_bookmarks, load_house_rules
from dagvandebuurt.demo.agenda import load_agenda
from dagvandebuurt.demo.branding import load_branding, load_partners
from dagvandebuurt.demo.choices import load_choices, load_needs, load_reports
from dagvandebuurt.demo.content import Content
from dagvandebuurt.demo.halls import open_the_halls, tell_what_changed
from dagvandebuurt.demo.lessons import load_comments, load_lessons
from dagvandebuurt.demo.live import load_crowd, load_hands, load_polls, load_questions, load_tables
from dagvandebuurt.demo.market import load_stands
from dagvandebuurt.demo.programme import (
    load_edition,
    load_organisations,
    load_places,
    load_rounds,
    load_sessions,
    load_speakers,
    load_themes,
)
from dagvandebuurt.demo.texts import load_texts
from dagvandebuurt.demo.wijkwijzer import load_wijkwijzer


def load(content: Content, now: datetime) -> list[str]:
    """Load what is missing; return the sections without a loader.

    Runs in one transaction: the demo is loaded completely or not at all.
    """
    left_out: list[str] = []
    steps: list[tuple[str, Callable[[], None]]] = [
        ("themes", lambda: load_themes(content)),
        ("places", lambda: load_places(content)),
        ("organisations", lambda: load_organisations(content)),
        ("accounts", lambda: load_accounts(content, now)),
        ("people", lambda: load_speakers(content)),
        ("branding", lambda: load_branding(content, now)),
        ("partners", lambda: load_partners(content, now)),
        ("site_texts", lambda: load_texts(content, now)),
        ("event", lambda: load_edition(content, now)),
        ("rounds", lambda: load_rounds(content)),
        ("sessions", lambda: load_sessions(content, now)),
        ("venues", lambda: open_the_halls(content)),
        ("versions", lambda: tell_what_changed(content, now)),
        ("house_rules", lambda: load_house_rules(content, now)),
        ("crowd", lambda: load_crowd(content, now)),
        ("live_questions", lambda: load_questions(content)),
        ("polls", lambda: load_polls(content)),
        ("hands", load_hands),
        ("tables", load_tables),
        ("choices", lambda: load_choices(content, now)),
        ("access_needs", lambda: load_needs(content, now)),
        ("reports", lambda: load_reports(content, now)),
        ("follow_ups", lambda: load_agenda(content, now)),
        ("lessons", lambda: load_lessons(content)),
        ("comments", lambda: left_out.extend(load_comments(content))),
        ("wijkwijzer", lambda: load_wijkwijzer(content, now)),
        ("stands", lambda: load_stands(content, now)),
        ("bookmarks", lambda: load_bookmarks(content, now)),
    ]
    console = Console(stderr=True)
    for _name, step in track(steps, description="Loading the demo congress", console=console, transient=True):
        step()
        db.session.flush()
    for line in left_out:
        console.print(f"  not loaded yet: {line}", highlight=False)
    return left_out
