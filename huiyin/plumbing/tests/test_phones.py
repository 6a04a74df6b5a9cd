"""Telephone numbers as people write them: the bad inputs B050 to B061."""

import pytest

from huiyin.plumbing.names import mask_name
from huiyin.plumbing.phones import BadPhone, Phone, hide_phones_in, mask_phone, read_phones

ZHANG = Phone("+8613800138000", can_sms=True)


@pytest.mark.parametrize(
    "text",
    [
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "0086138 00138000",
        "１３８００１３８０００",
        "13800138000.0",
    ],
)
def test_one_mobile_in_many_clothes_is_one_number(text: str) -> None:
    assert read_phones(text) == (ZHANG,)


@pytest.mark.parametrize("text", ["1380013800", "138001380001", "23800138000", "abc", "١٣٨٠٠١٣٨٠٠٠", "13800"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadPhone, match="no telephone number"):
        read_phones(text)


def test_digits_lost_in_a_spreadsheet_and_masked_numbers_are_refused_with_the_reason() -> None:
    with pytest.raises(BadPhone, match="digits are lost"):
        read_phones("1.38E+10")
    with pytest.raises(BadPhone, match="hides part of it"):
        read_phones("138****8000")


@pytest.mark.parametrize(
    ("text", "number", "extension"),
    [
        ("021-61234567转801", "+862161234567", "801"),
        ("(010) 61234567", "+861061234567", ""),
        ("+86 21 6123 4567", "+862161234567", ""),
        ("0571-88123456", "+8657188123456", ""),
        ("400-820-8888", "4008208888", ""),
        ("95588", "95588", ""),
        ("12345", "12345", ""),
        ("110", "110", ""),
        ("1064912345678", "+861064912345678", ""),
        ("+852 5123 4567", "+85251234567", ""),
    ],
)
def test_other_numbers_are_taken_and_get_no_message(text: str, number: str, extension: str) -> None:
    assert read_phones(text) == (Phone(number, extension),)


@pytest.mark.parametrize("prefix", ["170", "171", "162", "165", "192", "199"])
def test_newer_ranges_of_mobiles_take_messages(prefix: str) -> None:
    assert read_phones(f"{prefix}00138000")[0].can_sms


@pytest.mark.parametrize("text", ["", " ", "无", "匿名", "不愿透露", "00000000000", "11111111111", "N/A"])
def test_no_number_given_is_no_number_and_no_error(text: str) -> None:
    assert read_phones(text) == ()


@pytest.mark.parametrize("text", ["13800138000/13900139000", "13800138000、13900139000", "13800138000\n139 0013 9000"])
def test_two_numbers_in_one_field_are_two(text: str) -> None:
    assert [phone.number for phone in read_phones(text)] == ["+8613800138000", "+8613900139000"]


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("+8613800138000", "138****8000"),
        ("+862161234567", "216*****67"),
        ("61234567", "61****67"),
        ("+85251234567", "+852******67"),
        ("123456", "******"),
        ("12345", "12345"),
    ],
)
def test_masks_hide_the_middle_by_the_rule_of_the_kind(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


@pytest.mark.parametrize("written", ["13800138000", "138 0013 8000", "１３８００１３８０００", "一三八零零一三八零零零", "+8613800138000"])
def test_a_number_in_the_story_is_hidden(written: str) -> None:
    assert hide_phones_in(f"请打{written}找我，3栋电梯") == "请打138****8000找我，3栋电梯"


def test_landlines_and_identity_numbers_are_hidden_and_other_numbers_stay() -> None:
    assert hide_phones_in("座机021-61234567") == "座机021******67"
    assert hide_phones_in("身份证11010119900307765X") == "身份证110*************5X"
    assert hide_phones_in("工单202602130001，12345热线") == "工单202602130001，12345热线"


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王", "王*"),
        ("王芳", "王*"),
        ("王小明", "王**"),
        ("欧阳娜娜", "欧阳**"),
        ("阿卜杜热依木·买买提", "阿***"),
        ("", ""),
    ],
)
def test_names_are_masked_after_the_surname(name: str, masked: str) -> None:
    assert mask_name(name) == masked
