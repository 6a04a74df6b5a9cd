"""Destroying after the longest time of keeping, and holding what must not be destroyed."""

from huiyin.desk.keeping.actions.destroying import Done, destroy, destroy_list, propose, propose_list
from huiyin.desk.keeping.actions.holding import preserve, release

__all__ = ["Done", "destroy", "destroy_list", "preserve", "propose", "propose_list", "release"]
