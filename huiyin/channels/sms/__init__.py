"""Short messages, by a provider's gateway."""

from huiyin.channels.sms.channel import CHANNEL

__all__ = ["CHANNEL"]
