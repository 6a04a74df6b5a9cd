"""Text from outside: refused, kept, shown and found as promised for the bad inputs B028 to B045."""

import pytest

from huiyin.plumbing.text import (
    BadText,
    clean_optional_text,
    clean_text,
    count_graphemes,
    cut_text,
    plain_digits,
    search_tokens,
    show_text,
)

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize("value", ["", "  ", "\u200b", "\u2060\ufeff", "\u3164", "\u3000", "\n\t", "\u0301"])
def test_a_text_with_nothing_to_see_is_empty(value: str) -> None:
    with pytest.raises(BadText, match="nothing to see"):
        clean_text(value, most=200, field="标题")
    assert clean_optional_text(value, most=200, field="标题") == ""


@pytest.mark.parametrize("char", ["\x00", "\x1f", "\x85", "\ud800", "\uffff", "\ue000", "\U0010ffff", "\u0378"])
def test_code_points_that_mean_nothing_are_refused_by_number(char: str) -> None:
    with pytest.raises(BadText, match=f"U\\+{ord(char):04X}"):
        clean_text(f"电梯{char}", most=200, field="标题")


@pytest.mark.parametrize(
    "value",
    [
        "𠮷㛃𬭛",
        "电梯停运，已3天",
        "ئۇيغۇرچە",
        "བོད་སྐད་",
        "ᠮᠣᠩᠭᠣᠯ",
        "한국어",
        "=HYPERLINK(1)",
        "<img src=x onerror=1>",
        "\u202eabc",
        " 前后有空格 ",
        "🫨",
    ],
)
def test_what_people_really_write_is_kept_as_sent(value: str) -> None:
    assert clean_text(value, most=200, field="内容") == value


def test_length_is_counted_as_a_reader_counts() -> None:
    assert count_graphemes(FAMILY) == 1
    assert clean_text(FAMILY * 50, most=50, field="内容") == FAMILY * 50
    with pytest.raises(BadText, match="50 at most"):
        clean_text(FAMILY * 51, most=50, field="内容")
    assert cut_text("电梯又停了", 3) == "电梯…"
    assert cut_text("电梯", 2) == "电梯"


def test_marks_may_be_piled_up_to_eight_on_a_letter() -> None:
    assert clean_text("a" + "\u0301" * 8, most=9, field="内容")
    with pytest.raises(BadText, match="more than 8 marks"):
        clean_text("a" + "\u0301" * 9, most=99, field="内容")


def test_two_ways_of_writing_a_letter_are_one_and_line_ends_too() -> None:
    assert clean_text("cafe\u0301\r\nb\rc", most=20, field="内容") == "caf\u00e9\nb\nc"


def test_controls_of_direction_are_shown_as_words_and_hidden_tags_go() -> None:
    assert show_text("invoice\u202egpj.exe") == "invoice⟦RLO⟧gpj.exe"
    assert show_text("好\U000e0041\U000e007f的") == "好的"


def test_chinese_is_found_by_every_pair_and_single_character_and_the_rest_by_words() -> None:
    tokens = search_tokens("3栋电梯停运 WiFi坏了")
    assert {"电梯", "梯停", "停运", "电", "3", "wifi", "坏了"} <= set(tokens)
    assert "运坏" not in tokens


@pytest.mark.parametrize(("one", "other"), [("㊥", "中"), ("⼈", "人"), ("Ａ１", "a1"), ("é", "e\u0301")])
def test_forms_of_one_character_are_found_by_each_other(one: str, other: str) -> None:
    assert search_tokens(one) == search_tokens(other)


def test_full_width_digits_become_plain_and_other_scripts_stay() -> None:
    assert plain_digits("１３８＋\u3000١٢") == "138+ ١٢"
