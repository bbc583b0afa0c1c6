"""A file that somebody has sent or published -> what it says, and the parameter file that is made of it."""
