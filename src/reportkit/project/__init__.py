"""A project: where its files are, which jobs there are in it, and which parameter files belong together."""

from reportkit.project.discovery import find_project, load_project, project_of, project_of_town
from reportkit.project.folders import folders_of, look_from_here, looked_in, path
from reportkit.project.jobs import PART, Job, Selection, jobs_of, jobs_of_sets, named_path, plan, select, selected
from reportkit.project.listings import parameter_files
from reportkit.project.parameter_sets import Given, SetSource, as_json, declared_in, report_named
from reportkit.project.project import Project

__all__ = [
    "PART", "Given", "Job", "Project", "Selection", "SetSource", "as_json", "declared_in", "find_project",
    "folders_of", "jobs_of", "jobs_of_sets", "load_project", "look_from_here", "looked_in", "named_path",
    "parameter_files", "path", "plan", "project_of", "project_of_town", "report_named", "select", "selected",
]  # fmt: skip
