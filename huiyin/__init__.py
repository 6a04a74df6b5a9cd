"""Huiyin 回音 runs the written rules of an organisation and shows the clause behind every date and point."""

__version__ = "0.1.0"
