"""Files of a case (附件): photos, papers and recordings that people send with it."""
