"""试算: scenarios and drafts, on the core alone or through the platform, with the time handed in."""
