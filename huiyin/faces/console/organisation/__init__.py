"""The administrator's rooms: people and their posts, units, homes and residents, keys for programs; and one's own password."""
