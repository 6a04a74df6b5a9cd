"""A picture is drawn anew: nothing but its colours stays, and nothing that is wrong with it reaches us."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image

from huiyin.plumbing.files import JPEG, PNG, BadFile, read_picture
from huiyin.plumbing.files.tests.samples import HTML, MAKER, PDF, PLACE, frames, giant, jpeg, picture

MOST = 5_000_000


def drawn(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_place_maker_and_tail_are_gone_also_in_the_small_one() -> None:
    sent = jpeg((400, 300), exif=PLACE) + HTML
    assert sent.count(MAKER) == 3 and drawn(sent).getexif().get_ifd(0x8825)
    made = read_picture(sent, most_bytes=MOST)
    assert (made.kind, made.width, made.height) == (JPEG, 400, 300)
    for data in (made.data, made.small):
        assert not any(one in data for one in (MAKER, b"Exif", b"xmpmeta", b"<script", b"ICC_PROFILE"))
        assert dict(drawn(data).getexif()) == {}


@pytest.mark.parametrize(("turn", "corner"), [(1, (0, 0)), (3, (-1, -1)), (6, (-1, 0)), (8, (0, -1))])
def test_it_stands_as_the_camera_was_held(turn: int, corner: tuple[int, int]) -> None:
    made = drawn(read_picture(jpeg((80, 60), turn=turn), most_bytes=MOST).data)
    assert made.size == ((60, 80) if turn in (6, 8) else (80, 60))
    at = tuple(2 if side == 0 else size - 3 for side, size in zip(corner, made.size, strict=True))
    found = made.getpixel((at[0], at[1]))
    assert isinstance(found, tuple) and found[0] > 200 and found[2] < 60


def test_its_long_side_is_at_most_1600_points() -> None:
    made = read_picture(jpeg((3203, 1000)), most_bytes=MOST)
    assert (made.width, made.height) == (1600, 499) and max(drawn(made.small).size) == 320
    high = read_picture(picture("RGBA", (700, 4001)), most_bytes=MOST)
    assert (high.width, high.height) == (280, 1600)


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 10_000), (8_001, 5_000)])
def test_above_forty_million_points_its_head_is_enough_to_refuse_it(size: tuple[int, int]) -> None:
    with pytest.raises(BadFile, match="40 million") as refused:
        read_picture(giant(*size), most_bytes=MOST)
    assert refused.value.code == "invalid"


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (frames(3000), PNG), (frames(40, "PNG"), PNG), (frames(4, "WEBP"), JPEG), (picture("I;16"), PNG), (picture("1"), PNG),
        (picture("P"), PNG), (picture("LA"), PNG), (picture("RGBA", kind="WEBP"), PNG), (picture("CMYK", kind="JPEG"), JPEG),
        (picture("L", kind="JPEG"), JPEG),
    ],
)  # fmt: skip
def test_whatever_its_colours_and_frames_are_one_still_picture_comes_out(sent: bytes, kind: str) -> None:
    made = read_picture(sent, most_bytes=MOST)
    assert made.kind == kind and getattr(drawn(made.data), "n_frames", 1) == 1 and len(made.data) < 5000


def _noise(mode: str) -> bytes:
    """What a camera takes, saved as PNG: no two points alike."""
    made = Image.merge("RGB", [Image.effect_noise((400, 300), 8) for _ in range(3)]).convert(mode)
    file = io.BytesIO()
    made.save(file, "PNG")
    return file.getvalue()


def test_a_photo_that_was_saved_as_png_becomes_a_jpeg_unless_one_sees_through_it() -> None:
    for mode in ("RGB", "RGBA"):
        made = read_picture(_noise(mode), most_bytes=MOST)
        assert made.kind == JPEG and made.data.startswith(b"\xff\xd8\xff"), mode
    through = drawn(_noise("RGBA"))
    through.putalpha(100)
    file = io.BytesIO()
    through.save(file, "PNG")
    assert read_picture(file.getvalue(), most_bytes=MOST).kind == PNG


def test_of_webp_fewer_points_are_taken_because_its_decoder_holds_them_several_times() -> None:
    with pytest.raises(BadFile, match="4001×4000 points, expected at most 16 million") as refused:
        read_picture(picture("RGB", (4001, 4000), "WEBP"), most_bytes=MOST)
    assert "1600 万像素" in refused.value.zh


def test_grey_of_sixteen_bits_stays_grey() -> None:
    file = io.BytesIO()
    Image.new("I;16", (40, 30), 40_000).save(file, "PNG")
    assert drawn(read_picture(file.getvalue(), most_bytes=MOST).data).getpixel((3, 3)) == 156


@pytest.mark.parametrize(
    "sent",
    [
        jpeg((300, 300))[:900],
        picture(size=(300, 300))[:-30],
        b"\xff\xd8\xff" + bytes(4000),
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        b"GIF89a/*" + b"*/=1;alert(1)//",
        b"RIFF\x20\0\0\0WEBPVP8 " + bytes(60),
        giant(100, 100),
    ],
)
def test_a_broken_picture_is_invalid_and_no_fault(sent: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        read_picture(sent, most_bytes=MOST)
    assert refused.value.code == "invalid"


def test_a_profile_that_unpacks_to_a_hundred_megabytes_is_refused() -> None:
    chunk = b"iCCP" + b"x\0\0" + zlib.compress(bytes(100_000_000), 9)
    sent = picture()
    profile = (len(chunk) - 4).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    bomb = sent[:33] + profile + sent[33:]
    with pytest.raises(BadFile) as refused:
        read_picture(bomb, most_bytes=MOST)
    assert refused.value.code == "invalid"


def test_what_is_too_large_or_no_picture_is_told_as_that() -> None:
    with pytest.raises(BadFile) as large:
        read_picture(jpeg(), most_bytes=100)
    with pytest.raises(BadFile) as strange:
        read_picture(PDF, most_bytes=MOST)
    assert (large.value.code, strange.value.code) == ("too_large", "wrong_type")
