"""The yearly assessment of units: what it is reckoned from, how far its review has come, what was kept of it."""
