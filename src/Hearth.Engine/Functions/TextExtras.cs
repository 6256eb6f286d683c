using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Text functions that run in our own code, and text functions over bytes.</summary>
internal static class TextExtras
{
    private static readonly SparkType Text = SparkType.String;

    public static void AddTo(FunctionList list)
    {
        list.Custom("is_valid_utf8", 1, 1, c => c.Type(0) == SparkType.Binary
            ? FunctionCall.Make("hearth_utf8_valid({0})", SparkType.Boolean, c.Arg(0))
            : FunctionCall.Make("CASE WHEN {0} IS NOT NULL THEN true END", SparkType.Boolean, c.Text(0)));
        list.Custom("make_valid_utf8", 1, 1, c => c.Type(0) == SparkType.Binary ? FunctionCall.Make("hearth_utf8({0})", Text, c.Arg(0)) : c.Text(0));
        list.Custom("validate_utf8", 1, 1, c => c.Type(0) == SparkType.Binary
            ? FunctionCall.Make("CASE WHEN {0} IS NULL OR hearth_utf8_valid({0}) THEN hearth_utf8({0}) ELSE error('[INVALID_UTF8_STRING] Invalid UTF8 byte sequence found in string: ' || hex({0}) || '.') END", Text, c.Arg(0))
            : c.Text(0));
        list.Custom("try_validate_utf8", 1, 1, c => c.Type(0) == SparkType.Binary ? FunctionCall.MakeNullable("CASE WHEN hearth_utf8_valid({0}) THEN hearth_utf8({0}) END", Text, c.Arg(0)) : c.Text(0));
        list.Scalar("quote", Text, @"('''' || replace({0}, '''', '\''') || '''')", Text);
        list.Custom("sentences", 1, 3, c => FunctionCall.Make(
            "list_transform(hearth_sentences({0}), lambda t: hearth_split(t, ' ', '-1'))", new ArrayType(new ArrayType(Text, false), false), c.Text(0)), defaults: ["", "", ""]);
    }

    /// <summary>substring over bytes.</summary>
    public static BoundExpr CutBytes(FunctionCall call)
    {
        const string From = "CASE WHEN {1} > 0 THEN {1} WHEN {1} = 0 OR {1} < -octet_length({0}) THEN 1 ELSE octet_length({0}) + 1 + {1} END";
        const string Length = "CASE WHEN {2} IS NULL OR {1} IS NULL THEN NULL ELSE greatest(CASE WHEN {1} < -octet_length({0}) THEN {2} + {1} + octet_length({0}) ELSE {2} END, 0) END";
        return call.Has(2)
            ? FunctionCall.Make($"unhex(substr(hex({{0}}), ({From}) * 2 - 1, CAST({Length} AS BIGINT) * 2))", SparkType.Binary, call.Arg(0), call.Int(1), call.Int(2))
            : FunctionCall.Make($"unhex(substr(hex({{0}}), ({From}) * 2 - 1))", SparkType.Binary, call.Arg(0), call.Int(1));
    }

    /// <summary>overlay over bytes.</summary>
    public static BoundExpr OverlayBytes(FunctionCall call) => FunctionCall.Make(
        "unhex(left(hex({0}), ({2} - 1) * 2) || hex({1}) || substr(hex({0}), ({2} + {3}) * 2 - 1))", SparkType.Binary, call.Arg(0), call.As(1, SparkType.Binary), call.Int(2),
        call.Has(3) && call.ConstantLong(3) is not -1 ? call.Int(3) : FunctionCall.Make("CAST(octet_length({0}) AS INTEGER)", SparkType.Int, call.As(1, SparkType.Binary)));

    /// <summary>lpad and rpad over bytes; they fill with zeros.</summary>
    public static BoundExpr PadBytes(FunctionCall call, bool left) => FunctionCall.Make(
        $"CASE WHEN octet_length({{2}}) = 0 THEN unhex(left(hex({{0}}), (CASE WHEN {{1}} < 0 THEN 0 ELSE {{1}} END) * 2)) ELSE unhex({(left ? "lpad" : "rpad")}(hex({{0}}), (CASE WHEN {{1}} < 0 THEN 0 ELSE {{1}} END) * 2, hex({{2}}))) END",
        SparkType.Binary, call.Arg(0), call.Int(1), call.Has(2) ? call.As(2, SparkType.Binary) : new BoundLiteral(new byte[] { 0 }, SparkType.Binary));
}
