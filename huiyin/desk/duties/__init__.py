"""The daily acts and the calendar of what is owed when; the duties themselves are clocks."""
