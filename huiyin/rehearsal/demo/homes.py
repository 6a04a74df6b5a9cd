"""The demonstration's homes and the people who live in them: invented names, and numbers from a range that nobody has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

from huiyin.desk.journal.actions import By
from huiyin.desk.people import actions as people
from huiyin.desk.people.models import Resident
from huiyin.desk.places import actions as places
from huiyin.desk.places.models import Household, Unit
from huiyin.rehearsal.demo.organisation import House

_FOUNDER = By("admin")
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_FIRST = "子雨思佳梓欣一浩宇俊明建国志文晓美丽春秋静雅若安宁永世德玉海云天成立新红卫少启承嘉景心慧淑秀桂金"
_SECOND = "轩涵怡彤萱妍辰泽凯杰鹏飞军平华兰芳英霞敏燕琴娟强勇涛斌波辉岭刚林生根宝珍香梅菊莲凤龙虎亮伟洋洁"
_WOMEN = frozenset("涵怡彤萱妍兰芳英霞敏燕琴娟珍香梅菊莲凤洁")
_AREAS = ("58.60", "72.35", "89.10", "96.84", "108.52", "126.70", "143.20")
_RENTER_PERCENT, _SECOND_PERSON_PERCENT = 18, 22


@dataclass(frozen=True, slots=True)
class Home:
    """A home with the person who writes to us from it."""

    household: Household
    resident: Resident
    phone: str


def settle(house: House, at: datetime, random: Random) -> Mapping[str, list[Home]]:
    """Add the homes of every unit that has any, and people in them; returns the homes by the unit's code."""
    numbers = _numbers(int(house.told.get("first_number", "0")))
    told = {one["code"]: one for one in house.told["units"]}
    living = [unit for unit in house.units.values() if "per_floor" in told[unit.code]]
    return {unit.code: _settle_project(unit, told[unit.code], at, random, numbers) for unit in living}


def _settle_project(unit: Unit, told: Mapping[str, Any], at: datetime, random: Random, numbers: Iterator[str]) -> list[Home]:
    rooms = [(room, Decimal(random.choice(_AREAS))) for room in _rooms(told)]
    made = places.add_households(unit, rooms, by=_FOUNDER, at=at)
    places.count_households(unit, len(made), by=_FOUNDER, at=at)
    living = [(home, person) for home in made for person in _people(home, random, numbers)]
    residents = people.settle_residents(unit.organisation_id, [one for _, one in living], by=_FOUNDER, at=at)
    homes: dict[Any, Home] = {}
    for (home, person), resident in zip(living, residents, strict=True):
        homes.setdefault(home.pk, Home(home, resident, person.phone))
    return list(homes.values())


def _rooms(told: Mapping[str, Any]) -> Iterator[str]:
    buildings, entrances, floors, doors = (int(told[name]) for name in ("buildings", "entrances", "floors", "per_floor"))
    for building in range(1, buildings + 1):
        for entrance in range(1, entrances + 1):
            for floor in range(1, floors + 1):
                yield from (f"{building}-{entrance}-{floor}{door:02d}" for door in range(1, doors + 1))


def _people(home: Household, random: Random, numbers: Iterator[str]) -> Iterator[people.NewResident]:
    kind = "renter" if random.randrange(100) < _RENTER_PERCENT else "owner"
    yield _person(home, kind, random, next(numbers))
    if random.randrange(100) < _SECOND_PERSON_PERCENT:
        yield _person(home, "family", random, next(numbers))


def _person(home: Household, kind: str, random: Random, phone: str) -> people.NewResident:
    last = random.choice(_SECOND)
    name = random.choice(_SURNAMES) + (random.choice(_FIRST) if random.random() < 0.75 else "") + last
    return people.NewResident(name, "女士" if last in _WOMEN else "先生", phone, home, kind)


def _numbers(number: int) -> Iterator[str]:
    """Mobile numbers from 199 0000 0001 on (``number`` are taken): those with four noughts after the prefix are not given out."""
    while True:
        number += 1
        yield f"1990000{number:04d}"
