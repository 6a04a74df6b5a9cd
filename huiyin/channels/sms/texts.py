"""The registered texts (users.md 5.5): what an organisation has its provider approve, word by word, and which message each one says.

A text stands here with its variables; the provider knows it by the code that the organisation enters. No text holds a name, a room or a
telephone; a variable stands once and never beside another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from huiyin.plumbing.text import count_graphemes, cut_text

ONE_MESSAGE: Final = 70
"""Characters of a message that is charged once, signature included."""
LONGEST_VALUE: Final = 20
"""What the strictest of the gateways takes as the value of a variable."""
TO_CUSTOMERS: Final = "customer."
"""Begins the topics of messages to those who brought a case: only a text that is made for them says these."""
HOTLINE: Final = "400-000-0000"
"""Stands in a text for the organisation's own service number."""
_HOLE: Final = re.compile(r"\$\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be registered: its number in the list, the words, how the page calls it, and the beginnings of the topics that it says
    (none: any)."""

    name: str
    words: str
    says: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        """Its variables, in their order."""
        return tuple(_HOLE.findall(self.words))

    def fits(self, topic: str, level: str) -> bool:
        """Whether it says a message of the topic and level."""
        if topic.startswith(TO_CUSTOMERS):
            return topic in self.says
        return (not self.says or topic.startswith(self.says)) and (not self.levels or level in self.levels)

    def values(self, params: Mapping[str, str]) -> Mapping[str, str] | None:
        """The values of its variables, each cut to what a gateway takes; None where one is missing."""
        found = {name: cut_text(_bare(str(params.get(name, ""))), LONGEST_VALUE) for name in self.variables}
        return found if all(found.values()) else None

    def filled(self, values: Mapping[str, str], hotline: str = "") -> str:
        """The words as they will be read."""
        return _HOLE.sub(lambda hole: values.get(hole[1], ""), self.words.replace(HOTLINE, hotline or HOTLINE))


TEXTS: Final[Sequence[Text]] = (
    Text("S01", f"您反映的${{record}}（${{unit}}）已受理，单号${{number}}。查询请致电{HOTLINE}。", says=("customer.accepted",)),
    Text("S05", f"单号${{number}}已处理完毕，请您确认；如未解决请致电{HOTLINE}。", says=("customer.done",)),
    Text("S13", "新${record}单${number}（${unit}），请按时限接单并联系。请登录系统办理。", says=("case.dispatched",)),
    Text("S14", "单号${number}的时限将到，请立即登录系统办理。", says=("clock.due_soon", "clock.breached")),
    Text("S15", "蓝色预警：单号${number}（${unit}）。请登录系统查看，按时限上报解决方案及完成时间。", levels=("blue",)),
    Text("S15Y", "黄色预警：单号${number}（${unit}）。请登录系统查看，按时限上报解决方案及完成时间。", levels=("yellow",)),
    Text("S16", "红色预警：单号${number}（${unit}）。请立即登录系统查看，会同制定方案并按时限上报。", levels=("red",)),
    Text("S17", "${unit}的${duty}将到期，请登录系统按时提交。", says=("duty.", "summary.")),
    Text("S19", "单号${number}（${unit}）有新的事项需要办理，请登录系统查看。"),
)
"""In this order the first one whose code is entered and whose variables all have a value is taken. S15 and S15Y differ in the colour
only: a colour as a variable would stand beside other text that gateways refuse."""
TRIAL: Final = Text("S00", "消息渠道测试：单号${number}，收到即表示短信渠道可用。", says=("trial",))
REFUSED_WORDS: Final = ("催款", "装修", "调解", "法律维权", "问卷调查", "拒收请回复", "【", "】", "¥", "★", "√")
"""What gateways refuse in a text (users.md 2.12)."""


def choose(topic: str, params: Mapping[str, Any], codes: Mapping[str, str]) -> tuple[Text, Mapping[str, str]] | None:
    """The text that says the message, with its values; None where no text that is registered does."""
    level = str(params.get("level", ""))
    for text in (TRIAL, *TEXTS):
        if codes.get(text.name) and text.fits(topic, level) and (values := text.values(params)) is not None:
            return text, values
    return None


def length(text: Text, values: Mapping[str, str], signature: str) -> int:
    """How many characters the message has, with the signature that the gateway puts before it."""
    return count_graphemes(f"【{signature}】{text.filled(values)}")


def _bare(value: str) -> str:
    """The value without what gateways refuse in one."""
    for word in REFUSED_WORDS:
        value = value.replace(word, "")
    return " ".join(value.split())
