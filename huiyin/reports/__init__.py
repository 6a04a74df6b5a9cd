"""Reports: what the desk remembers, counted and laid out; a folder each."""
