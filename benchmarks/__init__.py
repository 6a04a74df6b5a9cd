"""Measurements side by side, each with a limit that a person judges. Nothing here is a timed test."""
