import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.core.webvtt import Cue, escaped, read, shifted, write

FOREIGN = """\ufeffWEBVTT - gemaakt met iets anders\r
Kind: captions\r
\r
STYLE\r
::cue { color: papayawhip }\r
\r
NOTE dit is geen tekst\r
\r
opening\r
00:01.500 --> 00:04.000 align:start line:0\r
<v Sanne>Goedemiddag &amp; welkom\r
bij <i>ons</i>.\r
\r
01:00:00.000 --> 01:00:02.250\r
Tot ziens\r
"""


def test_webvtt_of_other_programs_is_parsed():
    first, last = read(FOREIGN)

    assert (first.start, first.end, first.settings) == (1.5, 4.0, "align:start line:0")
    assert first.text == "Goedemiddag & welkom bij ons."
    assert (last.start, last.text) == (3600.0, "Tot ziens")


@pytest.mark.parametrize(
    "file", ["", "SRT", "WEBVTTx\n\n00:01.000 --> 00:02.000\na", "<html>", "1\n00:01,000 --> 00:02,000\na"]
)
def test_invalid_webvtt_is_rejected(file):
    with pytest.raises(ValueError, match="WEBVTT"):
        read(file)


def test_cues_are_shifted_with_the_recording():
    cues = [Cue(1, 3, "a"), Cue(10, 12, "b")]

    assert [(cue.start, cue.end) for cue in shifted(cues, 30)] == [(31, 33), (40, 42)]
    assert [(cue.start, cue.payload) for cue in shifted(cues, -11)] == [(0, "b")]


@given(st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=5))
def test_whatever_somebody_types_comes_back_as_they_typed_it(lines):
    texts = [" ".join(line.split()) for line in lines]
    cues = [Cue(i, i + 1, escaped(line)) for i, line in enumerate(lines) if line.split()]

    back = read(write(cues))

    assert [cue.text for cue in back] == [text.replace("\0", "\ufffd") for text in texts if text]
    assert [cue.start for cue in back] == [cue.start for cue in cues]
