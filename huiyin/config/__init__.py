"""Settings, addresses, jobs, and the lists of what is plugged in."""
