"""What people wrote on cells: notes, and the threads of comments that newer Excel keeps beside them."""

import re
from collections.abc import Mapping

from lxml import etree

from xlmodel.book.refs import position
from xlmodel.returned.mailed_file import Mailed
from xlmodel.xlsx.parts import MAIN

_LEGACY = re.compile(r"^\[Threaded comment\].*?Comment:\s*", re.DOTALL)  # what Excel writes for readers without threads


def remarks(mailed: Mailed) -> Mapping[tuple[str, int, int], str]:
    """Sheet of the file, row and column -> who wrote what, in one line."""
    found: dict[tuple[str, int, int], list[str]] = {}
    people = _people(mailed)
    for sheet, part in mailed.package.sheets.items():
        threads: set[str] = set()
        for thread in mailed.package.related(part, "threadedComment"):
            for comment in mailed.package.tree(thread).iter("{*}threadedComment"):
                a1 = comment.get("ref", "")
                threads.add(a1)
                said = f"{people.get(comment.get('personId', ''), '')}: {_text(comment, '{*}text')}"
                found.setdefault((sheet, *position(a1)), []).append(said.removeprefix(": "))
        for notes in mailed.package.related(part, "comments"):
            root = mailed.package.tree(notes)
            authors = [author.text or "" for author in root.iter(MAIN + "author")]
            for note in root.iter(MAIN + "comment"):
                a1 = note.get("ref", "")
                if a1 not in threads:
                    found.setdefault((sheet, *position(a1)), []).append(_note(note, authors))
    return {place: " · ".join(" ".join(text.split()) for text in texts) for place, texts in found.items()}


def _note(note: etree._Element, authors: list[str]) -> str:
    number = note.get("authorId", "")
    author = authors[int(number)] if number.isdecimal() and int(number) < len(authors) else ""
    text = _LEGACY.sub("", _text(note, MAIN + "t"))
    return text if not author or text.startswith(f"{author}:") else f"{author}: {text}"


def _text(element: etree._Element, tag: str) -> str:
    return "".join(part.text or "" for part in element.iter(tag))


def _people(mailed: Mailed) -> dict[str, str]:
    found = {}
    for part in mailed.package.related("xl/workbook.xml", "person"):
        for person in mailed.package.tree(part).iter("{*}person"):
            found[person.get("id", "")] = person.get("displayName", "")
    return found
