"""Photos drawn anew, by kind: seconds of a processor and the most memory of the process that does it. `python -m benchmarks pictures`.

The pictures are made here, of as many points as are taken of their kind, with grain as a camera's. The limits are those of the requirement:
two seconds, 300 MB. A figure above that was measured before something was changed can be held beside it by keeping its table.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from PIL import Image

from benchmarks.table import show
from huiyin.plumbing.files import redrawing

SECONDS, MEGABYTES, MOST_BYTES = 2.0, 300, 20 * 1024 * 1024
PHONE, GIANT, GIANT_WEBP = (4000, 3000), (7300, 5475), (4600, 3450)
KINDS: Final = (
    ("phone, JPEG", PHONE, "JPEG", {"quality": 92}), ("40 million, JPEG", GIANT, "JPEG", {"quality": 85}),
    ("40 million, progressive", GIANT, "JPEG", {"quality": 80, "progressive": True}), ("phone, PNG", PHONE, "PNG", {"compress_level": 1}),
    ("40 million, PNG", GIANT, "PNG", {"compress_level": 1}), ("16 million, WebP", GIANT_WEBP, "WEBP", {"quality": 70, "method": 0}),
)  # fmt: skip


def run() -> int:
    """Print the table; 1 if a picture takes longer or more memory than it may."""
    rows, beyond = [], False
    for name, size, kind, options in KINDS:
        # Made elsewhere: what a process starts begins with the memory that it has itself.
        with ProcessPoolExecutor(1, get_context("spawn")) as maker:
            data = maker.submit(_made, size, kind, options).result()
        seconds, megabytes, kept = _drawn(data)
        beyond |= seconds > SECONDS or megabytes > MEGABYTES
        rows.append((name, f"{len(data) / 1e6:.1f}", f"{kept / 1e6:.2f}", f"{seconds:.2f}", f"{megabytes:.0f}"))
    show("Photos drawn anew", ("picture", "MB in", "MB kept", "processor s", "most MB"), rows)
    return int(beyond)


def _made(size: tuple[int, int], kind: str, options: dict[str, int]) -> bytes:
    """A picture of the kind with grain, as far as that may be sent: as PNG with less of it."""
    width, height = size
    grain = Image.effect_noise((width // 8, height // 8), 40 if kind != "PNG" else 8).resize(size)
    slope = Image.linear_gradient("L").resize(size)
    file = io.BytesIO()
    Image.merge("RGB", (grain, slope, slope.transpose(Image.Transpose.FLIP_TOP_BOTTOM))).save(file, kind, **options)
    return file.getvalue()


def _drawn(data: bytes) -> tuple[float, float, int]:
    """Seconds of a processor, the most megabytes, and how many bytes came out."""
    words = [sys.executable, "-I", str(Path(redrawing.__file__))]
    done = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={})
    assert done.stdin is not None and done.stdout is not None
    feeding, sink = threading.Thread(target=done.stdin.write, args=(data,)), done.stdin
    feeding.start()
    feeding.join()
    sink.close()
    out = done.stdout.read()
    _pid, _status, used = os.wait4(done.pid, 0)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, len(out)
