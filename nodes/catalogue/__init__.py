"""All step types, in reading order: `loading` (finds them, one file each), `conventions` (what a file must keep),
`description` and `field_specs` (what palette and form are drawn from), `page` (the reference page made of them)."""

from nodes.catalogue.description import Described
from nodes.catalogue.loading import CATEGORIES, Catalogue, load
from nodes.catalogue.page import document

__all__ = ["CATEGORIES", "Catalogue", "Described", "document", "load"]
