"""A case is destroyed: nothing of what people said is left anywhere, and everything that was reckoned stands."""
