"""What happened: facts, the one way in, and what was asked twice."""
