"""The regulations, as data. One folder each with source.yaml, text.md, rules.yaml and scenarios.yaml; Python only reads them."""
