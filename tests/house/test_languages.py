"""A question is marked with its own language: a screen reader reads Arabic with an Arabic voice."""

import pytest

from dagvandebuurt.core.languages import language_of


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("nl", "Wie haalt het grofvuil op?"),
        ("nl", "Kan de container ook op zaterdag leeg?"),
        ("nl", "Waarom?"),
        ("nl", ""),
        ("nl", "????? 2027"),
        ("nl", "De website van de gemeente is down, wat is the plan?"),
        ("en", "Why does the council not answer when we call?"),
        ("en", "Who can help me with my rent?"),
        ("de", "Warum ist der Platz nicht sauber?"),
        ("fr", "Pourquoi est-ce que la rue n'est pas propre pour les enfants ?"),
        ("es", "¿Cuándo hay una reunión para los vecinos?"),
        ("pl", "Dlaczego nie można się dodzwonić?"),
        ("tr", "Neden bu sokak için bir lamba yok?"),
        ("ar", "متى يتم إصلاح المصعد في المبنى؟"),
        ("fa", "چرا کسی به تلفن پاسخ نمی‌دهد؟"),
        ("uk", "Коли відремонтують ліфт у нашому будинку?"),
        ("ru", "Когда вы почините лифт в нашем доме?"),
        ("bg", "Кога ще поправите асансьора?"),
        ("zh", "电梯什么时候修好？"),
        ("ja", "エレベーターはいつ直りますか？"),
        ("he", "מתי יתקנו את המעלית?"),
        ("ti", "ሊፍት መዓስ ክዕረ እዩ?"),
    ],
)
def test_language_of_a_question(code, text):
    assert language_of(text) == code


def test_a_name_in_another_script_makes_no_other_language():
    assert language_of("Waarom heet de winkel متجر en niet gewoon winkel?") == "nl"
