"""Papers, publications and documents: written from the records, signed, handed in, printed."""
