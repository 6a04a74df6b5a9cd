"""A second, naive reckoner of limits, written from the conventions alone, and its comparison with the product's."""
