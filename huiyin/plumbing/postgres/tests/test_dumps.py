"""A backup that a newer PostgreSQL wrote is read by an older one."""

from __future__ import annotations

import io

from huiyin.plumbing.postgres.dumps import _preamble

_HEAD = b"""--
-- PostgreSQL database dump
--

\\restrict abc
SET statement_timeout = 0;
SET transaction_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
SET row_security = off;

CREATE TABLE public.one (said text);
"""
_REST = b"SET transaction_timeout = 0;\n"


def test_settings_that_the_server_does_not_know_are_left_out_and_nothing_after_the_first_object_is_touched() -> None:
    whole = io.BytesIO(_HEAD + _REST)
    head = b"".join(_preamble(whole, {"statement_timeout", "row_security"}))
    assert head == _HEAD.replace(b"SET transaction_timeout = 0;\n", b"")
    assert whole.read() == _REST
