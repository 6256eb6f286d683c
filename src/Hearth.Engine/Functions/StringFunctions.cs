using Hearth.Engine.Binding;
using Hearth.Engine.Plans;
using Hearth.Engine.Types;

namespace Hearth.Engine.Functions;

/// <summary>Text functions.</summary>
internal static class StringFunctions
{
    private static readonly SparkType Text = SparkType.String;

    public static void AddTo(FunctionList list)
    {
        Basics(list);
        Cutting(list);
        Searching(list);
        Encoding(list);
    }

    private static void Basics(FunctionList list)
    {
        list.Scalar("lower lcase", Text, "lower({0})", Text);
        list.Scalar("upper ucase", Text, "upper({0})", Text);
        list.Custom("length len char_length character_length", 1, 1, c => c.Type(0) == SparkType.Binary
            ? FunctionCall.Make("CAST(octet_length({0}) AS INTEGER)", SparkType.Int, c.Arg(0))
            : FunctionCall.Make("CAST(length({0}) AS INTEGER)", SparkType.Int, c.Text(0)));
        list.Custom("octet_length", 1, 1, c => c.Type(0) == SparkType.Binary ? FunctionCall.Make("CAST(octet_length({0}) AS INTEGER)", SparkType.Int, c.Arg(0)) : FunctionCall.Make("CAST(strlen({0}) AS INTEGER)", SparkType.Int, c.Text(0)));
        list.Custom("bit_length", 1, 1, c => c.Type(0) == SparkType.Binary ? FunctionCall.Make("CAST(octet_length({0}) * 8 AS INTEGER)", SparkType.Int, c.Arg(0)) : FunctionCall.Make("CAST(strlen({0}) * 8 AS INTEGER)", SparkType.Int, c.Text(0)));
        list.Scalar("ascii", SparkType.Int, "CAST(CASE WHEN {0} = '' THEN 0 ELSE unicode({0}) END AS INTEGER)", Text);
        list.Scalar("char chr", Text, "CASE WHEN {0} < 0 THEN '' ELSE chr(CAST({0} % 256 AS INTEGER)) END", SparkType.Long);
        list.Custom("concat", 0, FunctionDefinition.Any, Concat);
        list.Custom("||", 2, 2, Concat);
        list.Custom("concat_ws", 1, FunctionDefinition.Any, ConcatWs);
        list.Scalar("repeat", Text, "repeat({0}, (CASE WHEN {1} < 0 THEN 0 ELSE {1} END))", Text, SparkType.Int);
        list.Scalar("space", Text, "repeat(' ', (CASE WHEN {0} < 0 THEN 0 ELSE {0} END))", SparkType.Int);
        list.Custom("reverse", 1, 1, c => c.Type(0) is ArrayType ? FunctionCall.Make("list_reverse({0})", c.Type(0), c.Arg(0)) : FunctionCall.Make("reverse({0})", Text, c.Text(0)));
        list.Custom("replace", 2, 3, c => FunctionCall.Make("CASE WHEN {1} = '' THEN {0} ELSE replace({0}, {1}, {2}) END", Text, c.Text(0), c.Text(1), c.Has(2) ? c.Text(2) : new BoundLiteral("", Text)), defaults: ["", "", ""]);
        list.Scalar("translate", Text, "translate({0}, {1}, {2})", Text, Text, Text);
        list.Scalar("initcap", Text, "array_to_string(list_transform(string_split(lower({0}), ' '), lambda w: upper(w[1]) || w[2:]), ' ')", Text);
        list.Scalar("soundex", Text, "hearth_soundex({0})", Text);
        list.Custom("levenshtein", 2, 3, c => c.Has(2)
            ? FunctionCall.Make("CASE WHEN hearth_levenshtein({0}, {1}) <= {2} THEN hearth_levenshtein({0}, {1}) ELSE -1 END", SparkType.Int, c.Text(0), c.Text(1), c.Int(2))
            : FunctionCall.Make("hearth_levenshtein({0}, {1})", SparkType.Int, c.Text(0), c.Text(1)));
        list.Scalar("luhn_check", SparkType.Boolean, "(hearth_luhn({0}) = 'true')", Text);
        list.Custom("mask", 1, 5, Mask, defaults: ["", "X", "x", "n", "NULL"]);
        list.Names("mask", "str", "upperChar", "lowerChar", "digitChar", "otherChar");
        list.Custom("format_string printf", 1, FunctionDefinition.Any, c => FormatText.Bind(c));
        list.Custom("format_number", 2, 2, c => c.Type(1) == Text
            ? FunctionCall.MakeNullable("hearth_format_pattern(CAST({0} AS VARCHAR), {1})", Text, c.Type(0) == Text ? c.Double(0) : c.Arg(0), c.Text(1))
            : FunctionCall.MakeNullable("hearth_format_number(CAST({0} AS VARCHAR), CAST({1} AS VARCHAR))", Text, c.Type(0) == Text ? c.Double(0) : c.Arg(0), c.Int(1)));
    }

