"""Things with a past of their own beside the cases, and the acts that the regulations ask people to record about cases, things and units."""
