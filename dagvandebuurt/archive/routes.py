"""Routes of the archive at the organiser's desk: how large it is, and the archive as a file."""

import tempfile
from pathlib import Path
from uuid import UUID

from flask import Blueprint, current_app, render_template, send_file
from flask.typing import ResponseReturnValue

from dagvandebuurt.archive import building
from dagvandebuurt.archive.errors import ArchiveFailed, ArchiveProblem, ArchiveTooLarge
from dagvandebuurt.archive.queries import count_of_pages, finished_edition
from dagvandebuurt.core import clock, i18n
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.worker_pool import Lane
from dagvandebuurt.extensions import limiter
from dagvandebuurt.programme.permissions import ProgrammePermission

bp = Blueprint("archive", __name__)
PATH = "/organisatie/programma/edities/<uuid:edition_id>/archief"
MOST_PAGES = 600  # in all languages: some ten seconds of work
BUILDING = Lane(at_once=1, most_waiting=2)


@bp.get(PATH)
@allows(ProgrammePermission.EDIT)
def about(edition_id: UUID) -> ResponseReturnValue:
    """Say what the archive of an edition is, and how to get it."""
    edition = finished_edition(edition_id, now=clock.now())
    pages = _pages(edition_id)
    return render_template(
        "archive/about.html",
        asked=edition,
        pages=pages,
        is_small=pages <= MOST_PAGES,
        languages=i18n.offered(),
    )


@bp.get(f"{PATH}.zip")
@limiter.limit("20 per hour")
@allows(ProgrammePermission.EDIT)
def download(edition_id: UUID) -> ResponseReturnValue:
    """Make the archive and send it. Nothing of it stays on the server."""
    edition = finished_edition(edition_id, now=clock.now())
    name, size = f"{edition.slug}.zip", _pages(edition_id)
    if size > MOST_PAGES:
        raise ArchiveTooLarge
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with BUILDING.turn(), tempfile.TemporaryDirectory(prefix="archive-") as folder:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
        try:
            building.write(app, edition_id, Path(folder), now=clock.now(), seen=lambda _one: None)
            building.zipped(Path(folder), file)
        except (ArchiveProblem, OSError) as failure:
            file.close()
            current_app.logger.warning("no archive was made: %s", type(failure).__name__)
            raise ArchiveFailed from failure
    file.seek(0)
    response = send_file(file, mimetype="application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _pages(edition_id: UUID) -> int:
    return count_of_pages(edition_id) * len(i18n.offered())
