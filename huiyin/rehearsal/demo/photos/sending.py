"""Sending the photos of the demonstration with the acts that they come with, through the room's own action."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final
from uuid import UUID

from huiyin.desk.attachments import actions as attachments
from huiyin.desk.journal.actions import By
from huiyin.plumbing.files import Picture, read_picture
from huiyin.plumbing.strict_yaml import read_yaml
from huiyin.rehearsal.demo.photos.scenes import BOARD, SCENES, draw

FOUND, MENDED = "现场.jpg", "处理后.jpg"
_MENDING: Final = frozenset({"handle", "complaint_handled"})
"""The acts by which something is put right."""
MOST_BYTES: Final = 10 * 1024 * 1024
STORIES: Final = Path(__file__).with_name("stories.yaml")


def photograph(organisation_id: UUID, case_id: UUID, title: str, act: str, *, by: By, at: datetime) -> None:
    """Send the photo of what the story ``title`` tells with its ``act``: how it was found with its registration ("register"), how it is now
    with the act that put it right. Most stories and acts have none. Raises as ``attachments.add`` does."""
    scene = _scenes().get(title)
    if scene is not None and (act == "register" or act in _MENDING):
        attachments.add(organisation_id, case_id, [_photo(scene, mended=act in _MENDING)], by=by, at=at, act=act)


@lru_cache(maxsize=1)
def photo_of_board() -> Picture:
    """The photo of a notice that hangs on the board."""
    return read_picture(draw(BOARD, mended=True), "公布栏.jpg", most_bytes=MOST_BYTES)


@lru_cache(maxsize=1)
def _scenes() -> dict[str, str]:
    told = read_yaml(STORIES).value
    if unknown := told.keys() - SCENES.keys():
        raise ValueError(f"found the scenes {', '.join(sorted(unknown))} in {STORIES.name}, expected some of {', '.join(SCENES)}")
    return {title: scene for scene, titles in told.items() for title in titles}


@lru_cache(maxsize=2 * len(SCENES))
def _photo(scene: str, *, mended: bool) -> attachments.Prepared:
    return attachments.prepare(MENDED if mended else FOUND, draw(scene, mended=mended))
