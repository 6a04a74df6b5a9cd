"""The calendar of duties: what will open, who is reminded, what an act of a period counts, and the feeds for people's own calendars."""
