"""Turns of speech from files."""
