"""The room of imports: files that were brought in, each of their rows with its verdict, and the reading of what others tell us."""
