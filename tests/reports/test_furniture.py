"""What of a page is left out, and what must stay. Every line was judged by hand."""

import pytest

from keepwarm.reports.text import prepare
from keepwarm.reports.words import tokens_of

PAGES = {
    "en": "Power was restored to 12,000 homes in Sumy, the operator said on Tuesday.",
    "uk": "Світло повернули 12 тисячам родин на Сумщині, повідомила у вівторок компанія.",
    "ru": "Свет вернули 12 тысячам семей в Сумах, сообщила во вторник компания.",
    "de": "In Sumy haben 12.000 Haushalte wieder Strom, teilte der Betreiber am Dienstag mit.",
    "zh": "电网公司周二表示，苏梅市1.2万户恢复供电。",
}

FURNITURE = [
    "Photo: State Emergency Service",
    "(Photo: AP)",
    "Photo by Ivan Petrov / 300 people at a shelter",
    "File photo of a power plant hit by 12 drones",
    "Фото: ДСНС України",
    "Фото ілюстративне, 2025",
    "Иллюстративное фото: 5 опор",
    "Foto: dpa / 40 Menschen",
    "Symbolbild",
    "图：路透社",
    "資料圖：300戶停電",
    "▲ 变电站 5 人",
    "Read also: Odesa: 44,000 homes without power",
    "READ MORE: Two killed in Kherson",
    "Читайте також: Без світла 44 тисячі родин",
    "Читайте также: Без света 44 тысячи семей",
    "Lesen Sie auch: 44.000 Haushalte ohne Strom",
    "延伸阅读：4.4万户停电",
    "延伸閱讀：4.4萬戶停電",
    "Lire aussi : 44 000 foyers sans électricité en Ukraine, selon les autorités",
    "Share on Facebook",
    "Поділитися у Facebook",
    "Поделиться",
    "Подписывайтесь на наш канал: 120 тысяч подписчиков",
    "Підписуйтесь на нас у Telegram",
    "Subscribe to our newsletter: 40,000 readers",
    "Follow us on Telegram and X",
    "扫码关注我们",
    "Advertisement",
    "Реклама",
    "Anzeige",
    "广告",
    "Home | News | World | Sport",
    "Home > News > Ukraine",
    "Головна / Новини / Харків",
    "UA | RU | EN",
    "Українська · English · Русский",
    "Deutsch | English | Français",
    "简体 | 繁体 | English",
    "Tags: Kharkiv, power, 2026",
    "Теги: Харків, 12 тисяч",
    "#Харків #світло #2026",
    "https://site.example/2026/01/15/4477.html",
    "news@site.example",
    "@channel_12",
    "Hotline: 0 800 505 050",
    "Гаряча лінія ДТЕК: 0 800 500 400, цілодобово.",
    "Телефон горячей линии +7 (495) 123-45-67",
    "Störungshotline: 0800 292 55 80",
    "供电服务热线：0755-12345678",
    "© 2026 Agency. All rights reserved.",
    "Ліцензія № 1234567 від 12.03.2019",
    "Ідентифікатор медіа R40-01234",
    "Свидетельство о регистрации СМИ ЭЛ № ФС 77-12345",
    "Alle Rechte vorbehalten, 2026",
    "京ICP备12345678号",
    "版权所有 未经授权不得转载",
    "This site uses cookies to count its 12,000 readers.",
    "Сайт використовує файли cookie",
    "Wir verwenden Cookies",
]


@pytest.mark.parametrize("line", FURNITURE)
@pytest.mark.parametrize("language", PAGES)
def test_furniture_is_left_out_in_texts_of_all_languages(language: str, line: str) -> None:
    body = PAGES[language]
    text = prepare(f"{line}\n{body}\n{line}\n{body}")
    assert [text.copy[one.start : one.end] for one in text.sentences] == [body, body]


