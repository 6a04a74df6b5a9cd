"""Messages to staff and residents: what waits, what left, what was read."""
