"""The warning centre: all warnings, one with its evidence, and the acts on them; issues near the threshold of households."""
