"""Writes plans as SQL: one dialect, every value a bound parameter, brackets at every node."""

from __future__ import annotations

from hoofprint.query.plan import (
    Call,
    Column,
    Facts,
    In,
    Join,
    Lambda,
    Next,
    Node,
    Not,
    Number,
    Operation,
    Select,
    Union,
    Value,
)

Statement = tuple[str, dict[str, object]]


def write(select: Select) -> Statement:
    """The SQL of a plan and the values of its parameters."""
    writer = _Writer()
    return writer.select(select), writer.parameters


class _Writer:
    def __init__(self) -> None:
        self.parameters: dict[str, object] = {}
        self._names: dict[Value, str] = {}

    def select(self, select: Select) -> str:
        outputs = ", ".join(
            name if name == "*" else f"{self.node(node)} AS {name}" for name, node in select.outputs
        )
        parts = [f"SELECT {'DISTINCT ' if select.distinct else ''}{outputs}"]
        parts.append(f"FROM {self._source(select.source)}")
        if select.where is not None:
            parts.append(f"WHERE {self.node(select.where)}")
        if select.group_by:
            parts.append("GROUP BY " + ", ".join(self.node(n) for n in select.group_by))
        if select.order_by:
            keys = [f"{self.node(o.by)}{' DESC' if o.descending else ''}" for o in select.order_by]
            parts.append("ORDER BY " + ", ".join(keys))
        if select.one_for is not None:
            parts.append(f"LIMIT 1 BY {self.node(select.one_for)}")
        if select.limit is not None:
            ties = " WITH TIES" if select.with_ties else ""
            parts.append(f"LIMIT {select.limit} OFFSET {select.offset}{ties}")
        return " ".join(parts)

    def _source(self, source: Facts | Select | Join | Union) -> str:
        match source:
            case Facts():
                return f"{source.table} FINAL" if source.final else source.table
            case Select():
                return f"({self.select(source)})"
            case Join(left, right, using, inner):
                joined = ", ".join(using)
                left_sql, right_sql = self.select(left), self.select(right)
                kind = "INNER" if inner else "LEFT"
                return f"({left_sql}) AS l {kind} JOIN ({right_sql}) AS r USING ({joined})"
            case Union(selects):
                return "(" + " UNION ALL ".join(self.select(s) for s in selects) + ")"

    def node(self, node: Node) -> str:  # noqa: PLR0911 - a case a node
        match node:
            case Column(name):
                return name
            case Number(value):
                return str(value)
            case Value():
                return self._parameter(node)
            case Call(function, arguments):
                return f"{function}({', '.join(self.node(a) for a in arguments)})"
            case Operation(operator, operands):
                return "(" + f" {operator} ".join(self.node(o) for o in operands) + ")"
            case Not(operand):
                return f"(NOT {self.node(operand)})"
            case In(value, rows):
                return f"({self.node(value)} IN ({self.select(rows)}))"
            case Lambda(argument, body):
                return f"{argument} -> {self.node(body)}"
            case Next(expression):
                return (
                    f"leadInFrame({self.node(expression)}) OVER "
                    "(PARTITION BY day, visitor_id, session_id ORDER BY time, n "
                    "ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)"
                )

    def _parameter(self, value: Value) -> str:
        name = self._names.setdefault(value, f"p{len(self._names)}")
        self.parameters[name] = value.value
        return f"{{{name}:{value.type}}}"
