"""The views that people have saved of the lists: their menu, and the page where they are put in order."""
