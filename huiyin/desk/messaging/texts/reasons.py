"""Why a message could not leave, in Chinese and in English.

What is kept of a reason is its key, a colon, and what the other side or the machine said, which nobody translates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "not set up": ("渠道未设置", "this way is not set up"),
    "no channel": ("系统没有这个渠道", "the house has no such channel"),
    "not reached": ("连接不上服务器", "the server could not be reached"),
    "inside": ("地址在内网，须由运维写入 HUIYIN_INSIDE", "the address is in the own network and not named in HUIYIN_INSIDE"),
    "login": ("服务器不接受登录名或密码", "the server refused login or password"),
    "sender": ("服务器不接受发件地址", "the server refused the sender"),
    "addressee": ("对方拒收该收件人", "the other side refused the addressee"),
    "content": ("对方拒收内容", "the other side refused what was said"),
    "answer": ("服务商答复", "the provider answered"),
    "no address": ("收件人没有登记可用的邮箱或手机，或渠道已停用", "the addressee has no address there, or the way is off"),
    "no text": ("没有报备能表达这条消息的短信模板", "no registered text says this message"),
    "sealed": ("密码和密钥在本机打不开（系统迁移或恢复过）；请重新填写", "the secrets were sealed in another house; type them again"),
    "stopped": ("发送时系统中断", "the sender was stopped while it tried"),
    "discarded": ("恢复备份后放弃发送", "discarded when the outbox was opened"),
}


def reason(kept: str, language: str) -> str:
    """The reason in the reader's language, with what the other side said."""
    key, _, detail = kept.partition(":")
    if key not in REASONS:
        return kept
    chinese = language.lower().startswith("zh")
    said = REASONS[key][0 if chinese else 1]
    return said if not detail.strip() else f"{said}{'：' if chinese else ': '}{detail.strip()}"
