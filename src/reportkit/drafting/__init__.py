"""An official table that somebody has as a file, as a form that can be corrected and used."""
