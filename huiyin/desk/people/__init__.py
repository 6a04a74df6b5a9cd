"""Staff and residents: who holds which post, who is on duty, who may do what."""
