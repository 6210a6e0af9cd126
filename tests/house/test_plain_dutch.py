"""Plain Dutch (B1) in every message: short sentences and words that people use. Exceptions say why."""

import re
from functools import cache

import pytest

from tools import words

MOST_WORDS = 18  # in one sentence
# Words of offices and of our own making, by how they begin, with what to say instead.
HARD = {
    "aangaande": "over", "achterhal": "opzoeken", "alsmede": "en", 
    "betreffende": "over", "conform": "volgens", "contactpersoon": "wie antwoordt", "derhalve": "dus",
    "desgewenst": "als je wilt", "diegene": "deze persoon", "dienen te": "moeten", "echter": "maar",
    "evalueren": "terugkijken", "faciliteren": "helpen", "functionaris": "wie het doet",
    "gelieve": "wil je", "genereren": "maken", "geschiedt": "gebeurt", "herkenba": "iemand die anderen herkennen",
    "implement": "invoeren", "indien": "als", "ingevolge": "door", "initiëren": "beginnen",
    "inzake": "over", "krachtens": "door", "masterclass": "les", "middels": "met", "mitigeren": "kleiner maken",
    "omtrent": "over", "ondertekening": "wie het schreef", "oogst": "afronden", "optimaliseren": "beter maken",
    "participatie": "meedoen", "privacycontrole": "kijken of je iemand herkent", "pseudoniem": "andere naam",
    "realiseren": "maken", "reeds": "al", "signaal": "wat je vaker ziet", "stakeholder": "wie ermee te maken heeft",
    "strafzaak": "de politie", "teneinde": "om", "tevens": "ook", "uitgegeven door": "van", "verifi": "nakijken",
    "versleuteld": "achter een sleutel", "verstrek": "geven", "voornoemd": "dit", "wekker": "herinnering",
    "witte plek": "hier is nog niets", "zeggenschap": "meebeslissen", "zodoende": "zo",
}  # fmt: skip
# By a part of the message: why it stays as it is.
ALLOWED = {
    "Excel of LibreOffice, of een CSV": "names of programs and columns, for organisers with a file at hand",
    "Je naam en e-mailadres gebruiken we": "two clauses of the privacy page that belong together",
    "unctionaris gegevensbescherming": "the law's own name, which residents find on their municipality's page",
    "strafzaak": "the law allows it in no other case; a softer word would promise less than the truth",
    "De sleutel waarmee te achterhalen is": "the line of the retention table, kept exact for who checks it",
    "ignaal": "a kind of question next to Vraag and Idee; the field says what it is",
    "asterclass": "the name of a form that organisations use for what they offer",
    "Uitgegeven door": "the line under a certificate, as employers know it",
    "Ondertekening van elke mail": "for organisers, with an example beside it",
    "contactpersoon": "for editors: who answers for an organisation",
    "rivacycontrole": "the name of a step of the editors, explained where it is done",
}


@cache
def messages():
    return [
        text
        for message in words.said()
        if message.id
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
    ]


def sentences(text):
    return re.split(r"(?<=[.!?:;])\s+", text)


def is_allowed(text):
    return any(part in text for part in ALLOWED)


def too_long(text):
    return [each for each in sentences(text) if len(each.split()) > MOST_WORDS]


def hard_words(text):
    lower = text.lower()
    return [f"{hard}: {plain}" for hard, plain in HARD.items() if re.search(rf"(?<!\w){hard}", lower)]


def test_no_sentence_is_longer_than_a_reader_can_hold():
    found = [(text, too_long(text)) for text in messages() if not is_allowed(text) and too_long(text)]

    assert found == []


def test_no_message_has_a_hard_word():
    found = [(text, hard_words(text)) for text in messages() if not is_allowed(text) and hard_words(text)]

    assert found == []


@pytest.mark.parametrize("part", ALLOWED)
def test_each_exception_is_still_needed_and_says_why(part):
    there = [text for text in messages() if part in text]

    assert any(too_long(text) or hard_words(text) for text in there)
    assert len(ALLOWED[part].split()) > 4


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [
        ("Indien gewenst ontvangt u bericht.", False),
        ("Dit is bindend.", True),
        ("Wil je nog iets weten? Bel ons gerust.", True),
        (" ".join(["woord"] * 19), False),
        (" ".join(["woord"] * 18) + ". " + " ".join(["woord"] * 18), True),
    ],
)
def test_the_check_finds_what_it_is_for(text, is_plain):
    assert (hard_words(text) == [] and too_long(text) == []) == is_plain
