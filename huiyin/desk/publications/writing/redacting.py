"""What may not stand in a public notice: names, homes, numbers of telephones, cards and plates, accounts, secrets; each by its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from huiyin.plumbing.phones import PRIVATE_IN_TEXT

NAME, NUMBER, HOME, SECRET = "name", "number", "home", "secret"
_HAN: Final = r"[\u4e00-\u9fff]"
_TITLES: Final = r"先\s*生|女\s*士|小\s*姐|太\s*太|阿\s*姨|大\s*爷|大\s*妈|老\s*师|同\s*学|师\s*傅"
_SURNAMES: Final = (
    "(?:欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|长孙|令狐|司徒|"
    "[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯"
    "邵孟龙万段钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边])"
)
_NO_SURNAME: Final = (
    "(?!张贴|张罗|张口|陈述|陈旧|马上|马路|周末|周边|周围|周[一二三四五六日]|何时|何人|何种|高度|高兴|高层|高声|高空|方面|方便|方案|于|应|常常|常年|曾|成立|成为|成员|成功|金额"
    "|石材|江边|安装|安排|安全|文明|文件|易|关于|关注|关心|关门|向|时常|时间|时有|管理|管道|解决|解释|强烈|包括|包含|单独|单元|单位|车位|车辆|车库|房屋|房间|边上|边缘|游玩|路过|路上|白天"
    "|万一|万元|严重|温馨|温度|任何|任意|申请|申报|申诉|许多|许可|余|项目|位|景观|宁愿|费用|田|席|成|左右|左侧|程度|盛|龙头|甘|祝|辛苦|莫名|季度|沿|卫生|植物|华|柏油|兰|梅|常|武)"
)
_CALLED: Final = re.compile(rf"(?:{_NO_SURNAME}{_SURNAMES}\s*{_HAN}(?:\s*{_HAN})?|(?![主户客民人众位某该各]){_HAN})\s*(?:{_TITLES})")
_AFTER_A_ROLE: Final = re.compile(
    rf"(?:业主|住户|租户|居民|顾客|客户|用户|房客|投诉人|当事人|报修人|学生)(?:姓名|名叫|叫)?[:：]?({_NO_SURNAME}{_SURNAMES}{_HAN}{{1,2}})"
    rf"(?=$|[^\u4e00-\u9fff]|反映|投诉|要求|报修|表示|认为|来电|来访|说|称|家|的|和|与|及|等|提出|建议|希望|一家|本人|夫妇)"
)
_BY_AGE: Final = re.compile(
    r"[老小][王李张刘陈杨赵吴徐孙胡朱郭罗梁宋郑谢韩唐冯董袁邓沈彭吕苏蒋蔡贾魏薛阎潘戴姜姚谭廖邹郝崔邱秦](?:家|某|(?=$|[^\u4e00-\u9fff]|说|称|反映|投诉|要求|表示|夫妇))"
)
_NOBODY: Final = re.compile(r"^(?:某|该|各|一位|这位|有位|业主|住户|顾客|客户|居民|租户|物业)")
_BETWEEN: Final = r"[\s·•]*"
_LATIN: Final = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.?\s+[A-Z][\w'-]+")
# Letters without a width part a number for the search and for nobody who reads it: they count as room.
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９－\u200b\u200c\u200d\u2060\ufeff\u00ad", "0123456789-      ")
_ROOMS: Final = (
    # Three parts after 400 or 800 are the number of a service line, which may be told.
    re.compile(r"(?<![0-9A-Za-z])(?![48]00-)[0-9A-Za-z]{1,4}(?:-[0-9A-Za-z]{1,4}){1,2}-[0-9]{2,4}(?![0-9])"),
    re.compile(r"(?:[0-9一二三四五六七八九十]{1,4}(?:栋|幢|座|号楼|单元|门|楼|层)){0,3}[0-9]{3,4}\s*(?:室|房|户|号房|宿舍)"),
    re.compile(r"(?:[一二三四五六七八九十]{1,3}(?:栋|幢|座|号楼|单元|门|楼|层)){0,3}[一二三四五六七八九〇零]{3,4}\s*(?:室|号房|宿舍)"),
    re.compile(r"[0-9A-Za-z]{1,4}\s*[#＃]\s*[0-9]{3,4}(?![0-9])"),
    re.compile(r"[0-9一二三四五六七八九十]{1,4}(?:栋|幢|座|号楼)\s*[0-9]{1,2}-[0-9]{3,4}(?![0-9])"),
    re.compile(r"[0-9一二三四五六七八九十]{1,3}单元\s*[0-9]{3,4}(?![0-9])"),
    re.compile(
        r"[0-9A-Za-z一二三四五六七八九十百]{1,4}(?:栋|幢|座|号楼)\s*(?:[0-9]{3,4}|[一二三四五六七八九十〇零两]{3,4})(?:、[0-9]{3,4})*(?![0-9栋幢座号年月日元个平米度])"
    ),
    re.compile(r"(?<![0-9共约计有及])[0-9]{3,4}(?=\s*(?:业主|住户|租户|房客|家))"),
    re.compile(r"[0-9一二三四五六七八九十]{1,3}(?:楼|层)(?:东|西|南|北|中|左|右)(?:边|侧|面)?(?:户|家|业主|住户)"),
    re.compile(r"(?<![A-Za-z])(?:[Rr]oom|[Ff]lat|[Aa]pt\.?)\s*[0-9]{2,4}[A-Za-z]?"),
)
_IDENTIFYING: Final = (
    re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][·•\s]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
    ),
    re.compile(r"(?:微信号?|QQ号?|wechat|[Vv]信|[Vv][Xx])\s*[:：]?\s*[A-Za-z0-9][A-Za-z0-9_.-]{3,}", re.IGNORECASE),
    re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
)
"""Number plates, accounts and addresses of mail: they lead to a person as a telephone number does."""
_WITHOUT_AREA: Final = re.compile(
    r"(?<![0-9A-Za-z-])(?<![0-9]\s)(?!20[0-9]{2}[\s-]20[0-9]{2})[2-9][0-9]{3}[\s-][0-9]{4}(?![0-9-])(?!\s*[元平米户人个件年万㎡])"
)
"""A landline as neighbours write it; no span of years, no amounts, no number of a service line."""
_DATE: Final = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class Found:
    """Something in a text that may not be published: what it is, from which letter to before which, and how it reads."""

    kind: str
    start: int
    end: int
    text: str


def found_in(text: str, names: Iterable[str] = (), homes: Iterable[str] = (), masks: Iterable[str] = ()) -> list[Found]:
    """Everything of ``text`` that may not be published, in its order, none within another.

    ``names`` are those of people, ``homes`` the codes of homes that are known and must not appear however they are written around;
    ``masks`` is what stands in the place of secrets: people have to word it otherwise.
    """
    plain = text.translate(_FULL_WIDTH)
    secret = [found for mask in masks for found in _all(SECRET, re.compile(re.escape(mask)), plain)]
    every = [*_numbers(plain), *_homes(plain, homes), *_names(plain, names), *secret]
    kept: list[Found] = []
    for one in sorted(every, key=lambda found: (found.start, -found.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(Found(one.kind, one.start, one.end, text[one.start : one.end]))
    return kept


def _numbers(text: str) -> Iterator[Found]:
    for pattern in (*PRIVATE_IN_TEXT, *_IDENTIFYING, _WITHOUT_AREA):
        yield from _all(NUMBER, pattern, text)


def _homes(text: str, homes: Iterable[str]) -> Iterator[Found]:
    for pattern in _ROOMS:
        yield from (one for one in _all(HOME, pattern, text) if not _DATE.fullmatch(one.text))
    # The code of a home that is only a number ("12") would be found in every text.
    # Hundreds of homes and names are asked for and hardly any is there: only for these a pattern is made.
    for home in {one for one in homes if len(one) > 3 and one in text}:
        yield from _all(HOME, re.compile(rf"(?<![0-9A-Za-z]){re.escape(home)}(?![0-9A-Za-z])"), text)


def _names(text: str, names: Iterable[str]) -> Iterator[Found]:
    # A name with room or a dot between its letters is read by everybody all the same.
    joined = re.sub(_BETWEEN, "", text)
    for name in {re.sub(_BETWEEN, "", one) for one in names}:
        if len(name) > 1 and name in joined:
            yield from _all(NAME, re.compile(_BETWEEN.join(map(re.escape, name))), text)
    for pattern in (_CALLED, _BY_AGE, _LATIN):
        yield from (one for one in _all(NAME, pattern, text) if not _NOBODY.search(one.text))
    yield from (Found(NAME, match.start(1), match.end(1), match[1]) for match in _AFTER_A_ROLE.finditer(text))


def _all(kind: str, pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    return (Found(kind, match.start(), match.end(), match[0]) for match in pattern.finditer(text))
