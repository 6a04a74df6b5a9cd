"""Mail by SMTP."""

from huiyin.channels.email.channel import CHANNEL

__all__ = ["CHANNEL"]
