"""A report while it is being worked on: made in a moment, and shown on a page of this machine that follows each save.

Public names: `Renderer` (a report's page, its PDF and the PDF's pages as pictures, from a warm process) and `Rendered`.
"""

from reportkit.preview.renderer import Rendered, Renderer

__all__ = ["Rendered", "Renderer"]