    private static BoundExpr Concat(FunctionCall call)
    {
        if (call.Count == 0)
        {
            return new BoundLiteral("", Text);
        }

        bool arrays = call.Args.Any(a => a.Type is ArrayType), binary = !arrays && call.Args.All(a => a.Type == SparkType.Binary);
        SparkType type = arrays ? call.Unified().Type : binary ? SparkType.Binary : Text;
        BoundExpr[] parts = [.. Enumerable.Range(0, call.Count).Select(i => call.As(i, type))];
        return parts.Length == 1 ? parts[0] : FunctionCall.Make($"({string.Join(" || ", parts.Select((_, i) => $"{{{i}}}"))})", type, parts);
    }

    // NULL is skipped, the items of arrays are spread.
    private static BoundExpr ConcatWs(FunctionCall call)
    {
        if (call.Count == 1)
        {
            return FunctionCall.Make("CASE WHEN {0} IS NULL THEN NULL ELSE '' END", Text, call.Text(0));
        }

        List<BoundExpr> args = [call.Text(0)];
        List<string> parts = [];
        for (int i = 1; i < call.Count; i++)
        {
            bool array = call.Type(i) is ArrayType;
            args.Add(array ? call.As(i, new ArrayType(Text)) : call.Text(i));
            parts.Add(array ? $"CASE WHEN len(list_filter({{{i}}}, lambda x: x IS NOT NULL)) = 0 THEN NULL ELSE array_to_string({{{i}}}, {{0}}) END" : $"{{{i}}}");
        }

        return new BoundCall($"concat_ws({{0}}, {string.Join(", ", parts)})", args.ToSeq(), Text, args[0].Nullable);
    }

    private static BoundCall Mask(FunctionCall call)
    {
        string[] defaults = ["", "X", "x", "n"];
        List<BoundExpr> args = [call.Text(0)];
        for (int i = 1; i < 5; i++)
        {
            args.Add(call.Has(i) ? MaskCharacter(call, i) : new BoundLiteral(i < 4 ? defaults[i] : null, Text));
        }

        return new BoundCall("hearth_mask({0}, {1}, {2}, {3}, {4})", args.ToSeq(), Text, args[0].Nullable);
    }

    // Spark asks for one constant character, or NULL: leave as it is.
    private static BoundExpr MaskCharacter(FunctionCall call, int index) => call.Arg(index) switch
    {
        BoundLiteral { Value: null } => new BoundLiteral(null, Text),
        BoundLiteral { Value: string { Length: not 1 } } => throw Errors.Mismatch("INPUT_SIZE_NOT_ONE", $"Cannot resolve \"mask\" due to data type mismatch: Length of `{call.Definition.Parameters[index]}` should be 1.", call.At),
        BoundLiteral { Value: string } => call.Text(index),
        { Type: var type } when type != Text => throw call.Mismatch(index, "STRING"),
        _ => throw Errors.Mismatch("NON_FOLDABLE_INPUT", $"Cannot resolve \"mask\" due to data type mismatch: the input `{call.Definition.Parameters[index]}` should be a foldable \"STRING\" expression.", call.At),
    };

