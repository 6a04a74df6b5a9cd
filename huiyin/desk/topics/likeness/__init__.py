"""How alike two messages are, and which of them belong together."""
