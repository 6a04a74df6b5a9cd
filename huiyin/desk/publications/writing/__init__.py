"""What a notice says: which cases belong into it, and what may not stand in its texts."""
