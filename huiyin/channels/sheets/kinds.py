"""What the rows of a sheet may become: cases, homes, residents or staff. For each: its fields, what headings call them, what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Both = tuple[str, str]
"""A name in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet. ``fields``: our field → its names. ``required``: what every row needs. ``by_key``: fields that are kept by a key and
    written as words. ``constants``: what all rows may have in common. ``moments`` are read as times, ``exact`` are numbers of which no
    digit may be lost. ``shown``: what a page shows of a row. ``also``: what ledgers call a field besides, the likelier first.

    ``page``, ``file``, ``example`` and ``notes`` are those of the template; ``marks`` is the field by which its example is known again.
    """

    key: str
    page: Both
    file: Both
    fields: Mapping[str, Both]
    required: tuple[str, ...]
    by_key: tuple[str, ...]
    constants: tuple[str, ...]
    shown: tuple[str, ...]
    marks: str
    example: Mapping[str, Both]
    notes: tuple[Both, ...]
    also: Mapping[str, str]
    moments: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    wide: frozenset[str] = field(default_factory=frozenset)

    def labels(self, *, chinese: bool) -> Mapping[str, str]:
        """The fields with their names in one language."""
        return {name: called[0 if chinese else 1] for name, called in self.fields.items()}


EXAMPLE_ID: Final = "示例-0001"
"""What stands in the example of a template where its row is known by: such a row is nobody's."""
_UNIT: Final[Both] = ("单位编号", "unit")
_ROOM: Final[Both] = ("房号", "home")
_PHONE: Final[Both] = ("电话", "telephone")
_UNITS: Final = "项目、项目名称、小区、小区名称、楼盘、管理处、单位、项目编号、服务中心、project、estate、unit code"
_ROOMS: Final = "房间号、房间、室号、房屋、门牌、门牌号、楼栋房号、room"
_HEADINGS: Final[Both] = (
    "第一行的列名不要改动，列的顺序可以改，不用的列可以删去。",
    "Leave the names in the first row as they are; columns may be moved, and those not needed deleted.",
)
_NEEDED: Final[Both] = ("必填：{needed}；其余没有的可以空着。", "Needed: {needed}; leave empty what is not known.")
_GREY: Final[Both] = (
    "灰色的一行是示例，导入时会跳过；请在它下面填写，或将它删去。",
    "The grey row is an example and is left out: write below it, or delete it.",
)