@pytest.mark.parametrize(
    "line",
    [
        "Kharkiv: 12,000 homes without power",
        "⚡️ Знеструмлено 12 тис. родин",
        "🔴 Збито 14 із 20 дронів!",
        "Без света 12 тысяч семей",
        "❗Свет вернули всем",
        "Stromausfall: 45.000 Haushalte betroffen",
        "逾300架无人机夜袭！乌克兰逾120万户停电",
        "- Sumy: 3 missiles, 14 drones",
        "Харківщина — 12 тис.",
        "Home heating is off in 300 blocks",
        "News of the day: two substations were hit",
        "Photos show two damaged substations and 14 craters",
        "Video shows 3 drones over the plant",
        "Related outages left 300 homes without water.",
        "The hotline took 300 calls; 12,000 homes are without power.",
        "Teilen der Stadt fehlt Strom, 300 Haushalte sind betroffen",
        "Фото показують 14 влучань по підстанції",
        "Мобільний зв'язок є, світла немає у 12 тисяч родин",
        "По теме тепла: без отопления 96 домов",
        "KYIV, Jan 9 (Agency) - Some 300 homes were cold on Friday",
        "Subscribers: 12,000 are without gas, the company said",
    ],
)
def test_headlines_and_posts_stay(line: str) -> None:
    read = prepare(line)
    tokens = sum(len(one.tokens) for one in read.sentences)
    assert tokens >= len(tokens_of(read.copy)) - 1  # a bullet may go


def test_the_title_after_a_reading_tip_is_left_out() -> None:
    body = PAGES["en"]
    text = prepare(f"{body}\nRead also:\nOdesa: 44,000 homes without power\n{body}")
    assert len(text.sentences) == 2


def test_a_menu_in_lines_is_left_out_and_a_list_of_places_stays() -> None:
    menu = "Home\nUkraine\nSport\nContact\nLive"
    places = "Without power:\nSumy\nKharkiv\nOdesa\nDnipro"
    text = prepare(f"{menu}\n{PAGES['en']}\n{places}\nThe operator said that crews were at work.")
    read = [text.copy[one.start : one.end] for one in text.sentences]
    assert read[:2] == [PAGES["en"], "Without power:"]
    assert read[2:6] == ["Sumy", "Kharkiv", "Odesa", "Dnipro"]


def test_a_caption_inside_a_paragraph_is_left_out_alone() -> None:
    said = PAGES["en"]
    text = prepare(f"{said} {said} Photo: Agency, 12 people. {said} {said} Crews work.")
    assert len(text.sentences) == 5
    assert all("Photo" not in text.copy[one.start : one.end] for one in text.sentences)


def test_wrapped_lines_are_one_paragraph() -> None:
    text = prepare(
        "Power was restored to 12,000 homes in the Sumy region, the\n"
        "operator said on Tuesday. Crews are at work in another 26\n"
        "villages, of which nine have neither power nor water.\n"
        "\n"
        "Two people were injured.\n"
    )
    read = [text.copy[one.start : one.end] for one in text.sentences]
    assert read == [
        "Power was restored to 12,000 homes in the Sumy region, the operator said on Tuesday.",
        "Crews are at work in another 26 villages, of which nine have neither power nor water.",
        "Two people were injured.",
    ]
    assert [one.paragraph for one in text.sentences] == [0, 0, 1]


def test_wrapped_chinese_and_german_are_one_paragraph() -> None:
    line = "电网公司周二表示，苏梅市已有一万二千户恢复供电，" * 2
    text = prepare(f"{line}\n{line}\n既没有电也没有水。")
    assert len(text.sentences) == 1
    text = prepare(
        "In Sumy haben nach Angaben des Betreibers rund 12.000\n"
        "Haushalte wieder Strom, in weiteren 26 Dörfern arbeiten\n"
        "noch die Techniker.\n"
    )
    assert len(text.sentences) == 1


def test_lines_of_a_list_are_not_joined() -> None:
    text = prepare(
        "Sumy: 12,000 homes without power, nine substations hit\n"
        "Kharkiv: 9,000 homes without power, two boilers stopped\n"
        "Odesa: 300 homes without heat, one pumping station down\n"
    )
    assert len(text.sentences) == 3


def test_a_headline_is_not_joined_to_the_line_below() -> None:
    text = prepare("Nearly 12,000 homes in the Sumy region without power\nTwo people were injured.")
    assert len(text.sentences) == 2
