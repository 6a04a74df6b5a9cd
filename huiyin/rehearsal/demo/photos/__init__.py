"""Photos of the demonstration: which story was photographed stands in ``stories.yaml`` here; the pictures are drawn by ``scenes``."""

from huiyin.rehearsal.demo.photos.sending import photo_of_board, photograph

__all__ = ["photo_of_board", "photograph"]
