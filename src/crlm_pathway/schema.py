"""The JSON Schema of a pathway's course files, made of the declarations of its records."""

from __future__ import annotations

from math import isfinite
from typing import Any
from urllib.parse import quote

from .pathway.pathway import Pathway
from .predicates.declarations import Declaration
from .predicates.domains import Choice, ListOf, Numeric
from .predicates.labels import Text, text_of, unit_text
from .predicates.records import contradictions_of, facts_of
from .predicates.wording import value_text

DIALECT = "https://json-schema.org/draft/2020-12/schema"
CHINESE = "x-title-zh"
"""The keyword under which the Chinese of a `title` stands; those that begin with `x-` do not validate."""
LABELS, CHINESE_LABELS = "x-enum-titles", "x-enum-titles-zh"
"""The keywords under which the labels of an `enum` stand, in its order."""

Schema = dict[str, Any]

_TITLE = Text("Course files: {0}", "病程文件：{0}")
_BEYOND = """\
One patient's course, or a list of courses. In a file of JSON lines every line is one course, as in $defs/course.

What the schema cannot say, and the reader checks: that no key stands twice in an object; that the dates of visits do \
not go back, and exist where `format` is not asserted; and what facts can never be together, which is described where \
it would be told, also of what one visit records and what was known before. JSON has no NaN and no infinities: a \
program that reads them all the same may find them valid, and the reader refuses them. A number that is whole may be \
written 3 or 3.0."""

_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?!\n)$"
"""To many programs `$` is also what stands before a last line break."""


def course_schema(pathway: Pathway) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a pathway's course files."""
    definitions = _Definitions()
    facts = definitions.reference(pathway.record)
    visit = {
        **_titled(Text("visit", "就诊")),
        "type": "object",
        "properties": {
            "on": {
                **_titled(Text("date of the visit, not before that of an earlier one", "就诊日期，不早于前次就诊")),
                "type": ["string", "null"],
                # what looks like no date is one error, not two
                "if": {"pattern": _DATE},
                "then": {"format": "date"},
                "else": {"pattern": _DATE},
            },
            "facts": {**_titled(Text("facts recorded", "所记录的信息")), **facts},
        },
        "additionalProperties": False,
    }
    course = {
        **_titled(Text("course", "病程")),
        "type": "object",
        "required": ["patient"],
        "properties": {
            "id": {**_titled(Text("a name for the course", "病程名称")), "type": ["string", "null"]},
            "patient": {**_titled(Text("facts known at referral", "转诊时已知的信息")), **facts},
            "visits": {
                **_titled(Text("visits, in their order", "各次就诊，按顺序")),
                "type": "array",
                "items": definitions.add("visit", visit),
            },
        },
        "additionalProperties": False,
    }
    one = definitions.add("course", course)
    return {
        "$schema": DIALECT,
        "$id": f"urn:care-pathway:{quote(pathway.name, safe='')}:{pathway.fingerprint}:course",
        "title": _TITLE.en.format(pathway.text.en),
        CHINESE: _TITLE.zh.format(pathway.text.zh),
        "description": _BEYOND,
        # of a oneOf, programs only tell that neither fits, and not which slip is where
        "if": {"type": "array"},
        "then": {"items": one},
        "else": one,
        "$defs": definitions.made,
    }


class _Definitions:
    """The `$defs` of a schema, one for each class of records."""

    def __init__(self) -> None:
        self.made: dict[str, Schema] = {}
        self._names: dict[type[Any], str] = {}

    def add(self, name: str, schema: Schema) -> Schema:
        """Add a definition and return a reference to it."""
        while name in self.made:
            name += "_"
        self.made[name] = schema
        return {"$ref": f"#/$defs/{name}"}

    def reference(self, record: type[Any]) -> Schema:
        """Return a reference to the definition of a class of records."""
        if record not in self._names:
            schema: Schema = {"type": "object", "properties": {}, "additionalProperties": False}
            description = (record.__doc__ or "").strip()
            if description:
                schema = {"description": description, **schema}
            self._names[record] = self.add(record.__name__, schema)["$ref"]
            schema["properties"] = {name: self._fact(fact) for name, fact in facts_of(record).items()}
        return {"$ref": self._names[record]}

    def _fact(self, fact: Declaration) -> Schema:
        schema = {**_titled(fact.text), **self._domain(fact)}
        notes = [found.text for found in contradictions_of(fact.owner) if found.at is fact]
        if fact.default is not None:  # no `default`: that of a visit is what was known before
            known = value_text(fact, fact.default)
            notes.insert(0, Text(f"{known.en} until recorded otherwise", f"未另行记录前为：{known.zh}"))
        if notes:
            schema["description"] = "; ".join(note.en for note in notes)
            schema["x-description-zh"] = "；".join(note.zh for note in notes)
        return schema

    def _domain(self, fact: Declaration) -> Schema:
        match fact.domain:
            case Choice(enum):
                labels = [*map(text_of, enum), Text("not recorded", "未记录")]
                return {
                    "enum": [*(member.value for member in enum), None],
                    LABELS: [label.en for label in labels],
                    CHINESE_LABELS: [label.zh for label in labels],
                }
            case Numeric() as domain:
                schema: Schema = {"type": ["integer" if domain.whole else "number", "null"]}
                if domain.unit:
                    unit = unit_text(domain.unit)
                    schema |= {"x-unit": unit.en} | ({} if unit.zh == unit.en else {"x-unit-zh": unit.zh})
                if isfinite(domain.low):
                    schema["exclusiveMinimum" if domain.exclusive_minimum else "minimum"] = domain.low
                if isfinite(domain.high):
                    schema["maximum"] = domain.high
                return schema
            case ListOf(record):
                return {"type": ["array", "null"], "items": self.reference(record)}
            case _:
                return {"type": ["boolean", "null"]}


def _titled(text: Text) -> Schema:
    return {"title": text.en, CHINESE: text.zh}
