"""Sort and compile the catalogues, extract the errors' templates for translators, list the papers (`make catalogue`).

Run from the repository: python tools/catalogue.py. Needs Babel, which the library itself does not.
"""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "coregulation"
LOCALES = SOURCE / "report" / "catalogue" / "locales"
ERRORS = SOURCE.parents[1] / "build" / "errors.pot"  # for translators; made anew whenever it is needed

PAGES = SOURCE / "live" / "static" / "words"
PAGE_WORDS = SOURCE / "live" / "words"  # translations of words/en.json

REFERENCES = tuple(SOURCE.parents[1] / "docs" / name for name in ("references.md", "references-m-z.md"))
SECOND_PAGE = "M"  # first letter on the second page: no page has more than 2,500 words
_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # in the header; a real one would make each compilation another file


def po_files() -> list[Path]:
    """List the catalogues, one for each language."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/coregulation.po"))


def read(path: Path) -> Catalog:
    """Read one catalogue; a broken entry is an error."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parents[1].name, abort_invalid=True)
    catalogue.creation_date = catalogue.revision_date = _DATE
    return catalogue


def _key(message: Message) -> tuple[str, str]:
    identity = message.id if isinstance(message.id, str) else message.id[0]
    return identity, message.context or ""


def canonical(path: Path) -> bytes:
    """Return the catalogue as its file should be: header as it is, entries sorted by key and context."""
    header = path.read_text(encoding="utf-8").split("\n\n", 1)[0]
    catalogue, out = Catalog(), io.BytesIO()
    for message in sorted((m for m in read(path) if m.id), key=_key):
        catalogue.add(message.id, message.string, user_comments=message.user_comments, context=message.context)
    write_po(out, catalogue, width=0, omit_header=True)
    return f"{header}\n\n".encode() + out.getvalue().strip() + b"\n"


def compiled(path: Path) -> bytes:
    """Return the catalogue in gettext's binary form."""
    out = io.BytesIO()
    write_mo(out, read(path))
    return out.getvalue()


def extract_errors(fileobj: io.BufferedReader, *_: object, **__: object) -> Iterator[tuple[int, str, str, list[str]]]:
    """Extract the template of every `…Error("template", …)` of a Python file, as Babel's extractors do."""
    for node in ast.walk(ast.parse(fileobj.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.endswith("Error"):
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if texts:
                yield node.lineno, "", texts[0], []


def error_templates() -> bytes:
    """Return the errors' English templates as a .pot file."""
    catalogue, out = Catalog(), io.BytesIO()
    templates = {text for _, _, text, *_ in extract_from_dir(SOURCE, method_map=[("**.py", extract_errors)])}
    for template in sorted(templates):
        catalogue.add(template)
    write_po(out, catalogue, width=0, omit_header=True)
    return out.getvalue()


def reference_pages() -> dict[Path, str]:
    """Return the pages that list every paper of the bibliography, the first half of the alphabet on the first."""
    from coregulation.report.bibliography import papers

    rows: dict[Path, list[str]] = {path: [] for path in REFERENCES}
    for paper in papers().values():
        page = REFERENCES[paper.reference[0].upper() >= SECOND_PAGE]
        note = " (DOI not checked)" * paper.unchecked
        rows[page].append(f"- {paper.reference} *{paper.use[0].upper()}{paper.use[1:]}.*{note}\n")
    return {
        path: f"{path.read_text(encoding='utf-8').partition(chr(10) + '- ')[0].rstrip()}\n\n{''.join(of)}"
        for path, of in rows.items()
    }


def page_words(path: Path) -> bytes:
    """Return a translation of the pages as the browser reads it; what was translated from another English is left out."""
    english = json.loads((PAGES / "en.json").read_text(encoding="utf-8"))
    with path.open("rb") as file:
        translated = {
            message.context: message for message in read_po(file, locale=path.stem, abort_invalid=True) if message.id
        }
    words = {
        key: translated[key].string for key, text in english.items() if key in translated and translated[key].id == text
    }
    return json.dumps({key: text for key, text in words.items() if text}, ensure_ascii=False, indent=1).encode() + b"\n"


def main() -> None:
    """Write every file that is made."""
    for path in sorted(PAGE_WORDS.glob("*.po")):
        (PAGES / f"{path.stem}.json").write_bytes(page_words(path))
    for path in po_files():
        path.write_bytes(canonical(path))
        path.with_suffix(".mo").write_bytes(compiled(path))
    ERRORS.parent.mkdir(exist_ok=True)
    ERRORS.write_bytes(error_templates())
    for path, page in reference_pages().items():
        path.write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
