"""Build an archive: ask for every page, write it beside its place, and put it there once it is whole."""

import errno
import hashlib
import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO
from urllib.parse import urljoin
from uuid import UUID

from flask import Flask

from dagvandebuurt.archive.errors import ArchiveProblem
from dagvandebuurt.archive.queries import addresses_of, data_of
from dagvandebuurt.archive.rewriting import addresses_in_css, rewritten
from dagvandebuurt.archive.site import INDEX, Site
from dagvandebuurt.archive.visitor import Answer, Visitor
from dagvandebuurt.core import clock, i18n
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.worker_pool import Breath
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.programme.models import Edition

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"
FORMAT = 1
LEFTOVER_HOURS = 12
PIECE = 1 << 20
Seen = Callable[[int], object]


@dataclass(frozen=True)
class Made:
    """An archive that was made."""

    path: Path
    pages: int
    files: int
    size: int


def build(
    app: Flask, edition_id: UUID, target: Path, *, now: datetime, seen: Seen = lambda _one: None
) -> Made:
    """Write the archive to the folder `target`, which is not there yet or empty, or to a file when it ends in
    `.zip`. Raises ArchiveProblem, and leaves nothing then. `seen` hears of each page."""
    is_file = target.suffix == ".zip"
    with _in_words(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _refuse_what_is_there(target, is_file=is_file)
        _remove_leftovers(target)
        draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}.partial")
        try:
            draft.mkdir()
            made = write(app, edition_id, draft, now=now, seen=seen)
            if is_file:
                _zip_into_place(draft, target)
            else:
                os.replace(draft, target)  # onto an empty folder, or nothing
                _sync(target.parent)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return Made(target, made.pages, made.files, made.size)


def write(app: Flask, edition_id: UUID, folder: Path, *, now: datetime, seen: Seen) -> Made:
    """Write an archive into an empty folder."""
    # An empty context: in a request this app would else share what belongs to it.
    site, about, front = Context().run(_plan, app, edition_id, now)
    visitors = {language: Visitor(app, edition_id, language) for language in site.languages}
    breath = Breath()
    any_visitor = next(iter(visitors.values()))
    for address in site.pages:
        for language, visitor in visitors.items():
            answer = _asked(visitor, address)
            if answer is None:
                for other in visitors:
                    (folder / site.file_of(address, other)).unlink(missing_ok=True)
                site.forget(address)
                break
            _put(folder / site.file_of(address, language), answer.content)
            seen(1)
            breath.take()
    for address, file in site.data.items():
        answer = _asked(any_visitor, address)
        if answer is None:
            site.forget(address)
        else:
            _put(folder / file, answer.content)
    _rewrite(site, folder, breath)
    _fetch_what_is_loaded(site, any_visitor, folder)
    _put(folder / INDEX, front.encode())
    return _sealed(folder, about, len(site.pages) * len(site.languages))


def _plan(app: Flask, edition_id: UUID, now: datetime) -> tuple[Site, dict[str, object], str]:
    with app.app_context():
        edition = db.session.get(Edition, edition_id)
        if edition is None or not edition.is_open:
            raise ArchiveProblem(
                "visitors cannot read this edition, so there is nothing to archive. Open it first."
            )
        if edition.ends_at > now:
            raise ArchiveProblem(f"{edition.title} is not over yet. Make the archive after it.")
        site = Site(app.config["PUBLIC_URL"], i18n.offered())
        for address, same_as in addresses_of(edition):
            site.add_page(address, same_as=same_as)
        for address in data_of(edition):
            site.add_data(address)
        about: dict[str, object] = {
            "format": FORMAT,
            "event": brand.name,
            "edition": edition.slug,
            "title": edition.title,
            "year": edition.year,
            "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "made_from": app.config["PUBLIC_URL"],
        }
        front = app.jinja_env.get_template("archive/front.html").render(
            edition=edition, said=list(_front(now)), index=INDEX, event=brand.name
        )
    return site, about, front


