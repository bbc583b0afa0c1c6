"""The parameter file, both ways: read with the place of every cell, written, edited and brought up to date."""
