"""Photos of the demonstration: which story was photographed stands in ``stories.yaml`` here; the pictures are drawn by ``scenes``."""

from huiyin.rehearsal.demo.photos.sending import photograph

__all__ = ["photograph"]
