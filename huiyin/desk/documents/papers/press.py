"""From the data of a paper to its pages. Values go in as JSON beside the template, so no text that people wrote is ever typst code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import typst

HERE = Path(__file__).resolve().parent
FONTS = Path(str(files("manimgx_fonts_cjk")))


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The pages of ``template`` ("form", "weekly", "circular") filled with ``data``, as PDF.

    ``data`` holds nothing but JSON: text, numbers, lists and objects, as the template names them. Raises TypstError when a value that
    the template needs is missing. The same data give the same pages on every machine: no font of the system is used.
    """
    return _compile(template, data, "pdf")[0]


def pictures(template: str, data: Mapping[str, Any], dots_per_inch: int = 96) -> list[bytes]:
    """The same pages as PNG pictures, one a page, for a preview on the screen."""
    return _compile(template, data, "png", dots_per_inch)


def _compile(template: str, data: Mapping[str, Any], form: Literal["pdf", "png"], dots_per_inch: int = 96) -> list[bytes]:
    made: Any = typst.compile(
        HERE / f"{template}.typ",
        root=HERE,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        format=form,
        ppi=float(dots_per_inch),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return list(made) if isinstance(made, list) else [made]
