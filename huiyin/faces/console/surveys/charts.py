"""Charts of surveys as SVG, drawn here: bars against a goal, a Pareto chart, the four quarters. Colours are those of the shared sheets."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH, ROW, LEFT, RIGHT = 720, 30, 190, 60
PARETO_HEIGHT, SQUARE = 300, 380


def _svg(width: int, height: int, title: str, *parts: SafeString) -> SafeString:
    body = mark_safe("".join(parts))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">{}</svg>',
        width, height, title, body,
    )  # fmt: skip


def bars(title: str, values: Sequence[tuple[str, float | None]], goal: float | None = None, most: float = 100) -> SafeString:
    """Horizontal bars from 0 to ``most``, with a dashed line at the goal; a value that is None has no bar."""
    span = WIDTH - LEFT - RIGHT
    rows = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="end">{}</text><rect class="c1" x="{}" y="{}" width="{}" height="18"></rect>'
        '<text x="{}" y="{}">{}</text>',
        (
            (
                LEFT - 8, index * ROW + 22, _short(name), LEFT, index * ROW + 8, f"{span * (value or 0) / most:.1f}",
                f"{LEFT + span * (value or 0) / most + 6:.1f}", index * ROW + 22, "--" if value is None else f"{value:.1f}",
            )
            for index, (name, value) in enumerate(values)
        ),
    )  # fmt: skip
    height = len(values) * ROW + 12
    line = SafeString("")
    if goal is not None:
        x = f"{LEFT + span * goal / most:.1f}"
        line = format_html('<line class="goal" x1="{}" y1="0" x2="{}" y2="{}"></line>', x, x, height)
    return _svg(WIDTH, height, title, rows, line)


def _short(name: str, most: int = 13) -> str:
    return name if len(name) <= most else name[: most - 1] + "…"


def pareto(title: str, causes: Sequence[tuple[str, int, float]]) -> SafeString:
    """Columns, the largest first, and the line of what they make up together in percent."""
    if not causes:
        return SafeString("")
    top, base, left, right = 20, PARETO_HEIGHT - 60, 40, WIDTH - 50
    step, largest = (right - left) / len(causes), max(count for _, count, _ in causes)
    columns = format_html_join(
        "",
        '<rect class="c1" x="{}" y="{}" width="{}" height="{}"></rect><text x="{}" y="{}" text-anchor="middle">{}</text>'
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (
                f"{left + step * index + step * 0.15:.1f}", f"{base - (base - top) * count / largest:.1f}", f"{step * 0.7:.1f}",
                f"{(base - top) * count / largest:.1f}", f"{left + step * (index + 0.5):.1f}", base + 16 + 14 * (index % 2),
                _short(name, 8), f"{left + step * (index + 0.5):.1f}", f"{base - (base - top) * count / largest - 4:.1f}", count,
            )
            for index, (name, count, _) in enumerate(causes)
        ),
    )  # fmt: skip
    points = " ".join(
        f"{left + step * (index + 0.5):.1f},{base - (base - top) * share / 100:.1f}" for index, (_, _, share) in enumerate(causes)
    )
    line = format_html('<polyline class="line" points="{}"></polyline>', points)
    marks = format_html_join(
        "",
        '<text class="soft" x="{}" y="{}">{}%</text>',
        ((right + 4, f"{base - (base - top) * percent / 100 + 4:.1f}", percent) for percent in (0, 50, 80, 100)),
    )
    axis = format_html('<line class="axis" x1="{}" y1="{}" x2="{}" y2="{}"></line>', left, base, right, base)
    return _svg(WIDTH, PARETO_HEIGHT, title, columns, line, marks, axis)


def quarters(title: str, points: Sequence[tuple[str, float, float]], names: Sequence[str], axes: tuple[str, str]) -> SafeString:
    """Points by how much they matter (upward) and how much they please (to the right), parted at their means.

    ``names`` are those of the quarters: above left, above right, below left, below right; ``axes`` those of the right and the upward one.
    """
    if not points:
        return SafeString("")
    size, pad = SQUARE, 40
    across, up = _scale([one[2] for one in points]), _scale([one[1] for one in points])
    middle = sum(one[2] for one in points) / len(points), sum(one[1] for one in points) / len(points)

    def place(mean: float, importance: float) -> tuple[str, str]:
        x = pad + (WIDTH - 2 * pad) * (mean - across[0]) / (across[1] - across[0])
        y = size - pad - (size - 2 * pad) * (importance - up[0]) / (up[1] - up[0])
        return f"{x:.1f}", f"{y:.1f}"

    x, y = place(*middle)
    cross = format_html(
        '<line class="grid" x1="{}" y1="{}" x2="{}" y2="{}"></line><line class="grid" x1="{}" y1="{}" x2="{}" y2="{}"></line>',
        x, pad, x, size - pad, pad, y, WIDTH - pad, y,
    )  # fmt: skip
    corners = format_html_join(
        "",
        '<text class="soft" x="{}" y="{}" text-anchor="{}">{}</text>',
        zip(
            (pad, WIDTH - pad, pad, WIDTH - pad), (pad - 8, pad - 8, size - pad + 16, size - pad + 16),
            ("start", "end", "start", "end"), names, strict=True,
        ),
    )  # fmt: skip
    dots = format_html_join(
        "",
        '<circle class="c2" cx="{}" cy="{}" r="5"></circle><text x="{}" y="{}" dx="8" dy="4">{}</text>',
        ((*place(mean, importance), *place(mean, importance), _short(name, 8)) for name, importance, mean in points),
    )
    labels = format_html('<text class="soft" x="{}" y="{}" text-anchor="middle">{} → / {} ↑</text>', WIDTH // 2, size - 6, *axes)
    return _svg(WIDTH, size, title, cross, corners, dots, labels)


def _scale(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = (high - low) * 0.15 or 0.5
    return low - room, high + room
