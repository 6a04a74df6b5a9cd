"""What has to be called again and again for robots: telling the digests that are due."""

from __future__ import annotations

from huiyin.desk.robots.actions import tell_due

__all__ = ["tell_due"]