    private static void Cutting(FunctionList list)
    {
        list.Custom("substring substr", 2, 3, Substring, defaults: ["", "", "2147483647"]);
        foreach (string side in (ReadOnlySpan<string>)["left", "right"])
        {
            list.Custom(side, 2, 2, c => c.Type(0) == SparkType.Binary
                ? FunctionCall.Make($"unhex({side}(hex({{0}}), (CASE WHEN {{1}} < 0 THEN 0 ELSE {{1}} END) * 2))", SparkType.Binary, c.Arg(0), c.Int(1))
                : FunctionCall.Make($"{side}({{0}}, (CASE WHEN {{1}} < 0 THEN 0 ELSE {{1}} END))", Text, c.Text(0), c.Int(1)));
        }

        list.Scalar("substring_index", Text, "CASE WHEN {2} > 0 THEN array_to_string(string_split({0}, {1})[1:{2}], {1}) WHEN {2} < 0 THEN array_to_string(string_split({0}, {1})[{2}:], {1}) WHEN {2} = 0 THEN '' END", Text, Text, SparkType.Int);
        foreach (string name in (ReadOnlySpan<string>)["lpad", "rpad"])
        {
            list.Custom(name, 2, 3, c => c.Type(0) == SparkType.Binary ? TextExtras.PadBytes(c, name == "lpad") : FunctionCall.Make($"CASE WHEN {{2}} = '' THEN left({{0}}, (CASE WHEN {{1}} < 0 THEN 0 ELSE {{1}} END)) ELSE {name}({{0}}, (CASE WHEN {{1}} < 0 THEN 0 ELSE {{1}} END), {{2}}) END", Text, c.Text(0), c.Int(1), c.Has(2) ? c.Text(2) : new BoundLiteral(" ", Text)), defaults: ["", "", " "]);
        }

        list.Custom("trim", 1, 1, c => FunctionCall.Make("trim({0}, ' ')", Text, c.Text(0)));
        list.Custom("btrim", 1, 2, c => FunctionCall.Make("trim({0}, {1})", Text, c.Text(0), c.Has(1) ? c.Text(1) : new BoundLiteral(" ", Text)));
        // Spark: ltrim(characters, text).
        list.Custom("ltrim", 1, 2, c => c.Has(1) ? FunctionCall.Make("ltrim({0}, {1})", Text, c.Text(1), c.Text(0)) : FunctionCall.Make("ltrim({0}, ' ')", Text, c.Text(0)));
        list.Custom("rtrim", 1, 2, c => c.Has(1) ? FunctionCall.Make("rtrim({0}, {1})", Text, c.Text(1), c.Text(0)) : FunctionCall.Make("rtrim({0}, ' ')", Text, c.Text(0)));
        foreach ((string side, string name) in (ReadOnlySpan<(string, string)>)[("both", "trim"), ("leading", "ltrim"), ("trailing", "rtrim")])
        {
            list.Custom($"trim_{side}", 2, 2, c => FunctionCall.Make($"{name}({{0}}, {{1}})", Text, c.Text(1), c.Text(0)), pretty: a => $"TRIM({side.ToUpperInvariant()} {a[0]} FROM {a[1]})");
        }

        list.Custom("overlay", 3, 4, c => c.Type(0) == SparkType.Binary ? TextExtras.OverlayBytes(c) : FunctionCall.Make("(left({0}, {2} - 1) || {1} || substr({0}, {2} + {3}))", Text, c.Text(0), c.Text(1), c.Int(2), c.Has(3) && c.ConstantLong(3) is not -1 ? c.Int(3) : FunctionCall.Make("length({0})", SparkType.Int, c.Text(1))), defaults: ["", "", "", "-1"]);
        list.Custom("split_part", 3, 3, c => FunctionCall.Make("CASE WHEN {2} = 0 THEN error('[INVALID_INDEX_OF_ZERO] The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).') WHEN {1} = '' THEN (CASE WHEN {2} IN (1, -1) THEN {0} ELSE '' END) ELSE split_part({0}, {1}, {2}) END", Text, c.Text(0), c.Text(1), c.Int(2)));
        list.Custom("elt", 2, FunctionDefinition.Any, c =>
        {
            BoundExpr[] items = [c.Int(0), .. Enumerable.Range(1, c.Count - 1).Select(c.Text)];
            string list = $"[{string.Join(", ", Enumerable.Range(1, c.Count - 1).Select(i => $"{{{i}}}"))}]";
            string outside = c.Ansi ? $"WHEN {{0}} < 1 OR {{0}} > {c.Count - 1} THEN error('[INVALID_ARRAY_INDEX] The index ' || {{0}} || ' is out of bounds. The array has {c.Count - 1} elements. Use the SQL function `get()` to tolerate accessing element at invalid index and return NULL instead.') " : "";
            return FunctionCall.MakeNullable($"CASE {outside}WHEN {{0}} >= 1 THEN list_extract({list}, {{0}}) END", Text, items);
        });
    }

