"""Things with a past of their own beside the cases, and the acts that people record about cases, things and units."""
