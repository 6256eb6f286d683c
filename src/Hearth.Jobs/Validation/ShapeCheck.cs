using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Jobs.Service;

namespace Hearth.Jobs.Validation;

/// <summary>
/// Checks a request against its shape and collects what is wrong in AWS's words:
/// <c>1 validation error detected: Value 'x' at 'name' failed to satisfy constraint: Member must …</c>.
/// Elements of lists and maps that are not structures are judged by their list or map, as AWS does.
/// </summary>
internal sealed class ShapeCheck(ShapeTable table)
{
    private readonly List<(string Field, string Text)> _failures = [];

    /// <summary>Throws when a request breaks a constraint.</summary>
    /// <param name="request">Name of the request's shape.</param>
    /// <param name="value">The request in the words of the wire.</param>
    /// <exception cref="JobValidationException">All failures in one message.</exception>
    public static void Demand(string request, JsonObject value)
    {
        var check = new ShapeCheck(ShapeTable.Emr);
        check.Structure("", (StructureShape)ShapeTable.Emr[request], value);
        check.Throw();
    }

    private void Throw()
    {
        if (_failures.Count == 0)
        {
            return;
        }

        var head = _failures.Count == 1 ? "1 validation error detected" : string.Create(CultureInfo.InvariantCulture, $"{_failures.Count} validation errors detected");
        throw new JobValidationException($"{head}: {string.Join("; ", _failures.Select(f => f.Text))}", [.. _failures.Select(f => f.Field)]);
    }

    private void Structure(string path, StructureShape shape, JsonObject value)
    {
        if (shape.Union && value.Count(m => m.Value is not null) != 1)
        {
            Fail(path, "Value", $"Exactly one member of the union must be set: [{string.Join(", ", shape.Members.Select(m => m.Name))}]");
        }

        foreach (var member in shape.Members)
        {
            var field = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (value[member.Name] is { } node)
            {
                Value(field, table[member.Shape], node);
            }
            else if (member.Required)
            {
                Fail(field, "Value null", ShapeConstraints.NotNull);
            }
        }
    }

    private void Value(string field, Shape shape, JsonNode node)
    {
        switch (shape)
        {
            case StructureShape structure:
                Structure(field, structure, node.AsObject());
                break;
            case ListShape list:
                List(field, list, node.AsArray());
                break;
            case MapShape map:
                Map(field, map, node.AsObject());
                break;
            default:
                foreach (var constraint in ShapeConstraints.Broken(shape, node))
                {
                    Fail(field, ShapeConstraints.IsSecret(shape) ? "Value" : $"Value '{Shown.Scalar(node)}'", constraint);
                }

                break;
        }
    }

    private void List(string field, ListShape shape, JsonArray items)
    {
        var element = table[shape.Element];
        var shown = ShapeConstraints.IsSecret(element) || element is StructureShape ? "Value" : $"Value '{Shown.List(items)}'";
        Size(field, shown, items.Count, shape.Min, shape.Max);
        if (element is StructureShape structure)
        {
            for (var i = 0; i < items.Count; i++)
            {
                var place = string.Create(CultureInfo.InvariantCulture, $"{field}.{i + 1}.member");
                if (items[i] is JsonObject item)
                {
                    Structure(place, structure, item);
                }
                else
                {
                    Fail(place, "Value null", ShapeConstraints.NotNull);
                }
            }
        }
        else if (items.Any(i => Breaks(element, i)))
        {
            Fail(field, shown, $"Member must satisfy constraint: [{ShapeConstraints.AllOf(element)}]");
        }
    }

    private void Map(string field, MapShape shape, JsonObject entries)
    {
        var (key, value) = (table[shape.Key], table[shape.Value]);
        var shown = shape.Sensitive || value is StructureShape ? "Value" : $"Value '{Shown.Map(entries)}'";
        Size(field, shown, entries.Count, shape.Min, shape.Max);
        if (entries.Any(e => Breaks(key, JsonValue.Create(e.Key))))
        {
            Fail(field, shown, $"Map keys must satisfy constraint: [{ShapeConstraints.AllOf(key)}]");
        }

        if (value is StructureShape structure)
        {
            foreach (var (name, entry) in entries)
            {
                if (entry is JsonObject item)
                {
                    Structure($"{field}.{name}.member", structure, item);
                }
                else
                {
                    Fail($"{field}.{name}.member", "Value null", ShapeConstraints.NotNull);
                }
            }
        }
        else if (entries.Any(e => Breaks(value, e.Value)))
        {
            Fail(field, shown, $"Map value must satisfy constraint: [{ShapeConstraints.AllOf(value)}]");
        }
    }

    private void Size(string field, string shown, int count, int? min, int? max)
    {
        if (count > max)
        {
            Fail(field, shown, ShapeConstraints.LengthAtMost(max.Value));
        }

        if (count < min)
        {
            Fail(field, shown, ShapeConstraints.LengthAtLeast(min.Value));
        }
    }

    private static bool Breaks(Shape shape, JsonNode? node) => node is null || ShapeConstraints.Broken(shape, node).Any();

    private void Fail(string field, string value, string constraint) =>
        _failures.Add((field, $"{value} at '{field}' failed to satisfy constraint: {constraint}"));
}
