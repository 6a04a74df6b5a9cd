"""Lives told by a script: what happens in an organisation, when, by whom and in which words, as data; and the player that lives it."""

from huiyin.rehearsal.demo.script.planning import plan
from huiyin.rehearsal.demo.script.reading import Script, length, read_script

__all__ = ["Script", "length", "plan", "read_script"]
