"""The submission calendar: who owes what when."""
