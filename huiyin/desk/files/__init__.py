"""The bytes of every file that people send, whatever it belongs to: one table, so one backup, one quota, one way of destroying."""
