"""Hidden words open with their key at their place, and nowhere else."""

from base64 import b64decode, b64encode

import pytest

from huiyin.plumbing.cipher import WrongKey, hide, new_key, show

VALUE = {"句": "请回电", "数": [1, None, True], "长": "漏水" * 2000}


def test_what_was_hidden_comes_back_and_nothing_of_it_shows() -> None:
    key = new_key()
    hidden = hide(VALUE, key, b"here")
    assert show(hidden, key, b"here") == VALUE
    assert "请回电".encode() not in b64decode(hidden) and len(hidden) < 400


def test_it_opens_with_no_other_key_at_no_other_place_and_not_when_altered() -> None:
    key = new_key()
    hidden = hide(VALUE, key, b"here")
    raw = bytearray(b64decode(hidden))
    raw[-1] ^= 1
    for text, with_key, place in (
        (hidden, new_key(), b"here"),
        (hidden, key, b"there"),
        (b64encode(raw).decode(), key, b"here"),
        ("no base64!", key, b"here"),
        ("", key, b"here"),
    ):
        with pytest.raises(WrongKey):
            show(text, with_key, place)
