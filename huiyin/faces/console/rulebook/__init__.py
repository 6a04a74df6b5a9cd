"""The regulations as people read them: clauses beside their rules, duties of each level, settings, the calendar of workdays."""
