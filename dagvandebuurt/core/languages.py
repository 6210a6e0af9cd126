"""Language of a short text that somebody typed, so that a screen reader reads it with the right voice.

No model and no dictionary: the script says it, or a handful of the commonest words of what people here write.
In doubt it is Dutch, as everything around it.
"""

from functools import lru_cache

import regex

DUTCH = "nl"
_SCRIPTS = {
    "Arabic": "ar", "Hebrew": "he", "Greek": "el", "Han": "zh", "Hiragana": "ja", "Katakana": "ja", "Hangul": "ko",
    "Devanagari": "hi", "Ethiopic": "ti", "Thai": "th", "Armenian": "hy", "Georgian": "ka",
}  # fmt: skip
_BY_SCRIPT = [(regex.compile(rf"\p{{Script={script}}}"), code) for script, code in _SCRIPTS.items()]
_CYRILLIC = regex.compile(r"\p{Script=Cyrillic}")
_LATIN = regex.compile(r"\p{Script=Latin}")
# Letters that one language of a script has and another has not.
_UKRAINIAN, _BULGARIAN_NOT, _PERSIAN = (
    regex.compile("[іїєґ]"),
    regex.compile("[ыэё]"),
    regex.compile("[پچژگ]"),
)
_WORDS = {
    DUTCH: "de het een en van is dat niet wij we ik jij je u er op in voor met naar wat wie waar waarom hoe wanneer "
    "kan kunnen komt moet mag heeft hebben ook maar nog wel geen als dan bij om te zijn wordt deze dit onze mijn",
    "en": "the a and of is that not we i you it on in for with to what who where why how when can could should does "
    "do are have has our my there this will would be they at from",
    "de": "der die das und ist nicht wir ich sie es auf für mit zu was wer wo warum wie wann kann können muss hat "
    "haben auch aber noch kein ein eine unser mein sind wird den dem",
    "fr": "le la les un une et est pas nous je vous il elle sur dans pour avec à que qui quoi où pourquoi comment "
    "quand peut on des du ce cette notre mon sont avez",
    "es": "el la los las un una y es no nosotros yo usted en para con por que qué quién dónde cómo cuándo puede del "
    "se este esta nuestro mi son hay cuando",
    "pl": "i jest nie my ja pan pani na w dla z do co kto gdzie dlaczego jak kiedy czy można się są to ten ta nasz "
    "mój ma mają od po",
    "tr": "ve bir bu için ile ne kim nerede neden nasıl zaman mi mı mu mü var yok biz ben siz değil daha çok da de "
    "olarak olur kadar gibi",
}
_KNOWN = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_WORD = regex.compile(r"[\p{L}']+")
_LEAST = 2  # words of another language, before it is believed


@lru_cache(maxsize=4_000)
def language_of(text: str) -> str:
    """Return the code (BCP 47) of the language that `text` is in most probably."""
    latin = len(_LATIN.findall(text))
    if len(_CYRILLIC.findall(text)) > latin:
        return _cyrillic(text.casefold())
    for script, code in _BY_SCRIPT:
        if len(script.findall(text)) > latin:
            return "fa" if code == "ar" and _PERSIAN.search(text) else _japanese_or(code, text)
    words = _WORD.findall(text.casefold())
    found = {code: sum(word in known for word in words) for code, known in _KNOWN.items()}
    best = max(found, key=lambda code: (found[code], code == DUTCH))
    return best if found[best] >= _LEAST else DUTCH


def _cyrillic(text: str) -> str:
    if _UKRAINIAN.search(text):
        return "uk"
    return "ru" if _BULGARIAN_NOT.search(text) else "bg"


def _japanese_or(code: str, text: str) -> str:
    """Return Japanese for Chinese characters with Japanese ones between them."""
    return "ja" if code == "zh" and regex.search(r"\p{Script=Hiragana}|\p{Script=Katakana}", text) else code
