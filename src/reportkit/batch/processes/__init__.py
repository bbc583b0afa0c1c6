"""The processes that make reports: pools of them, one for each report, and how each is held to its limits."""
