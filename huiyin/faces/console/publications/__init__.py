"""Notices to the customers: written, mended, approved, issued, put up."""
