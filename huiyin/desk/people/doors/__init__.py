"""How people and programs come in: accounts and their passwords, administrators, keys, and how often a stranger may knock."""
