"""Parameter sets read from a list: typed, checked and named, with every fault told before anything runs.

Nothing is imported here: the command line asks for the endings of lists at each start.
"""
