"""Files and bytes to text: the encoding found out, pages stripped, what is no text refused."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from keepwarm.errors import Fault, InputError
from keepwarm.reports.pages import Page, page_of

LIMIT_BYTES = 5_000_000
"""Largest file that is opened; a page with all its scripts is smaller."""

LIMIT_CHARACTERS = 1_000_000
"""Largest text: a report has thousands of characters, a book has a million."""

_CHARACTERS = f"at most {LIMIT_CHARACTERS:,} characters"
_MAGIC = {
    b"%PDF": ("a PDF", "its text: copy it, or convert it with pdftotext"),
    b"PK\x03\x04": ("a ZIP archive or an Office document", "plain text: save it as .txt"),
    b"\xd0\xcf\x11\xe0": ("an Office document", "plain text: save it as .txt"),
    b"{\\rtf": ("a rich text document", "plain text: save it as .txt"),
    b"\x89PNG": ("an image", "the text of it"),
    b"\xff\xd8\xff": ("an image", "the text of it"),
    b"GIF8": ("an image", "the text of it"),
    b"\x1f\x8b": ("a compressed file", "the file in it"),
    b"BZh": ("a compressed file", "the file in it"),
    b"\xfd7zXZ": ("a compressed file", "the file in it"),
    b"7z\xbc\xaf": ("an archive", "the file in it"),
    b"Rar!": ("an archive", "the file in it"),
    b"SQLite format 3": ("a database", "plain text or an HTML page"),
    b"\x7fELF": ("a program", "plain text or an HTML page"),
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,30})", re.I
)
_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]{0,200}>\s*+)?(?:<!--|<!doctype html|<html|<head|<body)"
    r"|<(?:p|div|article|body)[\s>]",
    re.IGNORECASE,
)
#: How much of a text is looked at to tell its encoding.
_SAMPLE = 20_000


def open_report(path: Path) -> Page:
    """Return the text of a file, plain or HTML.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Page

    Raises
    ------
    InputError
        The file is not there, is empty, is no text, or is too large.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT_BYTES + 1)
    except OSError as error:
        reason = error.strerror or "cannot be read"
        raise InputError([Fault(str(path), None, None, reason, "a text or HTML file")]) from error
    return opened(content, str(path))


def opened(content: bytes, name: str) -> Page:
    """Return the text in some bytes, plain or HTML.

    Parameters
    ----------
    content : bytes
        As read from a file or standard input.
    name : str
        How the user knows it, for messages.

    Returns
    -------
    Page
        Its text has no byte order mark; all else is as it was.

    Raises
    ------
    InputError
        There is nothing in it, it is no text, or it is too large.

    Notes
    -----
    **Leaves out** encodings beyond UTF-8, UTF-16, UTF-32, windows-1251, KOI8-U, GB 18030, Big5 and
    windows-1252, unless an HTML page declares one.
    """
    _refuse(content, name)
    text, encoding = _decoded(content)
    if not encoding:
        raise _fault(name, "its letters make no text in any known encoding", "UTF-8")
    if not _is_text(text):
        found = "too many of its characters are control codes, or lost: it makes no text"
        raise _fault(name, found, "plain text; save it as UTF-8")
    page = page_of(text) if _HTML.search(text, 0, 2000) else Page(text)
    if not page.text.strip():
        raise _fault(name, "there is nothing to read in it", "the text of a report")
    if len(page.text) > LIMIT_CHARACTERS:
        raise _fault(name, "it is too long for a report", f"{_CHARACTERS}; split it")
    return page


def _refuse(content: bytes, name: str) -> None:
    """Refuse what cannot be a text."""
    if len(content) > LIMIT_BYTES:
        limit = f"{_CHARACTERS}; split it"
        raise _fault(name, "it is too large for a report", limit)
    if not content:
        raise _fault(name, "the file is empty", "the text of a report")
    for magic, (kind, remedy) in _MAGIC.items():
        if content.startswith(magic):
            raise _fault(name, f"it is {kind}", remedy)
    if b"\0" in content and not content.startswith(tuple(mark for mark, _ in _MARKS)):
        raise _fault(name, "it is no text: it has NUL bytes", "a text file; save it as UTF-8")


