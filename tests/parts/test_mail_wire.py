"""SMTP message bytes, parsed here by the grammar of the RFCs, and not by the library that wrote mail before,
which accepts its own mistakes."""

import base64
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.core import clock
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail import message_bytes, rules
from dagvandebuurt.parts.mail.compose import Letter
from dagvandebuurt.parts.mail.sender import send_due
from tests.servers import smtp_server

WORD = r"=\?utf-8\?b\?([A-Za-z0-9+/=]+)\?="
UNSUBSCRIBE = (
    "<https://dagvandebuurt.example/post/uit/" + "WyJlZDg4OTFlZDRiNDQxYWJmYSIsImNoYW5nZWQiXQ." * 2 + ">"
)
SUBJECTS = [
    "Dag",
    "Één heel lange titel – “hoe kómt ’t dat niemand luistert?” 👩‍👩‍👧‍👦 حيّنا",
    "een financiële een één vóór vóór met met het hulp met één buurt",
    "Andere tijd: " + "een heel lang verhaal over de straat " * 5,
    "A" * 200,
    "👩‍👩‍👧‍👦" * 20,
    "=?utf-8?q?nep?=",
    "Vraag: “Wie snoeit de haag?”",
    "x\r\nBcc: ander@buurt.example",
]
NAMES = ["Sjaan", "Jansen, Sjaan", 'Sjaan "Sjaantje" Jansen', "Sjaan <a@b.example>", "Zoë Ünal-ÿ", "花子 さくら", "a\\b",
         "a@b.example, c@d.example", "", "x\r\nBcc: ander@buurt.example", "É" * 100]  # fmt: skip


def decoded(value):
    """RFC 2047, 6.2: unfold, drop the space between two encoded words, decode each."""
    value = re.sub(r"\r\n(?=[ \t])", "", value)
    value = re.sub(rf"({WORD})\s+(?={WORD})", r"\1", value)

    def read(word):
        return base64.b64decode(word[1]).decode()  # each whole: no character is split

    return re.sub(WORD, read, value)


def headers_of(raw):
    """Header → its raw value, folded as it was sent."""
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    fields = re.split(r"\r\n(?![ \t])", head)
    return dict(field.split(": ", 1) for field in fields)


def read_mailbox(value):
    """(name, address) of one mailbox, by the grammar of RFC 5322."""
    value = re.sub(r"\r\n(?=[ \t])", "", value)
    if quoted := re.fullmatch(r'"((?:[^"\\]|\\.)*)" <([^<>]+)>', value):
        return re.sub(r"\\(.)", r"\1", quoted[1]), quoted[2]
    if words := re.fullmatch(rf"((?:{WORD} ?)+) <([^<>]+)>", value):
        return decoded(words[1]), words[3]
    assert re.fullmatch(r"[^\s<>\",]+@[^\s<>\",]+", value), value
    return "", value


def tidied(text):
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)


texts = st.lists(
    st.sampled_from(["één", "vóór", "met", "buurt", "👩‍👩‍👧‍👦", "حيّنا", "a", "–", "=?x?=", ",", "ë" * 30])
    | st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=12),
    max_size=20,
).map(" ".join)


def holds_as_a_subject(text):
    line = message_bytes.unstructured("Subject", text)
    assert line.isascii()
    assert decoded(line.removeprefix("Subject: ")) == tidied(text)
    for piece in line.split("\r\n"):
        assert len(piece) <= 76 or (" " not in piece.removeprefix("Subject: ").strip() and len(piece) < 998)
    for piece in line.split("\r\n")[1:]:
        assert piece[0] in " \t"
        assert piece.strip()  # a folded line of spaces only would end the head (RFC 5322, 3.2.2)


@given(texts)
def test_m6_no_subject_loses_a_sign_or_a_space(text):
    holds_as_a_subject(text)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_m6_these_subjects_arrive_whole(subject):
    holds_as_a_subject(subject)


@given(texts)
def test_m6_names_cannot_inject_recipients(text):
    line = message_bytes.mailbox("To", text, "sjaan@buurt.example")

    assert line.isascii()
    assert "\r\n" not in re.sub(r"\r\n ", " ", line)
    name, address = read_mailbox(line.removeprefix("To: "))
    assert (name, address) == (tidied(text).strip(), "sjaan@buurt.example")


@pytest.mark.parametrize("name", NAMES)
def test_m6_these_names_arrive_whole(name):
    line = message_bytes.mailbox("To", name, "sjaan@buurt.example")

    assert read_mailbox(line.removeprefix("To: ")) == (tidied(name).strip(), "sjaan@buurt.example")


@pytest.mark.parametrize(
    "address",
    [
        "a@buurt.example, b@buurt.example", "a@buurt.example>", "<a@buurt.example", "a b@buurt.example", "a@",
        "@buurt.example", "a@b@c.example", "a@buurt.example\r\nRCPT TO:<b@buurt.example>", '"a,b"@buurt.example',
        "a@buurt..example", "", "a@-", "a;b@buurt.example", "a@buurt_.example",
    ],
)  # fmt: skip
def test_m6_invalid_addresses_are_not_sent_to(address):
    with pytest.raises(message_bytes.NoAddress):
        message_bytes.address_of(address)


def test_m6_a_domain_with_accents_is_written_in_ascii():
    assert message_bytes.address_of("noor@büurt.example") == "noor@xn--burt-0ra.example"


@given(st.text(alphabet=string.printable + "é", max_size=40))
def test_m6_structured_headers_are_ascii_or_refused(value):
    try:
        line = message_bytes.structured("List-Unsubscribe", value)
    except ValueError:
        assert not re.fullmatch(r"[ -~]*", value)
    else:
        assert line == f"List-Unsubscribe: {value}"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_m6_over_smtp_headers_are_plain_and_the_subject_complete(app, subject):
    letter = Letter(
        "note", "sjaan@buurt.example", "Jansen, Sjaan", subject, "Één regel\n" * 3, "<p>Één</p>" * 100,
        headers={"List-Unsubscribe": UNSUBSCRIBE, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )  # fmt: skip
    with smtp_server() as box:
        app.config |= {
            "SMTP_URL": box.url,
            "MAIL_FROM": "Dag van de Buurt, één <hallo@dagvandebuurt.example>",
        }
        with app.app_context(), transaction():
            rules.post(letter, dedupe_key="een", now=clock.now())
        assert send_due(app) == 1
        [raw] = box.raw

    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")
    headers = headers_of(raw)
    assert headers["List-Unsubscribe"] == UNSUBSCRIBE
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"<[0-9a-f-]{36}@127\.0\.0\.1>", headers["Message-ID"])
    assert decoded(headers["Subject"]) == tidied(subject)
    assert read_mailbox(headers["To"]) == ("Jansen, Sjaan", "sjaan@buurt.example")
    assert read_mailbox(headers["From"]) == ("Dag van de Buurt, één", "hallo@dagvandebuurt.example")
    assert set(headers) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
        "List-Unsubscribe", "List-Unsubscribe-Post", "Content-Type", "MIME-Version",
    }  # fmt: skip
