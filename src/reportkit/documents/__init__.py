"""The bytes of a document -> blocks in reading order: HTML, Word, plain text. Knows no form."""
