"""A PostgreSQL of our own: binaries from a wheel or the system, run as our child, without a network port.

`open_database(folder)` gives an address to connect to, whoever serves it; `backup` and `restore` cross versions.
"""

from huiyin.plumbing.postgres.binaries import Binaries, BinariesMissing, find_binaries
from huiyin.plumbing.postgres.dumps import DumpFailed, backup, restore
from huiyin.plumbing.postgres.folders import data_folder, house_id, local_address, socket_folder
from huiyin.plumbing.postgres.open import ADDRESS_VARIABLE, Database, database_address, open_database
from huiyin.plumbing.postgres.server import Server, ServerFailed

__all__ = [
    "ADDRESS_VARIABLE",
    "Binaries",
    "BinariesMissing",
    "Database",
    "DumpFailed",
    "Server",
    "ServerFailed",
    "backup",
    "data_folder",
    "database_address",
    "find_binaries",
    "house_id",
    "local_address",
    "open_database",
    "restore",
    "socket_folder",
]
