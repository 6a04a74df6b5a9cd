"""The scenes of the demonstration's photos, drawn point by point: nobody's home, nobody's picture. Each as it was found and put right."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

WIDTH, HEIGHT = 800, 600
_FLOOR: Final = 400
"""How far down the wall goes."""
_GRAINS: Final = bytes(120 + value % 17 for value in range(256))
"""How light a grain of the film is, for each byte that chance draws."""
Colour = tuple[int, int, int]
Scene = Callable[[bool], Image.Image]


def draw(scene: str, *, mended: bool) -> bytes:
    """The photo of one of ``SCENES`` as JPEG, the same every time. Raises KeyError for another scene."""
    made = SCENES[scene](mended).filter(ImageFilter.GaussianBlur(1.2))
    grain = Image.merge("RGB", [_grain(scene)] * 3)
    shade = Image.radial_gradient("L").resize(made.size).point(lambda value: 255 - value // 3)
    made = ImageChops.multiply(ImageChops.add(made, grain, offset=-128), Image.merge("RGB", [shade] * 3))
    file = io.BytesIO()
    made.save(file, "JPEG", quality=82)
    return file.getvalue()


def _grain(scene: str) -> Image.Image:
    drawn = Random(scene).randbytes(WIDTH * HEIGHT // 4)
    small = Image.frombytes("L", (WIDTH // 2, HEIGHT // 2), drawn.translate(_GRAINS))
    return small.resize((WIDTH, HEIGHT))


def _room(wall: Colour, floor: Colour, *, tile: int) -> Image.Image:
    """A wall that is lit from above, and a floor whose joints run together far away."""
    made = Image.new("RGB", (WIDTH, HEIGHT), wall)
    pen = ImageDraw.Draw(made)
    for row in range(_FLOOR):
        light = 1.08 - 0.22 * row / _FLOOR
        pen.line((0, row, WIDTH, row), fill=_lit(wall, light))
    for row in range(_FLOOR, HEIGHT):
        pen.line((0, row, WIDTH, row), fill=_lit(floor, 0.75 + 0.3 * (row - _FLOOR) / (HEIGHT - _FLOOR)))
    for column in range(-WIDTH, 2 * WIDTH, tile):
        pen.line((WIDTH / 2 + (column - WIDTH / 2) * 0.45, _FLOOR, column, HEIGHT), fill=_lit(floor, 0.68), width=2)
    for step in range(1, 6):
        row = _FLOOR + (HEIGHT - _FLOOR) * (step / 6) ** 1.6
        pen.line((0, row, WIDTH, row), fill=_lit(floor, 0.68), width=2)
    pen.rectangle((0, _FLOOR - 22, WIDTH, _FLOOR), fill=_lit(wall, 0.62))
    return made


def _lit(colour: Colour, light: float) -> Colour:
    red, green, blue = (min(255, max(0, int(one * light))) for one in colour)
    return red, green, blue


def _shadow(made: Image.Image, box: tuple[float, float, float, float], depth: int = 90) -> None:
    """A soft shadow on what lies beneath."""
    mask = Image.new("L", made.size)
    ImageDraw.Draw(mask).ellipse(box, fill=depth)
    made.paste((20, 20, 24), mask=mask.filter(ImageFilter.GaussianBlur(12)))


def _blot(made: Image.Image, colour: Colour, spots: list[tuple[float, float, float]], depth: int, soft: float) -> None:
    """What has soaked in or lies spread: overlapping rounds of one colour."""
    mask = Image.new("L", made.size)
    pen = ImageDraw.Draw(mask)
    for x, y, size in spots:
        pen.ellipse((x - size, y - size * 0.55, x + size, y + size * 0.55), fill=depth)
    made.paste(colour, mask=mask.filter(ImageFilter.GaussianBlur(soft)))


def _stain(mended: bool) -> Image.Image:
    made = _room((226, 221, 208), (150, 118, 88), tile=90)
    pen = ImageDraw.Draw(made)
    pen.polygon(((0, 0), (WIDTH, 0), (WIDTH - 90, 110), (90, 110)), fill=(240, 238, 232))
    pen.line((90, 110, WIDTH - 90, 110), fill=(176, 170, 158), width=3)
    chance = Random(7)
    spots = [(470 + chance.gauss(0, 90), 120 + abs(chance.gauss(0, 60)), chance.uniform(24, 64)) for _ in range(26)]
    if mended:
        _blot(made, (238, 234, 224), spots, 150, 18)
        return made
    _blot(made, (140, 104, 54), spots, 120, 9)
    _blot(made, (196, 170, 118), [(x, y, size * 0.8) for x, y, size in spots], 150, 7)
    for x, y, _size in spots[:9]:
        _blot(made, (128, 96, 52), [(x, y + length, 3) for length in range(0, int(chance.uniform(40, 150)), 3)], 90, 3)
    return made


def _puddle(mended: bool) -> Image.Image:
    made = _room((168, 170, 168), (128, 128, 126), tile=200)
    pen = ImageDraw.Draw(made)
    for place in range(0, WIDTH, 160):
        pen.rectangle((place, 300, place + 80, 330), fill=(214, 178, 52))
        pen.rectangle((place + 80, 300, place + 160, 330), fill=(44, 44, 44))
    pen.rectangle((250, 545, 560, 575), fill=(62, 62, 64))
    for place in range(258, 556, 14):
        pen.rectangle((place, 549, place + 6, 571), fill=(24, 24, 26))
    if mended:
        return made
    chance = Random(11)
    spots = [(380 + chance.gauss(0, 150), 500 + chance.gauss(0, 26), chance.uniform(60, 130)) for _ in range(22)]
    _blot(made, (58, 64, 70), spots, 205, 5)
    _blot(made, (150, 160, 168), [(x - 14, y - 10, size * 0.35) for x, y, size in spots[:9]], 110, 9)
    _blot(made, (224, 190, 84), [(x, y - 20, 26) for x, y, _size in spots[9:13]], 70, 8)
    return made


def _bins(mended: bool) -> Image.Image:
    made = _room((186, 178, 166), (142, 140, 134), tile=120)
    pen, chance = ImageDraw.Draw(made), Random(5)
    for left, colour in ((210, (46, 104, 66)), (440, (62, 84, 128))):
        _shadow(made, (left - 30, 470, left + 200, 525))
        pen.polygon(((left, 250), (left + 170, 250), (left + 150, 495), (left + 20, 495)), fill=colour)
        pen.polygon(((left + 120, 250), (left + 170, 250), (left + 150, 495), (left + 118, 495)), fill=_lit(colour, 0.75))
        pen.ellipse((left + 18, 478, left + 50, 510), fill=(28, 28, 28))
        if not mended:
            _bags(made, [(left + 40 + chance.uniform(0, 90), 215 + chance.uniform(-14, 26), chance.uniform(34, 48)) for _ in range(4)])
        top = 232 if mended else 168
        pen = ImageDraw.Draw(made)
        pen.polygon(
            ((left - 8, top), (left + 178, top - (0 if mended else 44)), (left + 178, top + 20), (left - 8, top + 20)),
            fill=_lit(colour, 1.2),
        )
    if not mended:
        _shadow(made, (60, 500, 740, 570), 70)
        _bags(made, [(chance.uniform(110, 700), chance.uniform(470, 540), chance.uniform(34, 60)) for _ in range(11)])
    return made


def _bags(made: Image.Image, places: list[tuple[float, float, float]]) -> None:
    chance = Random(len(places))
    for x, y, size in places:
        grey = chance.choice(((42, 42, 46), (196, 196, 190), (58, 66, 60), (206, 178, 150)))
        pen = ImageDraw.Draw(made)
        pen.ellipse((x - size, y - size * 0.8, x + size, y + size * 0.8), fill=grey)
        pen.polygon(
            ((x - 8, y - size * 0.7), (x + 8, y - size * 0.7), (x + 16, y - size * 1.15), (x - 14, y - size * 1.1)), fill=_lit(grey, 0.85)
        )
        pen.arc((x - size * 0.6, y - size * 0.6, x + size * 0.5, y + size * 0.5), 200, 290, fill=_lit(grey, 1.5), width=4)


def _clutter(mended: bool) -> Image.Image:
    made = _room((214, 214, 206), (164, 162, 156), tile=110)
    pen = ImageDraw.Draw(made)
    pen.rectangle((300, 110, 500, _FLOOR), fill=(146, 66, 52))
    pen.rectangle((312, 122, 488, _FLOOR), fill=(168, 80, 62))
    pen.rectangle((470, 250, 482, 290), fill=(206, 206, 200))
    pen.rectangle((350, 60, 450, 96), fill=(36, 128, 78))
    if mended:
        return made
    _shadow(made, (120, 470, 720, 570))
    for left, top, wide, high in ((150, 330, 150, 190), (170, 220, 110, 112), (310, 400, 130, 130), (520, 300, 60, 240)):
        brown = (178, 136, 88) if wide > 80 else (226, 222, 214)
        pen.rectangle((left, top, left + wide, top + high), fill=brown)
        pen.polygon(
            ((left + wide, top), (left + wide + 26, top - 20), (left + wide + 26, top + high - 24), (left + wide, top + high)),
            fill=_lit(brown, 0.7),
        )
        pen.polygon(((left, top), (left + 26, top - 20), (left + wide + 26, top - 20), (left + wide, top)), fill=_lit(brown, 1.12))
        pen.rectangle((left + wide // 2 - 7, top, left + wide // 2 + 7, top + high), fill=_lit(brown, 0.88))
    for x in (470, 640):
        pen.ellipse((x - 62, 430, x + 62, 554), outline=(32, 32, 34), width=8)
    pen.line((470, 492, 540, 410, 610, 412, 640, 492, 556, 492, 540, 410), fill=(40, 78, 140), width=8)
    pen.line((610, 412, 600, 380, 640, 372), fill=(60, 60, 62), width=7)
    return made


def _dark(mended: bool) -> Image.Image:
    made = _room((206, 202, 190), (150, 148, 142), tile=140)
    pen = ImageDraw.Draw(made)
    for step in range(8):
        top, left = 400 - step * 34, 300 + step * 44
        pen.rectangle((left, top, WIDTH, top + 34), fill=_lit((172, 168, 160), 0.9 - step * 0.05))
        pen.rectangle((left, top, WIDTH, top + 7), fill=(212, 208, 198))
    for step in range(0, 8, 2):
        pen.line((300 + step * 44, 400 - step * 34, 300 + step * 44, 290 - step * 34), fill=(88, 92, 98), width=6)
    pen.line((290, 296, 640, 26), fill=(98, 70, 46), width=12)
    pen.ellipse((120, 40, 210, 84), fill=(255, 250, 226) if mended else (150, 148, 140))
    if mended:
        _blot(made, (255, 248, 218), [(165, 62, 150)], 130, 60)
        return made
    return ImageEnhance.Brightness(ImageEnhance.Color(made).enhance(0.5)).enhance(0.3)


def _board(mended: bool) -> Image.Image:
    made = _room((188, 182, 170), (134, 132, 128), tile=130)
    pen, chance = ImageDraw.Draw(made), Random(3)
    pen.rectangle((130, 50, 670, 390), fill=(92, 70, 52))
    pen.rectangle((146, 66, 654, 374), fill=(206, 196, 168))
    sheets = [(170, 90), (480, 90), (480, 230)] + ([(320, 100)] if mended else [])
    for left, top in sheets:
        new = (left, top) == (320, 100)
        wide, high = (140, 230) if new else (130, 118)
        pen.rectangle((left + 5, top + 6, left + wide + 5, top + high + 6), fill=(150, 140, 116))
        pen.rectangle((left, top, left + wide, top + high), fill=(252, 251, 247) if new else (236, 232, 220))
        pen.rectangle((left + 26, top + 14, left + wide - 26, top + 24), fill=(150, 30, 30) if new else (70, 70, 74))
        for row in range(top + 38, top + high - 12, 12):
            pen.line((left + 14, row, left + wide - 14 - chance.uniform(0, 40), row), fill=(112, 112, 116), width=3)
        if new:
            pen.ellipse((left + wide - 58, top + high - 58, left + wide - 18, top + high - 18), outline=(190, 40, 40), width=4)
    return made


BOARD: Final = "board"
SCENES: Final[Mapping[str, Scene]] = {
    "stain": _stain, "puddle": _puddle, "bins": _bins, "clutter": _clutter, "dark": _dark, BOARD: _board,
}  # fmt: skip
