"""A backup is put into an empty database: everything is there again, and nothing leaves from it until it is told to."""