    private static BoundExpr Substring(FunctionCall call)
    {
        if (call.Type(0) == SparkType.Binary)
        {
            return TextExtras.CutBytes(call);
        }

        // Position 0 counts as 1; a negative one counts from the end, and what lies before the start is cut off.
        string from = call.ConstantLong(1) is > 0 ? "{1}" : "CASE WHEN {1} = 0 THEN 1 WHEN {1} < -length({0}) THEN 1 ELSE {1} END";
        if (!call.Has(2))
        {
            return FunctionCall.Make($"substr({{0}}, {from})", Text, call.Text(0), call.Int(1));
        }

        string length = call.ConstantLong(1) is > 0 ? "(CASE WHEN {2} < 0 THEN 0 ELSE {2} END)" : "CASE WHEN {2} IS NULL OR {1} IS NULL THEN NULL ELSE greatest(CASE WHEN {1} < -length({0}) THEN {2} + {1} + length({0}) ELSE {2} END, 0) END";
        return FunctionCall.Make($"substr({{0}}, {from}, {length})", Text, call.Text(0), call.Int(1), call.Int(2));
    }

    private static void Searching(FunctionList list)
    {
        foreach ((string spark, string duck) in (ReadOnlySpan<(string, string)>)[("contains", "contains"), ("startswith", "starts_with"), ("endswith", "ends_with")])
        {
            list.Custom(spark, 2, 2, c => c.Type(0) == SparkType.Binary && c.Type(1) == SparkType.Binary
                ? FunctionCall.Make($"{duck}(hex({{0}}), hex({{1}}))", SparkType.Boolean, c.Arg(0), c.Arg(1))
                : FunctionCall.Make($"{duck}({{0}}, {{1}})", SparkType.Boolean, c.Text(0), c.Text(1)));
        }

        list.Scalar("instr", SparkType.Int, "CAST(strpos({0}, {1}) AS INTEGER)", Text, Text);
        list.Custom("locate position", 2, 3, c => c.Has(2)
            ? FunctionCall.Make("CAST(CASE WHEN {2} < 1 THEN 0 WHEN strpos(substr({1}, {2}), {0}) = 0 THEN 0 ELSE strpos(substr({1}, {2}), {0}) + {2} - 1 END AS INTEGER)", SparkType.Int, c.Text(0), c.Text(1), c.Int(2))
            : FunctionCall.Make("CAST(strpos({1}, {0}) AS INTEGER)", SparkType.Int, c.Text(0), c.Text(1)), defaults: ["", "", "1"]);
        list.Scalar("find_in_set", SparkType.Int, "CAST(CASE WHEN contains({0}, ',') THEN 0 ELSE coalesce(list_position(string_split({1}, ','), {0}), 0) END AS INTEGER)", Text, Text);
    }

