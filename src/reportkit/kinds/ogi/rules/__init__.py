"""The statute's rules: in each module one, or a close family of them, and beside it what the catalogue says of it."""
