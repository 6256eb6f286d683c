using System.Text.Json;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Protocol;

/// <summary>Expressions of the wire form.</summary>
internal static class ExprReader
{
    public static Expr Read(JsonElement json) => json.Text("t") switch
    {
        "col" => new ColumnName(NameParts(json.Text("name")), json.TryText("plan")),
        "star" => new StarExpr(json.TryText("of") is { } of ? NameParts(of) : []),
        "lit" => Literal(json),
        "call" => Call(json),
        "cast" => new CastExpr(Read(json.Part("e")), ReadType(json.Part("type")), json.Flag("try")),
        "case" => new CaseExpr(json.Items("when").Select(b => new CaseBranch(Read(b[0]), Read(b[1]))).ToSeq(), json.TryPart("else") is { } otherwise ? Read(otherwise) : null),
        "alias" => new AliasExpr(Read(json.Part("e")), json.TryText("name") is { } name ? [name] : json.Texts("names").ToSeq()),
        "expr" => SqlParser.ParseExpression(json.Text("text")),
        "window" => Window(json),
        "lambda" => new LambdaExpr(json.Texts("params").ToSeq(), Read(json.Part("body"))),
        "sort" => new SortKeyExpr(SortKey(json)),
        var other => throw JsonFields.Malformed($"unknown expression '{other}'"),
    };

    public static SparkType ReadType(JsonElement json) => TypeJson.Read(json);

    /// <summary><c>{"e":E,"asc":true,"nulls":"first"}</c>; a bare expression sorts ascending.</summary>
    public static SortKey SortKey(JsonElement json)
    {
        if (json.TryPart("e") is not { } value || json.TryText("t") is not (null or "sort"))
        {
            return new SortKey(Read(json));
        }

        Expr inner = Read(value);
        return inner is SortKeyExpr key ? key.Key : new SortKey(inner, json.Flag("asc", otherwise: true), json.TryText("nulls") switch { "first" => true, "last" => false, _ => null });
    }

    private static LiteralExpr Literal(JsonElement json)
    {
        JsonElement value = json.TryGetProperty("value", out JsonElement given) ? given : default;
        SparkType type = json.TryPart("type") is { } t ? ReadType(t) : ValueReader.TypeOf(value);
        return new LiteralExpr(ValueReader.Read(value, type), type);
    }

    private static CallExpr Call(JsonElement json) => new(
        json.Text("name"),
        json.Items("args").Select(Read).ToSeq(),
        json.Flag("distinct"),
        json.TryPart("filter") is { } filter ? Read(filter) : null,
        json.Flag("ignoreNulls"));

    private static WindowExpr Window(JsonElement json)
    {
        WindowFrame? frame = json.TryPart("frame") is { } f
            ? new WindowFrame(f.TryText("type") != "range", Bound(f.Part("start"), start: true), Bound(f.Part("end"), start: false))
            : null;
        WindowSpec spec = new(null, json.Items("partition").Select(Read).ToSeq(), json.Items("order").Select(SortKey).ToSeq(), frame);
        return new WindowExpr(Read(json.Part("e")), spec);
    }

    private static FrameBound Bound(JsonElement json, bool start)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            return json.GetString() == "current" ? new FrameBound(FrameBoundKind.CurrentRow) : new FrameBound(start ? FrameBoundKind.UnboundedPreceding : FrameBoundKind.UnboundedFollowing);
        }

        long offset = json.GetInt64();
        return offset == 0 ? new FrameBound(FrameBoundKind.CurrentRow)
            : offset < 0 ? new FrameBound(FrameBoundKind.Preceding, new LiteralExpr(-offset, SparkType.Int))
            : new FrameBound(FrameBoundKind.Following, new LiteralExpr(offset, SparkType.Int));
    }

    /// <summary>Splits a column name at dots outside back-quotes.</summary>
    public static Seq<string> NameParts(string name)
    {
        List<string> parts = [];
        System.Text.StringBuilder part = new();
        bool quoted = false;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == '`')
            {
                bool doubled = quoted && i + 1 < name.Length && name[i + 1] == '`';
                part.Append(doubled ? "`" : "");
                i += doubled ? 1 : 0;
                quoted = doubled ? quoted : !quoted;
            }
            else if (name[i] == '.' && !quoted)
            {
                parts.Add(part.ToString());
                part.Clear();
            }
            else
            {
                part.Append(name[i]);
            }
        }

        parts.Add(part.ToString());
        return parts.ToSeq();
    }
}
