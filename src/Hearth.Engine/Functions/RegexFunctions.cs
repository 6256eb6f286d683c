using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Regular expressions. Patterns mean what they mean in Java; they run in our own function over .NET's engine where DuckDB's RE2 cannot.</summary>
internal static class RegexFunctions
{
    private static readonly SparkType Text = SparkType.String;

    public static void AddTo(FunctionList list)
    {
        list.Custom("rlike", 2, 2, c => Matches(c));
        list.Custom("regexp", 2, 2, c => Matches(c), pretty: a => $"REGEXP({a[0]}, {a[1]})");
        list.Custom("regexp_like", 2, 2, c => Matches(c), pretty: a => $"REGEXP_LIKE({a[0]}, {a[1]})");
        list.Custom("regexp_extract", 2, 3, c => FunctionCall.Make("hearth_regexp_extract({0}, {1}, {2})", Text, c.Text(0), c.Text(1), Group(c)), defaults: ["", "", "1"]);
        list.Custom("regexp_extract_all", 2, 3, c => FunctionCall.Make("hearth_regexp_extract_all({0}, {1}, {2})", new ArrayType(Text), c.Text(0), c.Text(1), Group(c)), defaults: ["", "", "1"]);
        list.Custom("regexp_replace", 3, 4, Replace, defaults: ["", "", "", "1"]);
        list.Custom("regexp_count", 2, 2, c => FunctionCall.Make("CAST(len(hearth_regexp_extract_all({0}, {1}, '0')) AS INTEGER)", SparkType.Int, c.Text(0), c.Text(1)));
        list.Custom("regexp_substr", 2, 2, c => FunctionCall.MakeNullable("nullif(hearth_regexp_extract_all({0}, {1}, '0')[1], '')", Text, c.Text(0), c.Text(1)));
        list.Custom("regexp_instr", 2, 3, c => FunctionCall.Make("CAST(hearth_regexp_instr({0}, {1}) AS INTEGER)", SparkType.Int, c.Text(0), c.Text(1)), defaults: ["", "", "0"]);
        list.Custom("split", 2, 3, c => FunctionCall.Make("hearth_split({0}, {1}, {2})", new ArrayType(Text, false), c.Text(0), c.Text(1), FunctionCall.Make("CAST({0} AS VARCHAR)", Text, c.Has(2) ? c.Int(2) : new BoundLiteral(-1L, SparkType.Int))), defaults: ["", "", "-1"]);
    }

    private static BoundExpr Group(FunctionCall call) => call.Has(2) ? FunctionCall.Make("CAST({0} AS VARCHAR)", Text, call.Int(2)) : new BoundLiteral("1", Text);

    // RE2 is quicker and means the same for patterns of plain letters, classes, groups and repetition.
    private static BoundExpr Matches(FunctionCall call) => call.ConstantText(1) is { } pattern && JavaRegex.SameInRe2(pattern)
        ? FunctionCall.Make("regexp_matches({0}, {1})", SparkType.Boolean, call.Text(0), call.Text(1))
        : FunctionCall.Make("hearth_regexp_like({0}, {1})", SparkType.Boolean, call.Text(0), call.Text(1));

    private static BoundExpr Replace(FunctionCall call)
    {
        if (call.Has(3) && call.ConstantLong(3) is not 1)
        {
            throw call.Unsupported("with a position other than 1");
        }

        bool plain = call.ConstantText(1) is { } pattern && JavaRegex.SameInRe2(pattern) && call.ConstantText(2) is { } text && !text.AsSpan().ContainsAny('$', '\\');
        return plain
            ? FunctionCall.Make("regexp_replace({0}, {1}, {2}, 'g')", Text, call.Text(0), call.Text(1), call.Text(2))
            : FunctionCall.Make("hearth_regexp_replace({0}, {1}, {2})", Text, call.Text(0), call.Text(1), call.Text(2));
    }
}
