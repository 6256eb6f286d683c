using System.Globalization;
using SortKey = Hearth.Engine.Sql.SortKey;
using Hearth.Engine.Formatting;
using Hearth.Engine.Functions;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Binding;

/// <summary>Automatic column names, as Spark's toPrettySQL makes them.</summary>
internal sealed partial class ExpressionBinder
{
    /// <summary>The name of an expression. At the top a field access is named by its field.</summary>
    public string Pretty(Expr expr, bool top = false) => expr switch
    {
        ColumnName name => PrettyName(name, top),
        LiteralExpr literal => PrettyLiteral(literal),
        AliasExpr alias => top ? alias.Names[0] : $"{Pretty(alias.Value)} AS {alias.Names[0]}",
        NamedArgument argument => Pretty(argument.Value),
        // A column that is only cast keeps its name.
        CastExpr { Value: ColumnName column } when top && IsWholeColumn(column) => column.Parts[^1],
        CastExpr cast => $"{(cast.Try ? "TRY_CAST" : "CAST")}({Pretty(cast.Value)} AS {cast.Type.SqlName})",
        CaseExpr choice => $"CASE {string.Join(' ', choice.Branches.Select(b => $"WHEN {Pretty(b.When)} THEN {Pretty(b.Then)}"))}{(choice.Else is null ? "" : $" ELSE {Pretty(choice.Else)}")} END",
        CallExpr call => PrettyCall(call),
        BareCall bare => Scope.Find([bare.Name], null) is null ? PrettyCall(bare.Call) : bare.Name,
        IndexExpr index => $"{Pretty(index.Base)}[{Pretty(index.Key)}]",
        FieldExpr field => top ? field.Field : $"{Pretty(field.Base)}.{field.Field}",
        InExpr choice => $"({Pretty(choice.Value)} IN ({string.Join(", ", choice.Items.Select(i => Pretty(i)))}))",
        InQueryExpr query => $"({Pretty(query.Value)} IN (listquery()))",
        ExistsExpr => "exists()",
        ScalarQueryExpr => "scalarsubquery()",
        WindowExpr window => $"{Pretty(window.Function)} OVER ({PrettyWindow(window)})",
        LambdaExpr lambda => $"lambdafunction({PrettyLambda(lambda)}, {string.Join(", ", lambda.Parameters.Select(_ => "namedlambdavariable()"))})",
        SortKeyExpr key => Pretty(key.Key.Value),
        StarExpr => "1",
        _ => expr.GetType().Name,
    };

    private bool IsWholeColumn(ColumnName name) => name.PlanId is not null ? name.Parts.Count == 1 : Scope.Find(name.Parts, null) is { } found && found.Used == name.Parts.Count;

    private string PrettyName(ColumnName name, bool top)
    {
        if (_prettyLambda.Contains(name.Parts[0], StringComparer.OrdinalIgnoreCase))
        {
            return name.Parts.Count == 1 ? "namedlambdavariable()" : "namedlambdavariable()." + string.Join('.', name.Parts.Skip(1));
        }

        if (name.PlanId is not null)
        {
            return top ? name.Parts[^1] : string.Join('.', name.Parts);
        }

        int used = 1;
        for (Scope? scope = Scope; scope is not null; scope = scope.Outer)
        {
            if (scope.Find(name.Parts, null) is { } found)
            {
                used = found.Used;
                break;
            }
        }

        if (used == 1 && Scope.LateralAliases is { } aliases && name.Parts.Count == 1 && !Scope.Named(name.Parts[0]).Any() && aliases.ContainsKey(name.Parts[0]) && !top)
        {
            return $"lateralAliasReference({name.Parts[0]})";
        }

        return top ? name.Parts[^1] : string.Join('.', name.Parts.Skip(used - 1));
    }

    private readonly List<string> _prettyLambda = [];

    private string PrettyLambda(LambdaExpr lambda)
    {
        _prettyLambda.AddRange(lambda.Parameters);
        string body = Pretty(lambda.Body);
        _prettyLambda.RemoveRange(_prettyLambda.Count - lambda.Parameters.Count, lambda.Parameters.Count);
        return body;
    }

    private static string PrettyLiteral(LiteralExpr literal) => literal.Value switch
    {
        null => "NULL",
        bool b => b ? "true" : "false",
        string s => s,
        double d => JavaText.OfDouble(d),
        float f => JavaText.OfFloat(f),
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        LiteralText t => $"{literal.Type.SqlName} '{NormalLiteral(t.Text, literal.Type)}'",
        SparkDate date => $"DATE '{DateText.OfDate(date.Days)}'",
        SparkTimestamp or SparkTimestampNtz => $"{literal.Type.SqlName} '{literal.Value}'",
        SparkInterval interval => IntervalText.Of(interval, literal.Type),
        _ => string.Format(CultureInfo.InvariantCulture, "{0}", literal.Value),
    };

