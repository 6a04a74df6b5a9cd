"""Lists that people have named: which filters, in which order, shared with whom."""
