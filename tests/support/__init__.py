"""What the tests share that is no test: made-up filings and offices, damage, and the page read back."""
