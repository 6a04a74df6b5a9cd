"""Text from outside: what is refused, what is kept as sent, how it is shown and how it is found again."""

import unicodedata
from collections.abc import Iterator

import regex

MOST_MARKS = 8
BIDI_NAMES = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
# Letters to Unicode, nothing to the eye.
BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"

_GRAPHEME = regex.compile(r"\X")
_TOO_MANY_MARKS = regex.compile(rf"\p{{M}}{{{MOST_MARKS + 1},}}")
_INVISIBLE = regex.compile(rf"[\s\p{{C}}\p{{Z}}\p{{M}}{BLANK_LETTERS}]*")
# The tables of `regex` are newer than those of the oldest Python here: this year's emoji are assigned.
_REFUSED = regex.compile(r"[\p{Cs}\p{Co}\p{Cn}]|[^\P{Cc}\t\n\r]")
_TAGS = regex.compile("[\U000e0000-\U000e007f]")
_BIDI = regex.compile(f"[{''.join(BIDI_NAMES)}]")
_IDEOGRAPHS = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]+")
_WORDS = regex.compile(r"[\p{L}\p{N}]+")


class BadText(ValueError):
    """Text that cannot be taken: the field, and a sentence in each language for the person who sent it."""

    def __init__(self, field: str, message_zh: str, message_en: str) -> None:
        super().__init__(f"{field}: {message_en}")
        self.field = field
        self.message_zh = message_zh
        self.message_en = message_en


def clean_text(value: str, *, most: int, field: str) -> str:
    """The text in normal form C with line ends as `\\n`, otherwise as sent: nothing in it is trimmed or taken away.

    most: graphemes, so that a family of emoji counts one. field: its name, for the error.
    Raises BadText: nothing to see in it, too long, control or unassigned code points, more than 8 marks on a letter.
    """
    text = _in_normal_form(value, field)
    if _INVISIBLE.fullmatch(text):
        raise BadText(field, "内容为空（只有空格或看不见的字符），请填写文字。", "found nothing to see in it; write some words")
    if _TOO_MANY_MARKS.search(unicodedata.normalize("NFD", text)):
        raise BadText(
            field,
            f"一个字上叠加的符号超过 {MOST_MARKS} 个，请删去后再提交。",
            f"found a letter with more than {MOST_MARKS} marks upon it; take them away",
        )
    # A grapheme is at least one character: short texts, nearly all, need no counting.
    if len(text) > most and (length := count_graphemes(text)) > most:
        raise BadText(
            field, f"内容有 {length} 个字，最多 {most} 个，请缩短。", f"found {length} characters, expected {most} at most; shorten it"
        )
    return text


def clean_optional_text(value: str, *, most: int, field: str) -> str:
    """As `clean_text`, but a text with nothing to see in it gives the empty text."""
    if not value or _INVISIBLE.fullmatch(_in_normal_form(value, field)):
        return ""
    return clean_text(value, most=most, field=field)


def count_graphemes(text: str) -> int:
    """How many characters a reader sees."""
    return sum(1 for _ in _GRAPHEME.finditer(text))


def cut_text(text: str, most: int) -> str:
    """The first `most` graphemes, with … in place of the rest."""
    found = list(_islice_graphemes(text, most + 1))
    return text if len(found) <= most else "".join(found[: most - 1]) + "…"


def show_text(value: str) -> str:
    """The text as it may be shown: controls of direction become words such as ⟦RLO⟧, hidden tag characters go."""
    shown: str = _BIDI.sub(lambda found: f"⟦{BIDI_NAMES[found[0]]}⟧", _TAGS.sub("", value))
    return shown


def fold_text(value: str) -> str:
    """The form for comparing: width, case and compatibility forms equal (㊥ = 中, Ａ = a), hidden ones gone."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())
    return "".join(char for char in folded if unicodedata.category(char) != "Cf")


def search_tokens(text: str) -> tuple[str, ...]:
    """What a text is found by, each once, in order: for Chinese single characters and pairs, for the rest whole words.

    Every word of at least two characters is thus found by its pairs: 电梯 in 小区电梯停运.
    """
    return tuple(dict.fromkeys(_tokens(fold_text(text))))


def plain_digits(value: str) -> str:
    """The text with full-width digits and signs made plain. Those of other scripts stay and fail later."""
    return "".join(chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in value).replace("\u3000", " ")


def _in_normal_form(value: str, field: str) -> str:
    if found := _REFUSED.search(value):
        code = f"U+{ord(found[0]):04X}"
        raise BadText(
            field, f"含有无法保存的字符 {code}，请删去后再提交。", f"found the character {code}, which cannot be kept; take it out"
        )
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)


def _islice_graphemes(text: str, most: int) -> Iterator[str]:
    for number, found in enumerate(_GRAPHEME.finditer(text)):
        if number == most:
            return
        yield found[0]


def _tokens(text: str) -> Iterator[str]:
    for found in _WORDS.finditer(text):
        position = 0
        for run in _IDEOGRAPHS.finditer(found[0]):
            if run.start() > position:
                yield found[0][position : run.start()]
            yield from run[0]
            yield from (run[0][at : at + 2] for at in range(len(run[0]) - 1))
            position = run.end()
        if position < len(found[0]):
            yield found[0][position:]
