"""The calendar of duties: what will open, who is reminded, and the feeds for people's own calendars."""
