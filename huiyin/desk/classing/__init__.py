"""Proposing a case's class: learnt from the organisation's own closed cases. A person decides."""
