"""Which constraints botocore's service model puts on which members: what the table of cases has to cover."""


def demanded(model):
    """{operation: {(path, kind)}} of every constrained member of every request."""
    result = {}
    for operation in model.operation_names:
        shape = model.operation_model(operation).input_shape
        result[operation] = set(_members("", shape, 0)) if shape is not None else set()
    return result


def _members(path, shape, depth):
    for name, member in shape.members.items():
        place = f"{path}.{name}" if path else name
        location = member.serialization.get("location", "body") if not path else "body"
        if name in shape.required_members and location != "uri":
            yield place, "required"
        yield from _value(place, member, location, depth)


def _value(path, shape, location, depth):
    kind = shape.type_name
    if location != "uri" and not (location == "querystring" and kind in ("string", "list")):
        yield path, "type"
    if kind == "structure":
        yield from _members(path, shape, depth)
        if shape.metadata.get("union"):
            yield path, "union"
    elif kind == "list":
        if "max" in shape.metadata:
            yield path, "max"
        if shape.member.type_name != "structure":
            yield from ((path, f"element.{k}") for k in scalar(shape.member))
        elif depth < 2:
            yield from _members(f"{path}.1.member", shape.member, depth + 1)
    elif kind == "map":
        if "max" in shape.metadata:
            yield path, "max"
        yield from ((path, f"key.{k}") for k in scalar(shape.key))
        if shape.value.type_name == "structure":
            yield from _members(f"{path}.K.member", shape.value, depth + 1)
        else:
            yield from ((path, f"value.{k}") for k in scalar(shape.value))
    else:
        # An empty label is another path.
        yield from ((path, k) for k in scalar(shape) if not (location == "uri" and k == "min" and shape.metadata["min"] == 1))


def scalar(shape):
    """The constraints of a text or number."""
    if getattr(shape, "enum", None):
        return ["enum"]
    found = []
    if "max" in shape.metadata and shape.type_name in ("string", "integer", "long"):
        found.append("max")
    if shape.metadata.get("min", 0) > 0 and shape.type_name in ("string", "integer", "long"):
        found.append("min")
    if shape.metadata.get("pattern"):
        found.append("pattern")
    return found


def secrets(model):
    """Names of the members whose values no message may repeat."""
    names = set()

    def visit(shape, depth):
        if depth > 12:
            return
        if shape.type_name == "structure":
            for name, member in shape.members.items():
                inner = member.member if member.type_name == "list" else member
                if member.metadata.get("sensitive") or inner.metadata.get("sensitive"):
                    names.add(name)
                visit(inner, depth + 1)

    for operation in model.operation_names:
        shape = model.operation_model(operation).input_shape
        if shape is not None:
            visit(shape, 0)
    return names
