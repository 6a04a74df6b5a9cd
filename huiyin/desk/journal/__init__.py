"""What was done, by whom and when: append-only, sealed, provable."""
