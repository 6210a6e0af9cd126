"""Uploaded pictures in a bucket of an S3 server: several machines, wrong keys, a store that is away."""

import io
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from dagvandebuurt.backups import BackupProblem, backing_up, drilling, file, moving, restoring
from dagvandebuurt.closing import dissolving
from dagvandebuurt.core import clock
from dagvandebuurt.frontdoor import health
from dagvandebuurt.parts.branding.queries import newest
from dagvandebuurt.parts.files import Folder, store, store_of
from dagvandebuurt.people.lifecycle import dissolution
from dagvandebuurt.rehearsal import commands as rehearsing
from dagvandebuurt.setup import checks
from dagvandebuurt.setup.migrating import migrate
from tests.conftest import TEST_KEY, test_settings
from tests.houses import house
from tests.servers import _free_port, running_object_store

NAME = "0123456789abcdef0123456789abcdef.webp"
OTHER = "f" * 32 + ".jpg"
LOOK = "/organisatie/uiterlijk"


@pytest.fixture(scope="module")
def server():
    with running_object_store() as there:
        yield there


@pytest.fixture
def url(server, request):
    """A part of the bucket for one test."""
    return server.url(path=f"/pictures/{request.node.name}")


@pytest.fixture
def away(url):
    """The same address where nobody answers."""
    return re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{_free_port()}", url)


@pytest.fixture
def extra_settings(url):
    return {"FILES_URL": url}


def picture(colour="teal"):
    out = io.BytesIO()
    Image.new("RGB", (300, 100), colour).save(out, "PNG")
    return io.BytesIO(out.getvalue()), "plaatje.png"


def point_at(app, url):
    app.config["FILES_URL"] = url
    app.extensions.pop("file_stores", None)


def test_machines_share_pictures_and_hand_them_out_as_from_a_folder(app, make, url, tmp_path):
    organiser = make.browser(make.person("Roos", roles=["organiser"]))
    told = {"picture": picture(), "alt": "Zon boven een dijk"}
    assert organiser.post(f"{LOOK}/logo", data=told).status_code == 303
    with app.app_context():
        name = f"{newest().logo}.webp"

    with house(test_settings(tmp_path / "another machine", FILES_URL=url)) as other:
        elsewhere = other.test_client().get(f"/beeld/{name}")
    point_at(app, None)
    with app.app_context():
        store().put(name, elsewhere.data)
    from_a_folder = make.browser().get(f"/beeld/{name}")

    assert elsewhere.status_code == 200
    assert Image.open(io.BytesIO(elsewhere.data)).size == (300, 100)
    for header in ("Content-Type", "Cache-Control", "X-Content-Type-Options", "Content-Security-Policy"):
        assert elsewhere.headers[header] == from_a_folder.headers[header]
    assert not (tmp_path / "another machine" / "files").exists()


def test_a_bucket_keeps_to_names_of_ours_and_to_its_own_part(url, server):
    here, beside = store_of({"FILES_URL": url}), store_of({"FILES_URL": server.url(path="/pictures")})
    here.put(NAME, b"een")
    here.put(NAME, b"een")
    here.put(OTHER, b"twee")

    assert (sorted(here.names()), list(beside.names())) == ([NAME, OTHER], [])
    assert [store_of({"FILES_URL": url}).get(each) for each in (NAME, OTHER)] == [b"een", b"twee"]
    for wrong in ("../geheim.webp", "1" * 32 + ".webp", NAME.upper(), f"{NAME}\x00", ""):
        assert here.get(wrong) is None
    with pytest.raises(ValueError, match="name"):
        here.put("../weg.webp", b"")
    here.delete(NAME)
    here.delete(NAME)
    assert (here.get(NAME), store_of({"FILES_URL": url}).get(NAME), list(here.names())) == (
        None,
        None,
        [OTHER],
    )


