"""Linkage: whether two bodies move together, beyond what chance and a shared event would give."""