def _fault(name: str, found: str, expected: str) -> InputError:
    return InputError([Fault(name, None, None, found, expected)])


def _decoded(content: bytes) -> tuple[str, str]:
    """Return the text and its encoding, empty where none fits."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    text, encoding = _strictly(content, "utf-8")
    if encoding:
        return text, encoding
    declared = _DECLARED.search(content, 0, 4096)
    if declared:
        text, encoding = _strictly(content, _known_name(declared[1].decode("ascii")))
        if encoding:
            return text, encoding
    nearly = content.decode("utf-8", "replace")
    # A broken character or two in a text that is UTF-8 otherwise.
    if nearly.count("\ufffd") * 50 <= sum(letter > "\x7f" for letter in nearly):
        return nearly, "utf-8"
    return max((_strictly(content, one) for one in _LEGACY), key=lambda found: _likeness(*found))


_LEGACY = ("gb18030", "big5hkscs", "cp1251", "koi8-u", "cp1252")


#: What a page may declare; an ASCII page that says it is UTF-16 is not.
_DECLARABLE = ("iso8859", "cp125", "cp866", "koi8", "big5", "gb18030", "mac-cyrillic", "utf-8")


def _known_name(name: str) -> str:
    """Return the encoding a page declares, as browsers understand it; empty where it is none."""
    try:
        known = codecs.lookup("gb18030" if name.lower() in {"gb2312", "gbk"} else name).name
    except LookupError:
        return ""
    known = "cp1252" if known == "iso8859-1" else known
    return known if known.startswith(_DECLARABLE) else ""


def _strictly(content: bytes, encoding: str) -> tuple[str, str]:
    """Return the text in an encoding and its name, or two empty strings where it is not in it."""
    try:
        return (content.decode(encoding), encoding) if encoding else ("", "")
    except UnicodeDecodeError:
        return "", ""


# The characters that make up half of any news text in Chinese, and the letters of the others.
_USUAL_HAN = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相"
    "全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题程展五果料"
    "象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任"
    "取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安"
    "场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影"
    "算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标"
    "写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严首底液官德随病苏失尔死讲配女"
    "這為個國時來們對會發動過說產種後經進著電裡現實兩體機當點從業應開還後關條沒結問無軍總設長頭資邊級圖統見計別區強決戰將據處隊給門"
    "規熱領東導壓濟階術極聯認權證轉單風帶場車務萬達積議聲報類離華確節話張馬況溫傳眾書複該嚴價鐵調滿縣參紅細聽層專狀廠識適屬隨蘇爾講"
    "烏克蘭俄羅斯基輔哈夫導彈戶停電擊損傷亡稱炸襲夜恢復暖供"
)
_EXPECTED = {"cp1251": "[а-яёіїєґ]", "koi8-u": "[а-яёіїєґ]", "cp1252": "[a-zäöüßéèàçñáíóúâêôãõå]"}


def _likeness(text: str, encoding: str) -> float:
    """Return how much a text looks like one in the languages of its encoding, up to 1."""
    sample = text[:_SAMPLE]
    beyond = [letter for letter in sample if letter > "\x7f"]
    if not encoding or not beyond:
        return 0.0
    letters = sum(letter.isalpha() for letter in sample)
    if encoding in {"gb18030", "big5hkscs"}:
        # A few characters between Latin letters are accented letters misread.
        enough = min(1.0, 6 * len(beyond) / max(1, letters))
        return 1.2 * enough * sum(letter in _USUAL_HAN for letter in beyond) / len(beyond)
    lower = len(re.findall(_EXPECTED[encoding], sample))
    marks = sum(letter in "«»„“”’—–…№ °" for letter in beyond)
    share = sum(letter.isalpha() for letter in beyond) + marks
    foreign = 0 if encoding != "cp1252" else max(0.0, len(beyond) / max(1, letters) - 0.3)
    return (lower / max(1, letters)) * (share / len(beyond)) - foreign


def _is_text(text: str) -> bool:
    """Whether a text has few characters that texts do not have."""
    sample = text[:_SAMPLE]
    strange = sum(
        letter == "\ufffd" or (letter < " " and letter not in "\t\n\r\f") for letter in sample
    )
    strange += sum("\x7f" <= letter < "\xa0" for letter in sample)
    return 20 * strange <= len(sample)
