"""Words under a key: AES-256-GCM over compressed JSON. Whoever throws the key away has thrown away the words."""

from __future__ import annotations

import json
import os
import zlib
from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_QUICK: Final = 1


class WrongKey(ValueError):
    """What was hidden does not open: another key, another place, or altered."""


def new_key() -> bytes:
    """A random key of 256 bits."""
    return os.urandom(KEY_BYTES)


def key_from(secret: str, purpose: bytes) -> bytes:
    """The key for one purpose that follows from a secret which is kept elsewhere; always the same."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose).derive(secret.encode())


def hide(value: Any, key: bytes, place: bytes) -> str:
    """``value`` (as JSON holds it) under the key, as text. ``place`` is where it belongs: it opens nowhere else."""
    # Compressed first: what is hidden cannot be made smaller afterwards, not by the database either.
    packed = zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), _QUICK)
    nonce = os.urandom(_NONCE_BYTES)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, packed, place)).decode()


def show(hidden: str, key: bytes, place: bytes) -> Any:
    """What ``hide`` hid. Raises WrongKey if it was hidden under another key or for another place, or was altered."""
    try:
        raw = b64decode(hidden, validate=True)
        packed = AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], place)
        return json.loads(zlib.decompress(packed))
    except (InvalidTag, BadBase64, ValueError, zlib.error) as error:
        raise WrongKey("found hidden words that do not open, expected those of this key and place; look for what altered them") from error