    private static string NormalLiteral(string text, SparkType type) =>
        type == SparkType.Date ? DateTimeReader.Date(text) is { } days ? DateText.OfDate(days) : text
        : DateTimeReader.LocalMicros(text) is { } micros ? DateText.OfLocal(micros) : text;

    private string PrettyCall(CallExpr call)
    {
        string[] args = [.. ExpandStars(call).Args.Select(a => Pretty(a))];
        string symbol = call.Name.ToLowerInvariant();
        symbol = symbol == "getfield" && Bind(call.Args[0]).Type is not StructType ? "getitem" : symbol;
        if (Operators.PrettyOf(symbol, args) is { } text)
        {
            return text;
        }

        FunctionDefinition? definition = Binder.Session.FindFunction(call.Name) ?? FunctionTable.Find(call.Name);
        if (definition is null)
        {
            return $"{call.Name}({string.Join(", ", args)})";
        }

        if (definition.Pretty is { } own)
        {
            return own(args);
        }

        args = args.Length > definition.ShownArguments ? args[..definition.ShownArguments] : args;
        string[] defaults = definition.Defaults;
        string[] all = args.Length < defaults.Length ? [.. args, .. defaults.Skip(args.Length)] : args;
        string body = $"{definition.ShownName ?? symbol}({(call.Distinct ? "DISTINCT " : "")}{string.Join(", ", all)})";
        return call.Filter is null ? body : $"{body} FILTER (WHERE {Pretty(call.Filter)})";
    }

    private string PrettyWindow(WindowExpr window)
    {
        WindowSpec spec = Resolve(window.Spec, window.At);
        List<string> parts = [];
        if (spec.Partition.Count > 0)
        {
            parts.Add($"PARTITION BY {string.Join(", ", spec.Partition.Select(p => Pretty(p)))}");
        }

        if (spec.Order.Count > 0)
        {
            parts.Add($"ORDER BY {string.Join(", ", spec.Order.Select(PrettySortKey))}");
        }

        parts.Add(PrettyFrame(window, spec));
        return string.Join(' ', parts);
    }

    private string PrettySortKey(SortKey key)
    {
        SortKey plain = key.Value is SortKeyExpr inner ? inner.Key : key;
        bool nullsFirst = plain.NullsFirst ?? plain.Ascending;
        return $"{Pretty(plain.Value)} {(plain.Ascending ? "ASC" : "DESC")} NULLS {(nullsFirst ? "FIRST" : "LAST")}";
    }

    private string PrettyFrame(WindowExpr window, WindowSpec spec)
    {
        string name = window.Function is CallExpr call ? call.Name.ToLowerInvariant() : "";
        if (name is "lag" or "lead")
        {
            string offset = ((CallExpr)window.Function).Args.Count > 1 ? Pretty(((CallExpr)window.Function).Args[1]) : "1";
            string at = name == "lead" ? offset : offset.StartsWith('-') ? offset[1..] : "-" + offset;
            return $"ROWS BETWEEN {at} FOLLOWING AND {at} FOLLOWING";
        }

        if (spec.Frame is { } frame)
        {
            return $"{(frame.Rows ? "ROWS" : "RANGE")} BETWEEN {PrettyBound(frame.Start)} AND {PrettyBound(frame.End)}";
        }

        bool rows = name is "row_number" or "rank" or "dense_rank" or "percent_rank" or "cume_dist" or "ntile" || spec.Order.Count == 0;
        bool fixedFrame = name is "row_number" or "rank" or "dense_rank" or "percent_rank" or "cume_dist" or "ntile";
        string end = spec.Order.Count == 0 && !fixedFrame ? "UNBOUNDED FOLLOWING" : "CURRENT ROW";
        return $"{(rows ? "ROWS" : "RANGE")} BETWEEN UNBOUNDED PRECEDING AND {end}";
    }

    private string PrettyBound(FrameBound bound) => bound.Kind switch
    {
        FrameBoundKind.UnboundedPreceding => "UNBOUNDED PRECEDING",
        FrameBoundKind.UnboundedFollowing => "UNBOUNDED FOLLOWING",
        FrameBoundKind.CurrentRow => "CURRENT ROW",
        FrameBoundKind.Preceding => $"{Negate(Pretty(bound.Offset!))} FOLLOWING",
        _ => $"{Pretty(bound.Offset!)} FOLLOWING",
    };

    private static string Negate(string text) => text.StartsWith('-') ? text[1..] : "-" + text;
}
