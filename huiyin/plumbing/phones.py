"""Telephone numbers, as people write them in China: read, compared, masked, hidden in running text."""

import re
from dataclasses import dataclass

from huiyin.plumbing.text import plain_digits

MOBILE = re.compile(r"1[3-9][0-9]{9}")
MACHINE = re.compile(r"10[0-9]{11}|14[0-9]{11}")
LANDLINE = re.compile(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))([2-9][0-9]{6,7})")
LOCAL = re.compile(r"[2-9][0-9]{6,7}")
SERVICE = re.compile(r"[48]00[0-9]{7}|9[56][0-9]{3,6}|1(?:1[0-9]|2[0-9])|12[0-9]{3}|100[0-9]{2}")
ABROAD = re.compile(r"\+[1-9][0-9]{6,14}")
EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)\s*([0-9]{1,6})$", re.IGNORECASE)
# Not a hyphen: it stands inside numbers. Not a space, for the same reason.
BETWEEN = re.compile(r"[/、，,;；|\n\r]+|或")
INSIDE = re.compile(r"[\s\-‐-―−.()·]")
FLOAT = re.compile(r"([0-9]+)\.0+")
POWER = re.compile(r"[0-9.]+e\+?[0-9]+", re.IGNORECASE)
ABSENT = {
    "",
    "无",
    "没有",
    "匿名",
    "不详",
    "未知",
    "不愿透露",
    "保密",
    "无电话",
    "未留",
    "暂无",
    "n/a",
    "na",
    "none",
    "-",
    "—",
    "/",
}
# First digits of cards for machines.
WITHOUT_SMS = re.compile(r"14[01468]")

_SPOKEN = "零〇一二三四五六七八九幺"
_SPOKEN_DIGITS = str.maketrans(_SPOKEN, "001234567891")
_DIGIT = f"[0-9０-９{_SPOKEN}]"
_GAP = r"[\s\-]?"
_MOBILE_IN_TEXT = re.compile(
    rf"(?<!{_DIGIT})(?:(?:\+|00)?86{_GAP})?[1１一幺]{_GAP}[3-9３-９三四五六七八九](?:{_GAP}{_DIGIT}){{9}}(?!{_DIGIT})"
)
_LANDLINE_IN_TEXT = re.compile(r"(?<![0-9])0[0-9]{2,3}[\s\-]?[2-9][0-9]{2,3}[\s\-]?[0-9]{4}(?![0-9])")
_IDENTITY_IN_TEXT = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx](?![0-9])")
PRIVATE_IN_TEXT = (_IDENTITY_IN_TEXT, _MOBILE_IN_TEXT, _LANDLINE_IN_TEXT)
"""What finds identity, mobile and landline numbers in running text."""


class BadPhone(ValueError):
    """A text that is no telephone number: `found`, and a sentence in each language for the person who sent it."""

    def __init__(self, found: str, message_zh: str, message_en: str) -> None:
        super().__init__(message_en)
        self.found = found
        self.message_zh = message_zh
        self.message_en = message_en


@dataclass(frozen=True)
class Phone:
    """One number: `number` in E.164 (service numbers: plain digits), its extension, whether it takes SMS."""

    number: str
    extension: str = ""
    can_sms: bool = False

    @property
    def masked(self) -> str:
        """The number with its middle hidden."""
        return mask_phone(self.number)


def read_phones(text: str) -> tuple[Phone, ...]:
    """The numbers in a field, each once, in order; nothing for 无, 匿名, 00000000000 and the like.

    Several may stand in it, parted by / 、 , ; 或 or a new line. Raises BadPhone for anything that is no number.
    """
    if plain_digits(text).strip().casefold() in ABSENT:
        return ()
    found = (_read_one(part.strip()) for part in BETWEEN.split(plain_digits(text)))
    return tuple(dict.fromkeys(phone for phone in found if phone is not None))


def mask_phone(number: str) -> str:
    """138****8000 for a Chinese mobile; of others at most the code of the place and two digits show;

    service numbers such as 12345 are nobody's and stay."""
    plain = number.removeprefix("+86") if number.startswith("+86") else number
    if MOBILE.fullmatch(plain):
        return f"{plain[:3]}****{plain[-4:]}"
    if SERVICE.fullmatch(plain):
        return plain
    if len(plain) <= 6:
        return "*" * len(plain)
    shown = 4 if number.startswith("+") and plain == number else 3
    shown = min(shown, len(plain) - 6)
    return f"{plain[:shown]}{'*' * (len(plain) - shown - 2)}{plain[-2:]}"


def hide_phones_in(text: str) -> str:
    """The text with mobile, landline and identity numbers masked, also those written 一三八… or in full width."""
    text = _IDENTITY_IN_TEXT.sub(lambda found: f"{found[0][:3]}{'*' * 13}{found[0][-2:]}", text)
    text = _MOBILE_IN_TEXT.sub(lambda found: mask_phone(_digits(found[0])[-11:]), text)
    return _LANDLINE_IN_TEXT.sub(lambda found: mask_phone(INSIDE.sub("", found[0])), text)


def _digits(text: str) -> str:
    return INSIDE.sub("", plain_digits(text).translate(_SPOKEN_DIGITS))


def _read_one(part: str) -> Phone | None:
    if part.casefold() in ABSENT:
        return None
    if "*" in part:
        raise BadPhone(
            part,
            "电话号码带有 *，是隐藏后的号码，不能保存。请填写完整号码，或不改动原号码。",
            "found a number with *, which hides part of it; write it in full, or leave the old one as it is",
        )
    if POWER.fullmatch(part):
        raise BadPhone(
            part,
            f"“{part}”是科学计数，号码的数字已丢失。请把该列设为文本后重新填写。",
            f"found {part!r}, a number whose digits are lost; format the column as text and enter it again",
        )
    if match := FLOAT.fullmatch(part):
        part = match[1]
    extension = ""
    if match := EXTENSION.search(part):
        part, extension = part[: match.start()], match[1]
    plain = INSIDE.sub("", part)
    if len(plain) >= 5 and len(set(plain)) == 1:
        return None
    return _recognise(plain, extension, part)


def _recognise(plain: str, extension: str, part: str) -> Phone:
    home = re.sub(r"^(?:\+|00)86", "", plain)
    if MOBILE.fullmatch(home):
        return Phone(f"+86{home}", extension, can_sms=not WITHOUT_SMS.match(home))
    if MACHINE.fullmatch(home):
        return Phone(f"+86{home}", extension)
    # With the code of the country people leave out the 0 of the city.
    for landline in (home, f"0{home}" if home != plain else ""):
        if match := LANDLINE.fullmatch(landline):
            return Phone(f"+86{match[1][1:]}{match[2]}", extension)
    if SERVICE.fullmatch(home) or LOCAL.fullmatch(home):
        return Phone(home, extension)
    abroad = re.sub(r"^00", "+", plain)
    if ABROAD.fullmatch(abroad) and not abroad.startswith("+86"):
        return Phone(abroad, extension)
    raise BadPhone(
        part,
        f"“{part}”不是电话号码。手机号应为 11 位，座机请带区号，如 021-61234567；境外号码以 + 开头。",
        f"found {part!r}, which is no telephone number; mobiles have 11 digits, landlines their area code (021-61234567), foreign ones a +",
    )
