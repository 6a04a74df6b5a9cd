"""Nothing of its own: a duty is a clock of the kind "duty", who was there is a presence of the people's room."""
