"""Every write about things: what follows from facts is kept, acts are recorded, new things are opened."""

from huiyin.desk.matters.actions.keeping import FIGURE_KEEPER, MATTER_KEEPER, RETENTION_KEEPER, figure_of, retention_of
from huiyin.desk.matters.actions.recording import Act, new_name, open_matter, read_details, read_name, record_step

__all__ = [
    "FIGURE_KEEPER",
    "MATTER_KEEPER",
    "RETENTION_KEEPER",
    "Act",
    "figure_of",
    "new_name",
    "open_matter",
    "read_details",
    "read_name",
    "record_step",
    "retention_of",
]
