"""What Elasticsearch and Kibana wrap around an event: a search hit with ``_source``, or with ``fields`` alone."""

from __future__ import annotations

from typing import Any, Final

from lodger.telemetry import event_xml
from lodger.telemetry.json_records import Object
from lodger.telemetry.windows import flat

_HIT: Final = ("_index", "_id", "_score", "_type")


def unwrapped(record: Object) -> tuple[Object, list[tuple[str, Any]]] | None:
    """The document in a search hit, and the hit's own fields as ``elastic.*``; None where the record is no hit.

    ``fields``, which Kibana asks for in place of the document, has a list for each of them: of one value, mostly.
    """
    source, fields = record.get("_source"), record.get("fields")
    if isinstance(source, dict) and source:
        return source, _rest(record, "_source")
    if isinstance(fields, dict) and fields and not record.keys().isdisjoint(_HIT):
        return {name: _single(value) for name, value in fields.items()}, _rest(record, "fields")
    return None


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _rest(record: Object, taken: str) -> list[tuple[str, Any]]:
    return [pair for name, value in record.items() if name != taken for pair in flat(f"elastic.{name}", value)]


def original(record: Object) -> tuple[Object, list[tuple[str, Any]]] | str | None:
    """The event that an ECS document keeps as it came in (``event.original``), where that is XML, and the document's
    own fields; (str) why it cannot be read; None where it keeps none.
    """
    event = record.get("event")
    kept = event.get("original") if isinstance(event, dict) else record.get("event.original")
    if not isinstance(kept, str) or not kept.lstrip().startswith("<Event"):
        return None
    value = event_xml.parsed(kept.lstrip().encode("utf-8", "backslashreplace"))
    if isinstance(value, str):
        return value
    rest = [(name if "." in name else f"ecs.{name}", part) for name, part in flat("", record) if part != kept]
    return {"Event": value}, rest
