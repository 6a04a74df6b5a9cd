"""What the pages of all faces share: the look, the shell, the small pieces and the filters."""
