"""Registers: overview, one register with its entries, entering, amending, closing, files in and out."""
