"""A new project made of a kind's skeleton, and its master brought up to the one that comes with reportkit."""

from reportkit.skeletons.contents import contents
from reportkit.skeletons.master_update import Updated, go_back, update_master
from reportkit.skeletons.new_project import Begun, begin

__all__ = ["Begun", "Updated", "begin", "contents", "go_back", "update_master"]
