"""Addresses of the administrator's rooms, and of one's own password."""

from huiyin.faces.console.organisation.channels import URLS as CHANNELS
from huiyin.faces.console.organisation.homes import URLS as HOMES
from huiyin.faces.console.organisation.keys import URLS as KEYS
from huiyin.faces.console.organisation.password import URLS as PASSWORD
from huiyin.faces.console.organisation.qr_points import URLS as QR_POINTS
from huiyin.faces.console.organisation.robots import URLS as ROBOTS
from huiyin.faces.console.organisation.staff import URLS as STAFF
from huiyin.faces.console.organisation.units import URLS as UNITS

URLS = [*PASSWORD, *STAFF, *UNITS, *HOMES, *KEYS, *CHANNELS, *QR_POINTS, *ROBOTS]
