"""A project: where its files are, which jobs there are in it, and which parameter files belong together."""

from reportkit.project.discovery import find_project, load_project, project_of, project_of_town
from reportkit.project.jobs import Job, Selection, jobs_of, plan, select, selected
from reportkit.project.listings import parameter_files
from reportkit.project.project import Project

__all__ = [
    "Job", "Project", "Selection", "find_project", "jobs_of", "load_project", "parameter_files", "plan", "project_of",
    "project_of_town", "select", "selected",
]  # fmt: skip
