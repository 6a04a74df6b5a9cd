"""A photo as a telephone makes it, through the started server."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import secrets
from typing import Any

from PIL import Image

from huiyin.plumbing.files.tests.samples import MAKER
from tests.faults.house import House, Seeded


def _ask(
    house: House, seeded: Seeded, method: str, path: str, body: bytes | None = None, kind: str = "application/json"
) -> tuple[int, Any]:
    line = http.client.HTTPConnection("localhost", house.port, timeout=60)
    key = {"Authorization": f"Bearer {seeded.api_key}", "Idempotency-Key": secrets.token_hex(8), "Content-Type": kind}
    line.request(method, f"/api/v1/{path}", body, key)
    answer = line.getresponse()
    said = answer.read()
    line.close()
    return answer.status, json.loads(said) if answer.headers["Content-Type"].endswith("json") else said


def _photo() -> bytes:
    """Some six megabytes of noise with a maker in it."""
    file = io.BytesIO()
    said = Image.Exif()
    said[0x010F] = MAKER.decode()
    Image.effect_noise((4000, 3000), 90).convert("RGB").save(file, "JPEG", quality=80, exif=said)
    return file.getvalue()


def test_a_photo_of_some_megabytes_goes_in_whole_and_comes_out_drawn_anew(house: House, seeded: Seeded) -> None:
    sent = _photo()
    assert len(sent) > 3 * 1024 * 1024 and MAKER in sent
    status, case = _ask(house, seeded, "POST", "handovers", json.dumps({"unit": seeded.unit, "story": "厨房漏水"}).encode())
    assert status == 201, case
    address = f"cases/{case['number']}/attachments"
    status, told = _ask(house, seeded, "POST", f"{address}?name=IMG_0001.jpg", sent, "application/octet-stream")
    assert (status, told["kind"]) == (201, "image/jpeg"), told
    status, back = _ask(house, seeded, "GET", f"{address}/{told['id']}")
    assert status == 200 and hashlib.sha256(back).hexdigest() == told["sha256"] and MAKER not in back
    with Image.open(io.BytesIO(back)) as drawn:
        assert drawn.size == (1600, 1200)
    refused, problem = _ask(house, seeded, "POST", f"{address}?name=x.jpg", bytes(21 * 1024 * 1024), "application/octet-stream")
    assert (refused, problem["code"]) == (413, "too_large")