def test_a_store_that_is_away_is_said_at_the_form_and_nothing_changes(app, make, away):
    point_at(app, away)
    organiser = make.browser(make.person("Roos", roles=["organiser"]))
    partner = {"name": "Wijkfonds", "url": "", "alt": "Een brug"}

    answers = [
        organiser.post(f"{LOOK}/logo", data={"picture": picture(), "alt": "Een brug"}),
        organiser.post(f"{LOOK}/deelplaatje", data={"picture": picture()}),
        organiser.post("/organisatie/partners", data=partner | {"picture": picture()}),
    ]

    for answer in answers:
        assert answer.status_code == 503
        assert "De plek waar foto&#39;s bewaard worden, is nu niet bereikbaar" in answer.text
    assert all("Een brug" in answer.text for answer in (answers[0], answers[2]))
    assert "Wijkfonds" not in make.browser().get("/").text
    with app.app_context():
        assert newest() is None
        warned = [said for said in health.warnings() if said.startswith("Pictures:")]
    assert "does not answer" in warned[0]
    assert TEST_KEY not in warned[0]


def test_pages_stay_up_while_the_store_is_away(app, make, url, away):
    with app.app_context():
        store().put(NAME, b"een")
        seen = store()
    point_at(app, away)
    visitor = make.browser()

    answer = visitor.get(f"/beeld/{NAME}")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "immutable" not in answer.headers.get("Cache-Control", "")
    assert visitor.get("/").status_code == 200
    seen._client = None  # whoever read it lately shows it on
    assert seen.get(NAME) == b"een"


def test_check_says_in_a_sentence_what_is_wrong_with_a_store(app, server, url, away):
    wrong = {
        server.url(secret="an/other+secret"): "refuses the keys in FILES_URL (SignatureDoesNotMatch)",
        server.url(key="AKIANOBODY"): "refuses the keys in FILES_URL (InvalidAccessKeyId)",
        server.url(path="/elsewhere"): "there is no bucket elsewhere at 127.0.0.1",
        away: "does not answer (NewConnectionError)",
    }
    with app.app_context():
        assert list(checks._files()) == []
        assert list(store_of({"FILES_URL": url}).names()) == []  # what was tried is gone
        for address, sentence in wrong.items():
            point_at(app, address)
            (found,) = checks._files()
            assert sentence in found.sentence
            assert found.is_problem
            assert server.secret not in found.sentence


@pytest.mark.parametrize(
    "url",
    ["s3://s3.example.org/bucket", "s3://key:secret@host", "http://key:secret@host/bucket", "file:relative",
     "s3://key:sec/ret@host/bucket", "file://host/folder", "/srv/files"],
)  # fmt: skip
def test_an_address_that_cannot_work_does_not_start(tmp_path, url):
    with pytest.raises(SystemExit, match="FILES_URL must look like"):
        test_settings(tmp_path, FILES_URL=url)


def test_a_folder_may_be_elsewhere(tmp_path):
    kept = store_of(test_settings(tmp_path / "data", FILES_URL=f"file://{tmp_path}/de%20foto's"))
    kept.put(NAME, b"een")

    assert (tmp_path / "de foto's" / NAME).read_bytes() == b"een"


# --- backup, restore, move, rehearsal, the end -----------------------------------------------------


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("migrated")
    with house(test_settings(folder)) as app:
        migrate(app)
    return folder


@pytest.fixture
def installation(tmp_path, migrated, url):
    """The settings of an installation with one picture in the bucket."""
    folder = tmp_path / "data"
    shutil.copytree(migrated, folder)
    settings = test_settings(folder, FILES_URL=url)
    store_of(settings).put(NAME, b"een")
    return settings


def test_a_backup_holds_the_bucket_and_restores_into_another(installation, tmp_path, url, away):
    now = clock.now()
    with pytest.raises(BackupProblem, match="does not answer"):
        backing_up.back_up({**installation, "FILES_URL": away}, tmp_path / "b", now=now)
    assert list((tmp_path / "b").iterdir()) == []
    made = backing_up.back_up(installation, tmp_path / "b", now=now)
    elsewhere = test_settings(tmp_path / "new", FILES_URL=url.replace("?", "-new?"))
    there = store_of(elsewhere)
    there.put(OTHER, b"twee")

    with file.Backup(made.path) as backup:
        drilled = drilling.drill(elsewhere, backup, keys_file=None, now=now)
        assert list(there.names()) == [OTHER]  # a drill touches nothing
        with pytest.raises(BackupProblem, match=r"does not answer .* Nothing was changed"):
            restoring.restore({**elsewhere, "FILES_URL": away}, backup, now=now)
        assert not (tmp_path / "new" / "dagvandebuurt.db").exists()
        restoring.restore(elsewhere, backup, now=now)

    assert (made.files, drilled.restored.files) == (1, 1)
    assert (sorted(there.names()), there.get(NAME)) == ([NAME, OTHER], b"een")
    assert not (tmp_path / "new" / "files").exists()


