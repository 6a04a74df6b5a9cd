"""Pages about cases: registration, the queue, one case."""
