"""The endpoints of every regular resource, made of its declaration (`management/resource.py`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litestar import delete, get, post, put
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from hoofprint.api.body import Body, required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import (
    Schema,
    by_name,
    flag,
    listed,
    moment,
    nullable,
    record,
    text,
    whole,
)
from hoofprint.api.operation import described, needed, query
from hoofprint.management.access import first_value
from hoofprint.management.resource import Field, Kind, Resource, Values, mistakes
from hoofprint.management.resources import RESOURCES

MOMENTS = frozenset({"def_time", "mod_time", "next_report"})


def resource_routes() -> list[HTTPRouteHandler]:
    """The routes of all regular resources."""
    return [route for resource in RESOURCES for route in routes_of(resource)]


def routes_of(resource: Resource) -> list[HTTPRouteHandler]:
    """List, create, change and delete."""
    routes = [_listing(resource), _saving(resource), _deleting(resource)]
    return [*routes, _changing(resource)] if resource.changed_by == "PUT" else routes


def _listing(resource: Resource) -> HTTPRouteHandler:
    by = resource.listed_by

    @get(
        resource.path,
        operation_class=described(
            answer=listed(_schema(resource)),
            parameters=[
                needed(by, "The id of the domain."),
                query("search", "Only those that hold this text."),
            ],
        ),
        **_about(resource, "list", f"List {resource.plural}"),
    )
    async def list_objects(request: Asked, state: State) -> list[dict[str, Any]]:
        services, caller = await known(request, state)
        search = first_value(list(request.query_params.multi_items()), "search")
        return await services.managing.list(resource, caller, required(request, by), search)

    return list_objects


def _saving(resource: Resource) -> HTTPRouteHandler:
    """POST: a new object or, where it changes them too, the one with the id that is sent."""
    changes = resource.changed_by == "POST"
    schema = _schema(resource)
    what = "Create or change" if changes else "Create"
    own = {"id": text("Changes this one.")} if changes else {}
    body_schema = _body(resource.fields, own | {"domain_id": text("The id of the domain.")})

    @post(
        resource.path,
        status_code=200,
        operation_class=described(
            answer=listed(schema) if resource.several else schema, body=body_schema
        ),
        **_about(resource, "save" if changes else "create", f"{what} {_a(resource.name)}"),
    )
    async def save_object(request: Asked, state: State) -> Any:
        services, caller, body = await sent(request, state)
        if changes and (object_id := body.text("id")):
            domain_id = body.text("domain_id")
            values = read_fields(body, resource.fields, new=False)
            return await services.managing.update(resource, caller, object_id, values, domain_id)
        domain_id = body.name("domain_id")
        values = read_fields(body, resource.fields)
        made = await services.managing.create(resource, caller, domain_id, values)
        return made if resource.several else made[0]

    return save_object


def _changing(resource: Resource) -> HTTPRouteHandler:
    """PUT: the object with the id that is sent."""
    fields = tuple(field for field in resource.fields if not field.only_new)

    @put(
        resource.path,
        status_code=200,
        operation_class=described(
            answer=None if resource.silent else _schema(resource),
            body=_body(fields, {"id": text(f"The id of the {resource.name}.")}),
        ),
        **_about(resource, "change", f"Change {_a(resource.name)}"),
    )
    async def change_object(request: Asked, state: State) -> Any:
        services, caller, body = await sent(request, state)
        object_id = body.name("id")
        values = read_fields(body, resource.fields, new=False)
        changed = await services.managing.update(resource, caller, object_id, values)
        return None if resource.silent else changed

    return change_object


def _deleting(resource: Resource) -> HTTPRouteHandler:
    @delete(
        resource.path,
        status_code=200,
        operation_class=described(parameters=[needed("id", f"The id of the {resource.name}.")]),
        **_about(resource, "delete", f"Delete {_a(resource.name)}"),
    )
    async def delete_object(request: Asked, state: State) -> None:
        services, caller = await known(request, state)
        await services.managing.delete(resource, caller, required(request, "id"))

    return delete_object


def read_fields(body: Body, fields: Sequence[Field], *, new: bool = True) -> Values:
    """The values of all fields. Raises Invalid naming every failing field, of `body` too."""
    values = {
        field.name: None if field.only_new and not new else _value(body, field) for field in fields
    }
    body.check(mistakes(fields, values))
    return values


def _value(body: Body, field: Field) -> Any:
    if body.has(field.name):
        found = _READERS[field.kind](body, field.name)
        if field.kind is not Kind.TEXT or found:
            return found
    if field.required:
        body.wrong.setdefault(field.name, "is required")
    return None if field.null else _NOTHING[field.kind]


def _whole(body: Body, name: str) -> int | None:
    number = body.number(name)
    if float(number).is_integer():
        return int(number)
    body.wrong.setdefault(name, "must be a whole number")
    return None


_READERS: Mapping[Kind, Callable[[Body, str], Any]] = {
    Kind.TEXT: Body.text,
    Kind.WHOLE: _whole,
    Kind.FLAG: Body.flag,
    Kind.TEXTS: Body.texts,
    Kind.OBJECT: Body.json_object,
}
_NOTHING: Mapping[Kind, Any] = {
    Kind.TEXT: "",
    Kind.WHOLE: 0,
    Kind.FLAG: False,
    Kind.TEXTS: (),
    Kind.OBJECT: {},
}


def _about(resource: Resource, verb: str, summary: str) -> dict[str, Any]:
    group = resource.plural.replace(" ", "_")
    tags = [resource.plural.capitalize()]
    return {"summary": summary, "operation_id": f"{group}_{verb}", "tags": tags}


def _a(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _body(fields: Sequence[Field], ids: dict[str, Schema]) -> Schema:
    needed_ids = [name for name in ids if name != "id" or len(ids) == 1]
    needs = (*needed_ids, *(field.name for field in fields if field.required))
    return record({**ids, **{f.name: field_schema(f) for f in fields}}, required=needs)


def field_schema(field: Field) -> Schema:
    """How a field is described."""
    match field.kind:
        case Kind.TEXT:
            schema = text(field.about)
            if field.one_of:
                schema |= {"enum": list(field.one_of if field.required else ("", *field.one_of))}
        case Kind.WHOLE:
            schema = whole(field.about) | {"minimum": field.least, "maximum": field.most}
        case Kind.FLAG:
            schema = flag(field.about)
        case Kind.TEXTS:
            schema = listed(text(), field.about)
        case Kind.OBJECT:
            schema = by_name({}, field.about)
    return schema


def _schema(resource: Resource) -> Schema:
    """How an object is described that is answered."""
    by_name = {field.name: field for field in resource.fields}
    shown: dict[str, Schema] = {
        "id": text(),
        "def_time": moment(),
        "mod_time": moment(),
        "domain_id": text(),
    }
    for name in resource.shown:
        field = by_name.get(name)
        if field is not None:
            answered = field_schema(field)
            if field.null and "enum" in answered:
                answered |= {"enum": [*answered["enum"], None]}
            shown[name] = nullable(answered) if field.null else answered
        elif name in MOMENTS:
            shown[name] = moment()
        else:
            shown[name] = flag() if name == "active" else text()
    return record(shown)