def test_a_restore_that_fails_takes_its_pictures_back(installation, tmp_path, url, monkeypatch):
    made = backing_up.back_up(installation, tmp_path / "b", now=clock.now())
    elsewhere = test_settings(tmp_path / "new", FILES_URL=url.replace("?", "-new?"))
    monkeypatch.setattr("dagvandebuurt.backups.staging.os.replace", _no_room)

    with file.Backup(made.path) as backup, pytest.raises(BackupProblem, match="Nothing was changed"):
        restoring.restore(elsewhere, backup, now=clock.now())

    assert list(store_of(elsewhere).names()) == []


def _no_room(*_names):
    raise OSError(28, "No space left on device")


def test_pictures_move_to_a_bucket_and_each_is_read_back(tmp_path, url, away, monkeypatch):
    here = test_settings(tmp_path / "data")
    Folder(tmp_path / "data" / "files").put(NAME, b"een")
    Folder(tmp_path / "data" / "files").put(OTHER, b"twee")

    with pytest.raises(BackupProblem, match="does not answer"):
        moving.move_files(here, {**here, "FILES_URL": away})
    assert moving.move_files(here, {**here, "FILES_URL": url}) == 2
    assert moving.move_files(here, {**here, "FILES_URL": url}) == 2

    there = store_of({"FILES_URL": url})
    assert [there.get(each) for each in (NAME, OTHER)] == [b"een", b"twee"]
    assert (tmp_path / "data" / "files" / NAME).exists()


def test_the_command_changes_the_environment_file(tmp_path, url, monkeypatch):
    from dagvandebuurt import cli

    data, env = tmp_path / "data", tmp_path / "dag.env"
    Folder(data / "files").put(NAME, b"een")
    env.write_text(f'SECRET_KEY="{TEST_KEY}"\nDATA_FOLDER="{data}"\n')
    monkeypatch.setenv("DVB_ENV", str(env))
    for name in ("SECRET_KEY", "DATA_FOLDER", "FILES_URL", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    wrong = CliRunner().invoke(cli.main, ["move-files", "--to", "s3://bucket"])
    moved = CliRunner().invoke(cli.main, ["move-files", "--to", url])
    again = CliRunner().invoke(cli.main, ["move-files", "--to", url])

    assert wrong.exit_code == 1
    assert "1 files were copied" in moved.output
    assert f'FILES_URL="{url}"' in env.read_text()
    assert "are there already" in again.output


def test_a_rehearsal_has_a_copy_and_none_when_the_store_is_away(installation, tmp_path, away, capsys):
    rehearsing._copy_files(installation, tmp_path / "copy")
    rehearsing._copy_files({**installation, "FILES_URL": away}, tmp_path / "none")

    assert Path(tmp_path / "copy" / NAME).read_bytes() == b"een"
    assert "has no pictures" in capsys.readouterr().err


def test_the_end_deletes_what_no_page_shows(app, make, url, away):
    organiser = make.browser(make.person("Roos", roles=["organiser"]))
    partner = {"name": "Wijkfonds", "url": "", "alt": ""}
    assert (
        organiser.post("/organisatie/partners", data=partner | {"picture": picture("red")}).status_code == 303
    )
    with app.app_context():
        (shown,) = store().names()
        store().put(NAME, b"een")
        dissolving._delete_unused_pictures()
        assert list(store().names()) == [shown]
    point_at(app, away)
    with app.app_context(), pytest.raises(dissolution.NotErased, match="does not answer"):
        dissolving._delete_unused_pictures()


def test_a_file_that_is_too_large_for_ours_is_not_read_into_memory(url, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.parts.files.s3.MOST_BYTES", 10)
    store_of({"FILES_URL": url}).put(NAME, b"x" * 11)

    assert store_of({"FILES_URL": url}).get(NAME) is None


def test_memory_holds_no_more_than_its_part(url, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.parts.files.s3.MOST_CACHED", 10)
    kept = store_of({"FILES_URL": url})
    kept.put(NAME, b"x" * 6)
    kept.put(OTHER, b"y" * 6)
    kept._client = None

    assert kept.get(OTHER) == b"y" * 6
    with pytest.raises(AttributeError):  # it would ask the store
        kept.get(NAME)
