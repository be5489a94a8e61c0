"""Where sentences end. Each row is a text with `|` where a careful reader ends a sentence."""

import pytest

from keepwarm.reports.sentences import sentence_spans

ROWS = {
    "en": [
        "It fell to 4.5 degrees at 6.30 p.m. on Tuesday.|Kyiv was dark.",
        "Cuts began at 6 a.m. Monday.|They ended at 9 p.m.|The city slept.",
        "Power went at about 4:40 p.m.|Deputy Prime Minister Andrei Spinu denied it.",
        "It ends at 10 p.m. Kyiv time.|Some 300 homes are cold.",
        "Dr. J. R. Smith and Gov. Oleh Lys met in St. Andrews on Feb. 16.|No. 3 unit is off.",
        "The U.S. Energy Department and the U.N. sent 12 generators.|The rest came later.",
        "He came from the U.S.|The grid held.",
        "“We lost 3 lines!|Two are back,” he said.|“It is bad.”|Crews work on.",
        '"Is it over?" he asked.|"It is over!" Klitschko said.|Nobody was hurt.',
        "Supply is back... at last.|Wait…|It is not.",
        "No light;|no heat.".replace("|", " "),
        "300 homes (approx. 900 people) are cold.|12 are not.",
        "See ettoday.net or https://a.b/c.d for more.|It is 5 km. north.",
        "Repairs ended today.Crews rest.|Good?|Yes!",
        "It hit 10,000 homes,|e.g. in Sumy.".replace("|", " "),
        "Ukrenergo Inc. said 5 lines fell.|Acme Corp.|The town is dark.",
        "It ended in Dec.|Crews came at 5 p.m. ET.|It began on Dec. 5.",
        "Affected:| • Kharkiv, 12,000| • Sumy, 300",
    ],
    "uk": [
        "Без світла 27 тис. споживачів, ще 4,3 тис. уже заживлено.|Триває ремонт.",
        "Про це у 2026 р. заявив О. Синєгубов.|О.В. Синєгубов додав: 5 млн. грн.|Далі буде.",
        "На вул. Сумській, 5 і в м. Чугуїв немає води.|У с. Нове — газу.",
        "Знеструмлено 27 тис.|Обленерго працює.",
        "Дефіцит — 1,2 тис. МВт.|Це багато.",
        "«Пошкоджено дві підстанції!» — сказав він.|Поранено 3 ос. і ще двох.",
        "Це сталося 9 січ. 2026 р.|Світла немає…|Води теж!|Так?",
        "Збито 14 дронів; 3 втрачено.|12 тис. родин без світла.",
        "ім. Т. Шевченка та ін. об'єкти.|Ст. інспектор поранений.",
    ],
    "ru": [
        "Без света 12,6 тыс. человек в 137 н.п. области.|Ремонт идёт.",
        "В 2025 г. пострадали 5 млн. жителей.|В 2026 г.|Губернатор обещал свет.",
        "Авария на ул. Ленина, д. 5, в г. Киров и пос. Новый.|Газа нет.",
        "«Где свет?» — спросил А. Б. Иванов.|«Будет!»|Ждём.",
        "Мощность 3 тыс. МВт и 5 тыс. кВт.|Хватит.",
        "Света нет.ДТЕК чинит.|Эвакуированы ок. 300 чел.|Их 5 тыс.МВт.",
        "И т. д. и т. п.|Конец.",
    ],
    "de": [
        "Am 9. Januar traf der 4. Angriff rund 2.200 Betriebe.|Verletzt wurde niemand.",
        "Etwa 1,5 Mio. Menschen, u. a. in Kiew, z. B. Rentner, frieren.|Die Stadt hilft.",
        "Dr. A. Müller von der Fa. Netz sagte das ca. 30 Personen bzw. Firmen.|Es bleibt kalt.",
        "Es starben 12.|Die Behörden bestätigten das am 3. Februar 2026.|Mehr folgt.",
        "Bis 18 Uhr fehlte Strom.|„Das ist schlimm!“, sagte er.|„Schlimm.“|So die Feuerwehr.",
        "Die Nr. 5 in der Hauptstr. 7 brannte.|Um 6.30 Uhr war Ruhe.",
        "Im 2. Weltkrieg und im 21. Jh. war das anders.|Heute nicht.",
        "Das traf 45.000 Haushalte usw.|Der Netzbetreiber prüft.",
    ],
    "zh": [
        "受损，近1.2万户停电。|他还说，3人受伤！|什么？|无。",
        "“目前3人死亡。”省长说。|救援继续。",
        "他说：“无人死亡。”|B市停水。",
        "A市停电；B市停水。|温度为-10.5度。",
        "电网……恢复了。|完",
    ],
}


#: Full stops and bullets without the space that a sentence's end has.
TIGHT = {"today.Crews": "today.|Crews", "нет.ДТЕК": "нет.|ДТЕК", "| • ": "|"}


@pytest.mark.parametrize(
    ("language", "row"), [(language, row) for language, rows in ROWS.items() for row in rows]
)
def test_sentences_end_where_a_reader_ends_them(language: str, row: str) -> None:
    text = row.replace("|", "" if language == "zh" else " ").replace("  ", " ")
    found = [text[start:end] for start, end in sentence_spans(text, 0, len(text), language)]
    for tight, ended in TIGHT.items():
        row = row.replace(tight, ended)
    assert "|".join(found) == row


@pytest.mark.parametrize(
    ("language", "line", "sentences"),
    [
        ("en", "1. Sumy: 12 thousand.", ["Sumy: 12 thousand."]),
        ("en", "2) Sumy. Odesa.", ["Sumy.", "Odesa."]),
        ("uk", "- 12 тис. родин", ["12 тис. родин"]),
        ("uk", "✅ Суми – 12 тис. ✅ Одеса – 3 тис.", ["✅ Суми – 12 тис.", "✅ Одеса – 3 тис."]),
        ("uk", "⚡️ Збито 14 🔥 дронів", ["⚡️ Збито 14 🔥 дронів"]),
        ("de", "3. Angriff in einer Woche.", ["3. Angriff in einer Woche."]),
        ("en", "-12 degrees", ["-12 degrees"]),
    ],
)
def test_items_of_lists_lose_their_numbers(language: str, line: str, sentences: list[str]) -> None:
    found = [line[start:end] for start, end in sentence_spans(line, 0, len(line), language)]
    assert found == sentences


def test_only_the_paragraph_is_looked_at() -> None:
    text = "One. Two. Three."
    assert list(sentence_spans(text, 5, 9, "en")) == [(5, 9)]