def _front(now: datetime) -> Iterator[tuple[str, str, str]]:
    """Yield for each language its code, its name and what the archive is."""
    for code, label in i18n.offered().items():
        with i18n.speaking(code):
            day = i18n.on_day(clock.local(now).date())
            said = _("Dit is het archief van %(event)s, gemaakt op %(day)s.", event=brand.name, day=day)
            yield code, label, said


def _asked(visitor: Visitor, address: str) -> Answer | None:
    """Return the answer; None for a page that visitors do not get. Raises ArchiveProblem for a failure."""
    answer = visitor.ask(address)
    if answer.status >= 500 or answer.status == 429:
        raise ArchiveProblem(
            f"the page {address} could not be made ({answer.status}). Look in the log of the server."
        )
    return answer if answer.status == 200 else None


def _rewrite(site: Site, folder: Path, breath: Breath) -> None:
    for address in site.pages:
        for language in site.languages:
            path = folder / site.file_of(address, language)

            def link(href: str, on: str = address, language: str = language) -> str | None:
                return site.link(href, on=on, language=language)

            path.write_text(rewritten(path.read_text(encoding="utf-8"), link), encoding="utf-8")
            breath.take()


def _fetch_what_is_loaded(site: Site, visitor: Visitor, folder: Path) -> None:
    done: set[str] = set()
    while waiting := [address for address in site.loaded if address not in done]:
        for address in waiting:
            done.add(address)
            answer = visitor.ask(address)
            if answer.status >= 500:
                raise ArchiveProblem(f"{address} could not be read ({answer.status}). Try again later.")
            if answer.status != 200:
                continue  # a picture that was taken away meanwhile
            _put(folder / site.load(address), answer.content)
            if answer.mimetype == "text/css":
                for each in addresses_in_css(answer.content):
                    site.load(urljoin(address, each))


def _sealed(folder: Path, about: dict[str, object], pages: int) -> Made:
    """Write the manifest and the checksums, last."""
    _put(folder / MANIFEST, json.dumps({**about, "pages": pages}, indent=1, ensure_ascii=False).encode())
    size, sums = 0, []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            sums.append(
                f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.relative_to(folder).as_posix()}\n"
            )
            os.fsync(file.fileno())
        size += path.stat().st_size
    _put(folder / SUMS, "".join(sums).encode())
    for each in [folder, *(path for path in folder.rglob("*") if path.is_dir())]:
        _sync(each)
    return Made(folder, pages, len(sums), size)


def zipped(folder: Path, file: Path | IO[bytes]) -> None:
    """Write the files of a folder into a ZIP file, the same for the same files."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for each in sorted(each for each in folder.rglob("*") if each.is_file()):
            info = zipfile.ZipInfo(each.relative_to(folder).as_posix(), (1980, 1, 1, 0, 0, 0))
            info.external_attr, info.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as member, each.open("rb") as content:
                shutil.copyfileobj(content, member, PIECE)


def _zip_into_place(folder: Path, target: Path) -> None:
    draft = folder.with_suffix(".zip.partial")
    try:
        zipped(folder, draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        os.link(draft, target)  # never over a file that came meanwhile
        _sync(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _refuse_what_is_there(target: Path, *, is_file: bool) -> None:
    if is_file and target.exists():
        raise ArchiveProblem(f"{target} exists. Give another name.")
    if not is_file and target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ArchiveProblem(f"{target} is not an empty folder. Give one that is empty, or not there yet.")


def _remove_leftovers(target: Path) -> None:
    """Remove what a killed build of this archive left."""
    before = (datetime.now(UTC).timestamp()) - LEFTOVER_HOURS * 3600
    for path in target.parent.glob(f".{target.name}.*.partial"):
        if path.stat().st_mtime < before:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _in_words(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        where = failure.filename or target
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            said = f"the disk of {where} is full"
        elif failure.errno in (errno.EEXIST, errno.ENOTEMPTY):
            said = f"something came to {target} meanwhile"
        else:
            said = f"{where}: {failure.strerror or failure}"
        raise ArchiveProblem(f"no archive was made: {said}.") from failure
