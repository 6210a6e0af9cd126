"""Static files: text is sent compressed to browsers that take it, with one version for each."""

import gzip

import pytest


@pytest.fixture
def fetch(app):
    client = app.test_client()

    def ask(name, **headers):
        with client.get(
            f"/static/0/{name}", headers={k.replace("_", "-"): v for k, v in headers.items()}
        ) as answer:
            return answer.status_code, answer.headers, answer.data

    return ask


def test_text_is_compressed_where_a_browser_takes_it(fetch):
    for name in ("css/base.css", "js/live.js", "img/stage.svg"):
        status, plain, content = fetch(name)
        _, packed, small = fetch(name, Accept_Encoding="br, gzip")

        assert (status, packed["Content-Encoding"]) == (200, "gzip")
        assert gzip.decompress(small) == content
        assert len(small) < len(content)
        assert packed["Content-Type"] == plain["Content-Type"]
        assert packed["Cache-Control"] == plain["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Accept-Encoding" in plain["Vary"]
        assert "Accept-Encoding" in packed["Vary"]
        assert packed["ETag"] != plain["ETag"]


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "identity"])
def test_others_get_it_as_it_is(fetch, accepted):
    _, headers, content = fetch("css/base.css", Accept_Encoding=accepted)
    assert "Content-Encoding" not in headers
    assert content.startswith(b"/*") or b"{" in content


def test_an_unchanged_file_is_not_sent_again(fetch):
    _, headers, _ = fetch("js/live.js", Accept_Encoding="gzip")
    status, _, content = fetch("js/live.js", Accept_Encoding="gzip", If_None_Match=headers["ETag"])
    assert (status, content) == (304, b"")


def test_a_part_of_a_file_and_a_picture_are_not_compressed(fetch):
    status, headers, content = fetch("js/live.js", Accept_Encoding="gzip", Range="bytes=0-9")
    assert (status, len(content)) == (206, 10)
    assert "Content-Encoding" not in headers
    assert "Content-Encoding" not in fetch("img/og.png", Accept_Encoding="gzip")[1]


@pytest.mark.parametrize(
    "name", ["css/none.css", "../app.css", "css/../../config.js", "css", "%2e%2e/config.py"]
)
def test_what_is_not_there_is_not_found(fetch, name):
    assert fetch(name, Accept_Encoding="gzip")[0] == 404