    private static void Encoding(FunctionList list)
    {
        list.Custom("base64", 1, 1, c => c.Type(0) == SparkType.Binary ? FunctionCall.Make("to_base64({0})", Text, c.Arg(0)) : FunctionCall.Make("to_base64(encode({0}))", Text, c.Text(0)));
        list.Scalar("unbase64", SparkType.Binary, "from_base64(regexp_replace({0}, '\\s', '', 'g'))", Text);
        list.Custom("encode", 2, 2, c => Charset(c) ? FunctionCall.Make("encode({0})", SparkType.Binary, c.Text(0)) : throw c.Unsupported("with a charset other than UTF-8"));
        list.Custom("decode", 2, FunctionDefinition.Any, c => c.Count == 2
            ? Charset(c) ? FunctionCall.Make("hearth_utf8({0})", Text, c.Type(0) == SparkType.Binary ? c.Arg(0) : c.As(0, SparkType.Binary)) : throw c.Unsupported("with a charset other than UTF-8")
            : Choose(c));
        list.Custom("to_binary", 1, 2, c => ToBinary(c, false));
        list.Custom("try_to_binary", 1, 2, c => ToBinary(c, true));
        list.Scalar("url_encode", Text, "replace(replace(url_encode({0}), '%20', '+'), '%2A', '*')", Text);
        list.Scalar("url_decode", Text, UrlDecode, Text);
        list.Custom("try_url_decode", 1, 1, c => FunctionCall.MakeNullable("CASE WHEN NOT " + BrokenUrl + " THEN url_decode(replace({0}, '+', ' ')) END", Text, c.Text(0)));
        list.Custom("parse_url try_parse_url", 2, 3, c => new BoundCall("hearth_parse_url({0}, {1}, {2})", [c.Text(0), c.Text(1), c.Has(2) ? c.Text(2) : new BoundLiteral(null, Text)], Text, true));
        list.Custom("md5", 1, 1, c => FunctionCall.Make("md5({0})", Text, c.Type(0) == SparkType.Binary ? c.Arg(0) : c.Text(0)));
        list.Custom("sha sha1", 1, 1, c => FunctionCall.Make("sha1({0})", Text, c.Type(0) == SparkType.Binary ? c.Arg(0) : c.Text(0)));
        list.Custom("sha2", 2, 2, c => c.ConstantLong(1) is 0 or 256 ? FunctionCall.Make("sha256({0})", Text, c.Type(0) == SparkType.Binary ? c.Arg(0) : c.Text(0))
            : FunctionCall.MakeNullable("hearth_sha2(CAST({0} AS BLOB), {1})", Text, c.Type(0) == SparkType.Binary ? c.Arg(0) : c.As(0, SparkType.Binary), c.Int(1)));
    }

    private const string BrokenUrl = "regexp_matches({0}, '%([^0-9A-Fa-f]|$|[0-9A-Fa-f]([^0-9A-Fa-f]|$))')";

    private const string UrlDecode = "CASE WHEN " + BrokenUrl + " THEN error('[CANNOT_DECODE_URL] The provided URL cannot be decoded: ' || {0} || '. Please ensure that the URL is properly formatted and try again.') ELSE url_decode(replace({0}, '+', ' ')) END";

    private static bool Charset(FunctionCall call) => call.ConstantText(1)?.ToUpperInvariant() is "UTF-8" or "UTF8";

    private static BoundExpr ToBinary(FunctionCall call, bool attempt)
    {
        string format = call.Has(1) ? call.ConstantText(1)?.ToLowerInvariant() ?? throw call.Unsupported("with a format that is not constant") : "hex";
        string? template = format switch { "hex" => "unhex({0})", "base64" => "from_base64(regexp_replace({0}, '\\s', '', 'g'))", "utf-8" or "utf8" => "encode({0})", _ => null };
        return template is null
            ? attempt ? new BoundLiteral(null, SparkType.Binary) : throw call.Unsupported($"with the format '{format}'")
            : FunctionCall.MakeNullable(attempt ? $"TRY({template})" : template, SparkType.Binary, call.Text(0));
    }

    // decode(value, key, result, .., otherwise): NULL equals NULL.
    private static BoundCase Choose(FunctionCall call)
    {
        int pairs = (call.Count - 1) / 2;
        bool otherwise = call.Count % 2 == 0;
        BoundExpr[] results = [.. Enumerable.Range(0, pairs).Select(i => call.Arg((i * 2) + 2)), .. otherwise ? [call.Arg(call.Count - 1)] : Array.Empty<BoundExpr>()];
        SparkType type = call.Binder.Unify(results, call.Name, call.At);
        Seq<BoundBranch> branches = Enumerable.Range(0, pairs).Select(i =>
        {
            SparkType key = Coercion.ForComparison(call.Type(0), call.Type((i * 2) + 1), call.Ansi) ?? throw call.Mismatch((i * 2) + 1, call.Type(0).SqlName);
            return new BoundBranch(FunctionCall.Make("({0} IS NOT DISTINCT FROM {1})", SparkType.Boolean, call.As(0, key), call.As((i * 2) + 1, key)), results[i].To(type));
        }).ToSeq();
        return new BoundCase(branches, otherwise ? results[^1].To(type) : null, type);
    }
}
