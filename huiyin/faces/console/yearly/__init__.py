"""The yearly assessment (年度考核): the units side by side, the lists behind the figures, papers and workbook, completing the review."""
