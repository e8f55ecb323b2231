"""Say where in a file a text stands that was found in it: the file inside it, the page, the box."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from policycore.engine.session import EstateSession
from policycore.text.shown import shown

if TYPE_CHECKING:
    import pyarrow

__all__ = ["FilePlaces"]


class FilePlaces:
    """The places of the pieces of which the texts of some attachments are put together."""

    def __init__(self, session: EstateSession, texts: pyarrow.RecordBatch) -> None:
        self._file_of: dict[str, str] = {}
        self._places: dict[str, list[dict[str, Any]]] = {}
        if not session.data.rows.get("file_places"):
            return
        with session.relation("in_texts", texts.select(["attachment_id"])):
            # A text that a source supplied is not put together like that of the file itself.
            where = """FROM raw.attachments t
                JOIN raw.file_texts f ON f.sha256 = t.sha256 AND f.characters = length(t.text)
                WHERE t.id IN (SELECT attachment_id FROM in_texts)"""
            for row in session.rows(f"SELECT t.id, t.sha256 {where}"):
                self._file_of[row["id"]] = row["sha256"]
            for row in session.rows(
                f"""SELECT sha256, "offset", file, page, box FROM raw.file_places
                WHERE sha256 IN (SELECT t.sha256 {where}) ORDER BY sha256, "offset" """
            ):
                self._places.setdefault(row["sha256"], []).append(row)

    def of(self, attachment: str, offset: object) -> dict[str, Any]:
        """Return what is known of the place at `offset` in the text of an attachment."""
        places = self._places.get(self._file_of.get(attachment, ""), ())
        if not places or not isinstance(offset, int):
            return {}
        here = places[bisect_right(places, offset, key=lambda place: int(place["offset"])) - 1]
        file, box = here["file"], here["box"]
        said = {"file": file and shown(file), "page": here["page"], "box": box and ",".join(box)}
        return {name: value for name, value in said.items() if value is not None}
