"""The workbook that a town or a county fills in."""
