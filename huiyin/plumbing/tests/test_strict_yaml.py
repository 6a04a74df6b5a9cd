"""YAML read strictly: scalars stay text, and what surprises people is refused with its line."""

import pytest

from huiyin.plumbing.strict_yaml import BadYaml, parse_yaml


def read(text: str) -> object:
    return parse_yaml(text.encode(), "sheet.yaml").value


def test_scalars_stay_what_was_written() -> None:
    assert read("{at: 2026-03-23 10:00, no: no, half: 8:30, octal: 012}") == {
        "at": "2026-03-23 10:00",
        "no": "no",
        "half": "8:30",
        "octal": "012",
    }
    assert read("a: ~\nb:\nc: ''\nd: >\n  one\n  two\n") == {"a": None, "b": None, "c": "", "d": "one two\n"}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "it stands already on line 1"),
        ("a: &x 1\nb: *x\n", 1, "anchor or alias"),
        ("a:\n  b: !!int 3\n", 2, "the tag"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a:\n\t- b\n", 2, "indent with spaces"),
        ("a: 1\nb: x\u2028y\n", 2, "U+2028"),
        ("a: [1, 2\nb: 3\n", 2, "expected"),
        ("a: 1\nb: '\n", 3, "end of stream"),
        ("[" * 30 + "]" * 30, 1, "levels"),
    ],
)
def test_what_surprises_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(BadYaml) as caught:
        read(text)
    assert said in caught.value.what and caught.value.line == line, str(caught.value)
