"""What a report is, whatever its statute and whatever file it comes from: a form, its equations, a filing of it."""
