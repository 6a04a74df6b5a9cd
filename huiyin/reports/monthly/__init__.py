"""The monthly report on complaints: one set of figures for every addressee, from cut-off to cut-off."""
