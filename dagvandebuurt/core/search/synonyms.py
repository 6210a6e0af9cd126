"""Synonyms: what else a neighbourhood calls something, for a search that finds little or nothing.

Only offered, never mixed into the results of the word that was typed.
"""

from functools import cache

from dagvandebuurt.core.search.vocabulary import stem, words_of

# Each line is about one subject; its first words say it best and are tried first. English words lead to the Dutch
# texts and are never suggested themselves: they stand after the bar.
_SUBJECTS = (
    "afval rommel zwerfafval vuilnis vuil troep container grofvuil vervuiling stank | waste rubbish trash litter",
    "geluid lawaai herrie overlast geluidsoverlast muziek | noise",
    "overlast rommel geluid hinder onrust burengerucht ergernis hangjongeren | nuisance",
    "wonen woning corporatie huur woningbouw nieuwbouw huis bouwen huurder verhuurder | housing house rent home",
    "vocht schimmel onderhoud huur corporatie lekkage tocht | mould damp",
    "ontmoeten contact eenzaam eenzaamheid samen alleen koffie buren gezelligheid | lonely loneliness",
    "jongeren jeugd hangjongeren jongerenwerk tieners | youth teenagers",
    "kinderen kind spelen speeltuin speelplek school opvoeding | children kids playground",
    "ouderen senioren bejaarden oud vergrijzing | elderly seniors",
    "wijkagent politie agent handhaving handhaver boa surveillance | police officer",
    "veiligheid veilig inbraak diefstal criminaliteit misdaad onveilig angst | safety crime burglary safe",
    "criminaliteit ondermijning drugs dealen wapens | drugs",
    "verkeer snelheid hardrijden auto drukte oversteken fiets | traffic speeding cars",
    "parkeren parkeerplaats auto parkeerdruk | parking",
    "groen bomen park plantsoen tuin natuur planten bloemen | green trees garden nature",
    "klimaat hitte wateroverlast regen droogte tegels | climate heat flooding",
    "energie isolatie stroom verwarming gas zonnepanelen warmte | energy heating",
    "geld budget buurtbudget subsidie kosten bijdrage fonds | money funding",
    "armoede schulden rondkomen geld schuldhulp | poverty debt",
    "gemeente wethouder ambtenaar raad bestuur college | municipality council",
    "inspraak zeggenschap meepraten meebeslissen participatie bewonersraad democratie | participation",
    "buurthuis wijkcentrum dorpshuis ontmoetingsplek gebouw | venue",
    "vrijwilliger vrijwilligers meedoen helpen actief hulp | volunteer volunteers help",
    "ruzie conflict bemiddeling buren burenruzie | conflict quarrel mediation",
    "buren buur buurvrouw buurman bewoners | neighbour neighbours neighbor neighbors residents",
    "melden melding klacht klagen probleem | complaint report problem",
    "zorg gezondheid mantelzorg huisarts welzijn | care health",
    "taal taalles nederlands tolk inburgering | language",
    "verlichting lantaarn donker licht | lighting dark",
    "straat stoep plein weg openbare ruimte | street square pavement",
    "leren cursus les training opleiding | learn course training",
)


@cache
def _by_stem() -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for subject in _SUBJECTS:
        dutch, _bar, english = subject.partition(" | ")
        for word in (*dutch.split(), *english.split()):
            others = found.setdefault(stem(word), {})
            others |= dict.fromkeys(other for other in dutch.split() if stem(other) != stem(word))
    return {word: tuple(others) for word, others in found.items()}


def synonyms_of(word: str) -> tuple[str, ...]:
    """Return other words for a folded word, nearest first; its plural and verb forms have the same."""
    folded = " ".join(words_of(word))
    return _by_stem().get(stem(folded), ())
