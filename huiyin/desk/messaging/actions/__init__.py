"""Every write about messages: put in the outbox, sent, read; and the ways by which they leave."""

from huiyin.desk.messaging.actions.channels import (
    Channel,
    Field,
    Outcome,
    Parcel,
    Refused,
    Saying,
    Sender,
    Sent,
    TryAgain,
    configured_channels,
)
from huiyin.desk.messaging.actions.outbox import close_outbox, open_outbox, try_again, try_all_again
from huiyin.desk.messaging.actions.putting import TABLE, copies_of, forget_params, put, put_now, put_to_customer, row_of, take_back
from huiyin.desk.messaging.actions.reading import read, read_all
from huiyin.desk.messaging.actions.sending import FIRST_PAUSE, LEASE, MOST_ATTEMPTS, pause_after, send_due
from huiyin.desk.messaging.actions.ways import set_way, settings_of, switch_way, try_way, ways_of, ways_on

__all__ = [
    "FIRST_PAUSE",
    "LEASE",
    "MOST_ATTEMPTS",
    "TABLE",
    "Channel",
    "Field",
    "Outcome",
    "Parcel",
    "Refused",
    "Saying",
    "Sender",
    "Sent",
    "TryAgain",
    "close_outbox",
    "configured_channels",
    "copies_of",
    "forget_params",
    "open_outbox",
    "pause_after",
    "put",
    "put_now",
    "put_to_customer",
    "read",
    "read_all",
    "row_of",
    "send_due",
    "set_way",
    "settings_of",
    "switch_way",
    "take_back",
    "try_again",
    "try_all_again",
    "try_way",
    "ways_of",
    "ways_on",
]
