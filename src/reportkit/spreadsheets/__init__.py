"""The bytes of a workbook -> its sheets, with what a person sees of each cell. Knows no form."""
