"""The papers that are printed: what stands on each, and how it becomes pages."""
