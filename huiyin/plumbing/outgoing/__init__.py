"""The one way to other machines: by names that lead to where they may, within a time, without redirects."""

from huiyin.plumbing.outgoing.https import Answer, post, read_address
from huiyin.plumbing.outgoing.lines import BadHost, Unreachable, connect, cut_after, is_inside, secured

__all__ = ["Answer", "BadHost", "Unreachable", "connect", "cut_after", "is_inside", "post", "read_address", "secured"]
