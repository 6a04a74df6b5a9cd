"""Pages about the person at the desk: login, posts, workbench, messages, search."""
