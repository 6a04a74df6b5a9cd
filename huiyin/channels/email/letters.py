"""How a mail is written: to one person, no word of others, in a way that no answering machine answers."""

from __future__ import annotations

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from huiyin.core.moments import in_shanghai
from huiyin.desk.messaging.actions import Parcel
from huiyin.plumbing.text import cut_text

_MOST_SUBJECT: Final = 120
_WORDS: Final = {
    "zh": ("{count}条新消息：{first}", "打开：{site}", "此邮件由系统自动发出，请勿回复。在系统“消息”页可以选择哪些消息发邮件。"),
    "en": (
        "{count} new messages: {first}",
        "Open: {site}",
        "This mail was sent by a program; answers are not read. Choose on the page “Messages” which messages are mailed to you.",
    ),
}


def letter(parcel: Parcel) -> EmailMessage:
    """The mail of a parcel. Its Message-ID is the same at every try, so that a mailbox can drop the second of two."""
    chosen = parcel.settings
    sender = chosen["from_address"]
    several, opened, foot = _WORDS["zh" if parcel.language.startswith("zh") else "en"]
    first = parcel.sayings[0].title
    subject = first if len(parcel.sayings) == 1 else several.format(count=len(parcel.sayings), first=first)
    made = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    made["From"] = Address(display_name=_line(chosen.get("from_name") or parcel.house), addr_spec=sender)
    made["To"] = Address(addr_spec=parcel.address)
    made["Subject"] = cut_text(_line(f"[{parcel.house}] {subject}" if parcel.house else subject), _MOST_SUBJECT)
    made["Date"] = format_datetime(in_shanghai(parcel.at))
    made["Message-ID"] = f"<{hashlib.sha256(parcel.key.encode()).hexdigest()[:40]}@{sender.rpartition('@')[2]}>"
    if reply := chosen.get("reply_to"):
        made["Reply-To"] = Address(addr_spec=reply)
    # RFC 3834, and what Exchange and list programs look at: nobody's absence answers this.
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    parts = [f"{one.title}\n{one.body}".strip() for one in parcel.sayings]
    site = opened.format(site=chosen["site"]) if chosen.get("site") else ""
    made.set_content("\n\n".join([*parts, *filter(None, [site]), "--\n" + foot]) + "\n", cte="base64")
    return made


def _line(text: str) -> str:
    """The text on one line, so that no header can be added through it (S24)."""
    shown = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    # What looks like an encoded word would be decoded, with whatever stands in it.
    return shown.replace("=?", "= ?")
