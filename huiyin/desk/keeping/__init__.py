"""What is kept until when, and destroyed after that by two persons: cases, entries of registers, papers, all on one list."""
