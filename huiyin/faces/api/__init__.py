"""The programming interface: hand-overs of the call centre, messages of other systems, and reads, all described by OpenAPI 3.1."""