CASES: Final = Kind(
    key="cases",
    page=("工单", "Cases"),
    file=("工单导入模板", "Template for cases"),
    fields={
        "source_id": ("来源编号", "number there"),
        "at": ("受理时间", "received at"),
        "unit": _UNIT,
        "record": ("类型", "kind"),
        "channel": ("渠道", "channel"),
        "category": ("分类", "category"),
        "severity": ("严重程度", "severity"),
        "issue": ("同一问题", "same matter"),
        "title": ("标题", "title"),
        "story": ("内容", "story"),
        "wish": ("诉求", "wish"),
        "household": _ROOM,
        "place": ("地点", "place"),
        "contact_name": ("联系人", "contact"),
        "contact_phone": _PHONE,
        "state": ("状态", "state"),
        "closed_at": ("办结时间", "closed at"),
    },
    required=("source_id", "at", "unit", "record", "channel", "story"),
    by_key=("unit", "record", "channel", "category", "severity", "state"),
    constants=("unit", "record", "channel", "category", "severity"),
    shown=("source_id", "at", "unit", "story"),
    marks="source_id",
    moments=("at", "closed_at"),
    exact=("source_id", "contact_phone"),
    wide=frozenset({"story"}),
    example={
        "source_id": (EXAMPLE_ID, EXAMPLE_ID),
        "at": ("2026-02-13 10:00", "2026-02-13 10:00"),
        "title": ("电梯停运", "Lift out of order"),
        "story": ("3栋电梯停运两天，无人处理", "The lift of building 3 has stood still for two days and nobody came"),
        "household": ("3-2-1501", "3-2-1501"),
        "contact_name": ("王女士", "Ms Wang"),
        "contact_phone": ("13800138000", "13800138000"),
    },
    notes=(
        ("每行一张工单。", "A row is a case."),
        _HEADINGS,
        (
            "来源编号：在原台账中的编号，同一台账的同一编号只导入一次。",
            "Number there: that of the old ledger; the same number of the same ledger is brought in once.",
        ),
        (
            "受理时间、办结时间：写成 2026-02-13 10:00，或使用日期格式的单元格。",
            "Received at, closed at: written as 2026-02-13 10:00, or a cell formatted as a date.",
        ),
        (
            "状态：未办结，或已办结（须填办结时间）；空着时，有办结时间的即为已办结。",
            "State: open, or closed (then with the time of closing); left empty, a case with a time of closing is closed.",
        ),
        _NEEDED,
        _GREY,
    ),
    also={
        "source_id": "编号、工单编号、工单号、单号、投诉编号、投诉单号、受理编号、受理单号、流水号、留言编号、序号、"
        "id、tid、no、case id、caseid、request id",
        "at": "投诉时间、投诉日期、受理日期、接诉时间、接单时间、登记时间、登记日期、来电时间、来访时间、反映时间、留言时间、"
        "创建时间、发生时间、日期、时间、date、time、received、opened、created、created date",
        "unit": _UNITS,
        "record": "工单类型、受理类型、诉求类型、事项类型、记录类型、type",
        "channel": "投诉渠道、受理渠道、来源渠道、投诉方式、受理方式、反映方式、来源、source",
        "category": "投诉分类、投诉类别、问题分类、问题类别、类别、投诉类型、domain",
        "severity": "等级、投诉等级、投诉级别、级别、性质、priority",
        "title": "主题、投诉标题、留言主题、摘要、subject",
        "story": "投诉内容、反映内容、受理内容、问题描述、投诉事项、事由、情况描述、详情、详细内容、留言详情、描述、"
        "content、description、details",
        "wish": "要求、客户诉求、客户要求、业主诉求、demand",
        "household": _ROOMS,
        "place": "位置、地址、发生地点、投诉地点、区域、address、location、district",
        "contact_name": "姓名、投诉人、业主、业主姓名、客户姓名、客户、联系人姓名、来电人、反映人、留言用户、name、customer",
        "contact_phone": "联系电话、手机、手机号、手机号码、联系方式、来电号码、业主电话、phone、mobile",
        "state": "办理状态、处理状态、工单状态、是否办结、是否完成、status",
        "closed_at": "办结日期、完成时间、完成日期、关闭时间、结案时间、结案日期、处理完成时间、答复时间、回复时间、closed、closed date",
    },
)
HOMES: Final = Kind(
    key="homes",
    page=("房屋", "Homes"),
    file=("房屋导入模板", "Template for homes"),
    fields={"unit": _UNIT, "household": _ROOM, "area": ("面积", "area m²")},
    required=("unit", "household"),
    by_key=("unit",),
    constants=("unit",),
    shown=("unit", "household", "area"),
    marks="household",
    example={"household": (EXAMPLE_ID, EXAMPLE_ID), "area": ("89.10", "89.10")},
    notes=(
        ("每行一户。房号写成 3-2-1501 或 3栋2单元1501室。", "A row is a home. Write the room as 3-2-1501."),
        _HEADINGS,
        (
            "已有的房屋不会重复添加；面积不同的，以本表为准更新。",
            "A home that is there is not added again; where the area differs, that of the sheet is kept.",
        ),
        _NEEDED,
        _GREY,
    ),
    also={
        "unit": _UNITS,
        "household": _ROOMS,
        "area": "面积（平方米）、建筑面积、建筑面积（平方米）、房屋面积、套内面积、面积㎡、建筑面积㎡、area、floor area",
    },
)
RESIDENTS: Final = Kind(
    key="residents",
    page=("名册", "Directory"),
    file=("名册导入模板", "Template for the directory"),
    fields={
        "unit": _UNIT,
        "household": _ROOM,
        "name": ("姓名", "name"),
        "title": ("称呼", "title"),
        "living": ("身份", "lives as"),
        "phone": _PHONE,
    },
    required=("unit", "household", "name", "living"),
    by_key=("unit", "living", "title"),
    constants=("unit", "living"),
    shown=("unit", "household", "name", "phone"),
    marks="name",
    exact=("phone",),
    example={"household": ("3-2-1501", "3-2-1501"), "name": (EXAMPLE_ID, EXAMPLE_ID), "phone": ("13800138000", "13800138000")},
    notes=(
        (
            "每行一人一房；一人有几套房的写几行。房屋须已登记。",
            "A row is a person in a home, which must be listed; several homes, several rows.",
        ),
        _HEADINGS,
        (
            "同一房屋的同名人员，或姓名和电话都相同的人员，视为同一人：补充电话和住处，不会重复添加。",
            "Who has the same name in the same home, or the same name and telephone, is the same person: numbers and homes are added.",
        ),
        ("电话：几个号码用顿号分开。", "Telephone: several numbers with a semicolon between."),
        _NEEDED,
        _GREY,
    ),
    also={
        "unit": _UNITS,
        "household": _ROOMS,
        "name": "业主姓名、住户姓名、业主、住户、客户姓名、产权人、owner、resident",
        "title": "性别、先生/女士、sex、gender",
        "living": "住户类型、住户身份、类型、人员类型、客户类型、关系、kind、type",
        "phone": "联系电话、手机、手机号、手机号码、联系方式、业主电话、phone、mobile",
    },
)
STAFF: Final = Kind(
    key="staff",
    page=("人员", "Staff"),
    file=("人员导入模板", "Template for staff"),
    fields={
        "login": ("账号", "login"),
        "name": ("姓名", "name"),
        "name_en": ("英文名", "name in English"),
        "phone": _PHONE,
        "unit": _UNIT,
        "role": ("岗位", "post"),
    },
    required=("login", "name"),
    by_key=("unit", "role"),
    constants=("unit", "role"),
    shown=("login", "name", "unit", "role"),
    marks="login",
    exact=("phone",),
    example={"login": (EXAMPLE_ID, EXAMPLE_ID), "name": ("王小明", "Wang Xiaoming"), "phone": ("025-86540000", "025-86540000")},
    notes=(
        ("每行一人一岗；一人有几个岗位的写几行。", "A row is a person in a post; several posts, several rows."),
        _HEADINGS,
        ("账号：2至64个英文字母、数字或 . _ @ -，定下后不能更改。", "Login: 2 to 64 Latin letters, digits or . _ @ -; it stays."),
        (
            "已有的账号不会重复添加：更新姓名和电话，增加所写的岗位。新账号的一次性密码在导入结果页生成。",
            "A login that is there is not added again: names and telephone are kept as written, the post is added. "
            "Passwords for the first login of new ones are made on the page of the result.",
        ),
        _NEEDED,
        _GREY,
    ),
    also={
        "login": "登录名、用户名、工号、员工编号、user、username、account",
        "name": "员工姓名、人员姓名、full name",
        "name_en": "英文姓名、english name",
        "phone": "办公电话、联系电话、手机、手机号、手机号码、phone、mobile",
        "unit": _UNITS + "、部门、所属单位、department",
        "role": "职务、职位、岗位名称、role、position",
    },
)
KINDS: Final[Mapping[str, Kind]] = {one.key: one for one in (CASES, HOMES, RESIDENTS, STAFF)}
ALL_FIELDS: Final[Mapping[str, Both]] = {name: called for kind in (STAFF, RESIDENTS, HOMES, CASES) for name, called in kind.fields.items()}
"""Every field of any kind with its names."""
