"""Things with a past of their own, units, and the acts that the regulations ask people to record."""
