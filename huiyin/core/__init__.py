"""The reckoning: pure functions over plain data, standard library only. Nothing here knows a database, a page or the present time."""
