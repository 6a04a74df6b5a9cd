"""Robots of chat groups: each takes a text by one signed POST."""

from huiyin.channels.robots.chats import DINGTALK, FEISHU, WECOM

__all__ = ["DINGTALK", "FEISHU", "WECOM"]
