"""Which regulations an organisation has adopted, from when, for which unit, with which settings."""
