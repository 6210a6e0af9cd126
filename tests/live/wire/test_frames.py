"""WebSocket frames as bytes: in whatever pieces they arrive, valid or not."""

import pytest

from dagvandebuurt.live.wire import frames
from dagvandebuurt.live.wire.frames import Broken, ClientFrames
from tests.live.wire.hall import masked

MOST = 100_000
SIZES = [0, 1, 125, 126, 127, 0xFFFF, 0x10000]


def read(data, most=MOST):
    return list(ClientFrames(most).feed(data))


@pytest.mark.parametrize("size", SIZES)
def test_a_message_of_any_size_arrives_whole(size):
    assert read(masked(frames.TEXT, b"x" * size)) == [(frames.TEXT, "x" * size)]


def test_frames_parse_at_any_split():
    stream = (
        masked(frames.TEXT, "één".encode()) + masked(frames.PING, b"p") + masked(frames.BINARY, b"y" * 200)
        + masked(frames.TEXT, b"half ", final=False) + masked(frames.CONTINUATION, b"en heel")
    )  # fmt: skip
    whole = read(stream)
    for cut in range(len(stream) + 1):
        reader = ClientFrames(MOST)
        assert list(reader.feed(stream[:cut])) + list(reader.feed(stream[cut:])) == whole
    one_by_one = ClientFrames(MOST)
    assert [each for byte in stream for each in one_by_one.feed(bytes([byte]))] == whole


def test_a_fragmented_message_may_have_a_ping_inside_and_a_letter_cut_in_two():
    letter = "é".encode()
    stream = (
        masked(frames.TEXT, letter[:1], final=False) + masked(frames.PING, b"!")
        + masked(frames.CONTINUATION, letter[1:])
    )  # fmt: skip

    assert read(stream) == [(frames.PING, b"!"), (frames.TEXT, "é")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frames.frame(frames.TEXT, b"unmasked"), frames.PROTOCOL_ERROR),
        (masked(frames.CONTINUATION, b"of nothing"), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"a", final=False) + masked(frames.TEXT, b"b"), frames.PROTOCOL_ERROR),
        (masked(frames.PING, b"a", final=False), frames.PROTOCOL_ERROR),
        (masked(frames.PING, b"a" * 126), frames.PROTOCOL_ERROR),
        (bytes((0x80 | 0x40 | frames.TEXT, 0x80)) + bytes(4), frames.PROTOCOL_ERROR),
        (bytes((0x83, 0x80)) + bytes(4), frames.PROTOCOL_ERROR),
        (bytes((0x8B, 0x80)) + bytes(4), frames.PROTOCOL_ERROR),
        (masked(frames.TEXT, b"\xff"), frames.NOT_TEXT),
        (masked(frames.TEXT, b"x" * (MOST + 1)), frames.TOO_BIG),
        (masked(frames.TEXT, b"x" * MOST, final=False) + masked(frames.CONTINUATION, b"x"), frames.TOO_BIG),
    ],
    # Masks are random, and every worker must give a test the same name.
    ids=["unmasked", "continues nothing", "text in text", "ping in parts", "long ping", "reserved bit",
         "unknown data", "unknown control", "no utf-8", "too big", "too big together"],
)  # fmt: skip
def test_invalid_frames_close_with_the_right_code(data, code):
    reader = ClientFrames(MOST)

    assert list(reader.feed(masked(frames.TEXT, b"good"))) == [(frames.TEXT, "good")]
    with pytest.raises(Broken) as broken:
        list(reader.feed(data))
    assert broken.value.code == code


def test_a_frame_too_big_is_refused_at_its_head_before_it_is_gathered():
    with pytest.raises(Broken) as broken:
        read(masked(frames.BINARY, b"x" * (MOST + 1))[:14])
    assert broken.value.code == frames.TOO_BIG


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 1000])
def test_both_unmask_implementations_agree(size):
    data, mask = bytes(range(256)) * 4, b"\x01\x80\xff\x00"

    assert frames.apply_mask_in_python(data[:size], mask) == bytes(frames.apply_mask(data[:size], mask))


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        (b"", b""), (b"\x03", b"\x03\xea"), (b"\x03\xe8bye", b"\x03\xe8"), (b"\x03\xed", b"\x03\xea"),
        (b"\x0b\xb8", b"\x0b\xb8"), (b"\xff\xff", b"\x03\xea"),
    ],
)  # fmt: skip
def test_a_valid_close_code_is_echoed(said, answered):
    assert frames.answer_to_close(said) == frames.frame(frames.CLOSE, answered)
