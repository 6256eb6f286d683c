using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>The options map of from_csv, to_json and their kin: constant texts, and only those that are known to the function.</summary>
internal sealed class TextOptions
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the map in an argument.</summary>
    /// <exception cref="EngineException">An option is not constant, or not known.</exception>
    public static TextOptions Of(FunctionCall call, int index, params string[] known)
    {
        TextOptions options = new();
        if (!call.Has(index))
        {
            return options;
        }

        if (call.Raw(index) is not CallExpr { Args: var args } map || !map.Name.ToUpperInvariant().EndsWith("MAP", StringComparison.Ordinal) || args.Count % 2 != 0)
        {
            throw call.Unsupported("with options that are not a constant map");
        }

        for (int i = 0; i < args.Count; i += 2)
        {
            if (args[i] is not LiteralExpr { Value: string key } || args[i + 1] is not LiteralExpr { Value: { } value })
            {
                throw call.Unsupported("with options that are not constant");
            }

            options._values[key] = known.Contains(key, StringComparer.OrdinalIgnoreCase) ? $"{value}" : throw call.Unsupported($"with the option {key}");
        }

        return options;
    }

    public string? Get(string key) => _values.GetValueOrDefault(key);

    public bool Any => _values.Count > 0;

    /// <summary>A field from its text; what does not fit is NULL (PERMISSIVE).</summary>
    public BoundExpr Read(BoundExpr text, SparkType type, FunctionCall call)
    {
        string? pattern = type == SparkType.Date ? Get("dateFormat") : type.IsTimestamp ? Get("timestampFormat") : null;
        if (Get("mode") is { } mode && !mode.Equals("PERMISSIVE", StringComparison.OrdinalIgnoreCase))
        {
            throw call.Unsupported($"with the mode {mode}");
        }

        if (!type.IsAtomic)
        {
            throw call.Unsupported($"into {type.SimpleName}");
        }

        if (pattern is null)
        {
            return type == SparkType.Boolean ? FunctionCall.MakeNullable("CASE lower({0}) WHEN 'true' THEN true WHEN 'false' THEN false END", type, text) : text.To(type) is BoundCast cast ? cast with { Lenient = true } : text.To(type);
        }

        _ = Formatting.DatePattern.Of(pattern);
        string zone = DuckTypes.Literal(call.Binder.Binder.Session.Zone.Id), format = DuckTypes.Literal(pattern);
        return FunctionCall.MakeNullable(type == SparkType.Timestamp ? $"hearth_parse_instant({{0}}, {format}, {zone})" : type == SparkType.Date ? $"CAST(hearth_parse_time({{0}}, {format}) AS DATE)" : $"hearth_parse_time({{0}}, {format})", type, text);
    }

    /// <summary>The SQL of a field's text.</summary>
    public string Write(string value, SparkType type, TimeZoneInfo zone, FunctionCall call)
    {
        string? pattern = type == SparkType.Date ? Get("dateFormat") : type.IsTimestamp ? Get("timestampFormat") : null;
        string id = type == SparkType.Timestamp ? DuckTypes.Literal(zone.Id) : "''";
        if (!type.IsAtomic)
        {
            throw call.Unsupported($"of {type.SimpleName}");
        }

        return pattern is not null
            ? $"hearth_date_format({(type == SparkType.Date ? $"epoch_us(CAST({value} AS TIMESTAMP))" : $"epoch_us({value})")}, {DuckTypes.Literal(pattern)}, {id})"
            : type.IsTimestamp ? $"hearth_iso_timestamp(epoch_us({value}), {id})" : CastSql.Print(value, type, SparkType.String, zone);
    }
}
