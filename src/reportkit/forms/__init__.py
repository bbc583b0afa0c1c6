"""Forms as data: the official editions, their header trees and their rules."""

from reportkit.forms.loading import form_for, load_form, load_forms, shipped_forms
from reportkit.forms.model import Block, Form, GridCell, Header, Leaf, Rule, Section, Table, Term
from reportkit.forms.rules import Breach, applies, breaches, totals

__all__ = [
    "Block",
    "Breach",
    "Form",
    "GridCell",
    "Header",
    "Leaf",
    "Rule",
    "Section",
    "Table",
    "Term",
    "applies",
    "breaches",
    "form_for",
    "load_form",
    "load_forms",
    "shipped_forms",
    "totals",
]
