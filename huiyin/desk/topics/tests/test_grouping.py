"""Which messages are put together, which are not, and when a topic becomes an alert."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.desk.topics.likeness.comparing import Message
from huiyin.desk.topics.likeness.grouping import Settings, Stream
from huiyin.desk.topics.likeness.terms import places, terms

BEGAN = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)
OTHERS = (
    "小区门口路灯不亮，晚上很黑", "保洁没有清理楼道垃圾", "快递柜占用消防通道", "宽带安装师傅没有来", "物业费收据何时开",
    "门禁卡刷不开单元门", "绿化带的草没有修剪", "地库有车占用我的车位", "邻居装修噪音太大", "健身器材坏了没人修",
    "水表读数不对", "燃气有异味请来检查", "楼顶漏水渗到卧室", "楼上往下扔烟头", "自行车棚没有充电插座",
    "儿童滑梯有尖角", "流浪狗追小孩", "外墙瓷砖掉落", "信箱被撬", "公告栏玻璃碎了",
)  # fmt: skip


def _stream(**settings: int) -> Stream:
    made = Stream(Settings(**settings))
    for day, story in enumerate(OTHERS):
        made.take(Message(f"o{day}", BEGAN + timedelta(hours=day), f"other{day}", story, story))
    return made


def _say(key: str, story: str, *, day: int = 2, person: str = "", place: str = "", issue: str = "") -> Message:
    return Message(key, BEGAN + timedelta(days=day), person or key, story, story, place, issue)


def test_complaints_of_one_matter_join_and_others_begin_their_own() -> None:
    stream = _stream()
    first = stream.take(_say("a", "翠湖路夜宵摊油烟扰民，每天到凌晨"))
    second = stream.take(_say("b", "翠湖路的夜宵摊油烟直排，影响休息"))
    third = stream.take(_say("c", "电梯停运三小时没有人来修"))
    assert second.topic is first.topic and third.topic is not first.topic
    assert [one.key for one in first.topic.messages] == ["a", "b"]
    assert [one.number for one, _score in stream.likest(_say("d", "翠湖路夜宵摊又在排油烟"))] == [first.topic.number]


def test_like_words_about_another_place_are_another_matter() -> None:
    stream = _stream()
    here = stream.take(_say("a", "魅力之城小区底层餐馆油烟扰民，营业到凌晨"))
    there = stream.take(_say("b", "森宇家园底层餐馆油烟扰民，营业到凌晨"))
    assert here.topic is not there.topic


def test_an_alert_needs_distinct_persons_within_the_days() -> None:
    stream = _stream(persons=3, days=30)
    story = "翠湖路夜宵摊油烟扰民，每天到凌晨"
    stream.take(_say("a", story, day=2, person="甲"))
    stream.take(_say("b", story, day=3, person="甲"))
    assert not stream.take(_say("c", story, day=4, person="乙")).alerted
    late = stream.take(_say("d", story, day=40, person="丙"))
    assert late.topic.persons == {"甲", "乙", "丙"} and late.topic.alert_at is None
    assert not stream.take(_say("e", story, day=41, person="甲")).alerted
    hot = stream.take(_say("f", story, day=42, person="丁"))
    assert hot.alerted and hot.topic.alert_at == BEGAN + timedelta(days=42)
    assert not stream.take(_say("g", story, day=43, person="戊")).alerted


def test_what_people_parted_stays_apart_and_what_they_put_together_stays_together() -> None:
    story = "翠湖路夜宵摊油烟扰民，每天到凌晨"
    apart = Stream(apart={"b": frozenset({"a"}), "a": frozenset({"b"})})
    one, other = apart.take(_say("a", story)), apart.take(_say("b", story))
    assert one.topic is not other.topic and len(apart.topics) == 2
    stream = _stream()
    smoke = stream.take(_say("c", story, issue="夜宵摊"))
    assert stream.take(_say("d", "楼下吵得睡不着", issue="夜宵摊")).topic is smoke.topic
    assert stream.take(_say("e", story, issue="另一件事")).topic is not smoke.topic


def test_a_message_is_taken_once() -> None:
    stream = _stream()
    stream.take(_say("a", "电梯停运"))
    with pytest.raises(ValueError, match="found the message 'a' again"):
        stream.take(_say("a", "电梯停运"))


def test_terms_keep_names_with_numbers_whole() -> None:
    assert {"万境k9", "k9县"} <= terms("万境K9县") and "5" not in terms("5栋")
    assert places("A5区劳动东路魅力之城小区") >= {"动东路", "魅力之"}


def test_a_turn_of_speech_in_titles_is_no_core_of_a_topic() -> None:
    stream = _stream()
    told = (
        ("更换走得太快的水表", "单子上多了几十吨"),
        ("续签地库车位的合同", "月租上周已经到期"),
        ("退还敲墙时交的押金", "收据还在我这里"),
    )
    for key, (about, text) in enumerate(told):
        stream.take(Message(f"t{key}", BEGAN + timedelta(days=key), f"p{key}", f"请加快{about}", text, issue="催办"))
    asked = Message(
        "u", BEGAN + timedelta(days=5), "u", "请加快引进另一家宽带运营商，让老人也能选便宜的套餐", "想换一家的网络，机房钥匙归谁管"
    )
    assert stream.topic_of("t0") is stream.topic_of("t2")
    assert stream.take(asked).topic.messages == [asked]
