"""The points ledger, and the appeals against its entries."""
