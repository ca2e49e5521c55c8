"""The tables, as numbered steps: a step that was once released is never changed, another one is added."""

from __future__ import annotations

APPLICATION = 0x434F5245  # "CORE", in the header of the file

MIGRATIONS = (
    """
    CREATE TABLE session (
        name TEXT PRIMARY KEY, opened REAL NOT NULL, closed REAL, setup BLOB NOT NULL, salt BLOB NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE consent (
        session TEXT NOT NULL REFERENCES session(name) ON DELETE CASCADE,
        person TEXT NOT NULL, purpose TEXT NOT NULL, text_version TEXT NOT NULL, guardian INTEGER NOT NULL,
        given REAL NOT NULL, withdrawn REAL
    );
    CREATE INDEX consent_of ON consent(session, person);
    CREATE TABLE stream (
        id INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES session(name) ON DELETE CASCADE,
        name TEXT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL, about BLOB NOT NULL, opened REAL NOT NULL,
        UNIQUE (session, name)
    );
    CREATE TABLE chunk (
        stream INTEGER NOT NULL REFERENCES stream(id) ON DELETE CASCADE,
        seq INTEGER NOT NULL, body BLOB NOT NULL,
        PRIMARY KEY (stream, seq)
    ) WITHOUT ROWID;
    CREATE TABLE note (
        id INTEGER PRIMARY KEY, session TEXT NOT NULL REFERENCES session(name) ON DELETE CASCADE,
        at REAL NOT NULL, kind TEXT NOT NULL, person TEXT, body BLOB NOT NULL
    );
    CREATE INDEX note_of ON note(session, id);
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY, at REAL NOT NULL, what TEXT NOT NULL, session TEXT, person TEXT, chain TEXT NOT NULL
    );
    CREATE TABLE device (hash TEXT PRIMARY KEY, about BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE setting (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
    """,
    "ALTER TABLE session ADD COLUMN checks BLOB",  # of version 0.2: what the keys of a session are recognised by
)
