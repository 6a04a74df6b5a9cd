"""What the environment says is taken within bounds, or stops the start."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from huiyin.config.environment import number


def test_a_number_outside_its_bounds_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert number("HUIYIN_FILE_MB", 20, least=1, most=60) == 20
    monkeypatch.setenv("HUIYIN_FILE_MB", "5")
    assert number("HUIYIN_FILE_MB", 20, least=1, most=60) == 5
    for wrong in ("0", "61", "-1", "20 MB", "٣"):
        monkeypatch.setenv("HUIYIN_FILE_MB", wrong)
        with pytest.raises(ImproperlyConfigured, match="from 1 to 60"):
            number("HUIYIN_FILE_MB", 20, least=1, most=60)
