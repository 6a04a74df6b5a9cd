"""What we remember and do: one Django app per room."""
