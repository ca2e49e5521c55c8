"""Every sentence that a person reads, by key and language; nothing else in the package holds one."""

from coregulation.report.catalogue.catalogue import Catalogue, Voice, load_translations

__all__ = ["Catalogue", "Voice", "load_translations"]
