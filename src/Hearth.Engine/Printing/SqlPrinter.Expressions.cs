using System.Globalization;
using Hearth.Engine.Formatting;
using Hearth.Engine.Plans;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Printing;

/// <summary>Expressions. What is printed can stand anywhere an operand can: it is a name, a literal, a call, or in parentheses.</summary>
internal sealed partial class SqlPrinter
{
    private void Expr(BoundExpr expr)
    {
        switch (expr)
        {
            case BoundColumn column:
                _out.Append(DuckTypes.Quote(column.Attribute.PhysicalName));
                break;
            case BoundLambdaVariable variable:
                _out.Append(DuckTypes.Quote(variable.Name));
                break;
            case BoundLiteral literal:
                Literal(literal);
                break;
            case BoundCast cast:
                _out.Append(CastSql.Print(Text(cast.Value), cast.Value.Type, cast.Type, _zone, cast.Strict));
                break;
            case BoundCall call:
                Template(call);
                break;
            case BoundCase choice:
                Case(choice);
                break;
            case BoundIn choice:
                _out.Append('(');
                Expr(choice.Value);
                _out.Append(" IN (");
                CommaList(choice.Items);
                _out.Append("))");
                break;
            case BoundInQuery query:
                InQuery(query);
                break;
            case BoundExists exists:
                _out.Append("EXISTS (");
                Plan(exists.Query);
                _out.Append(')');
                break;
            case BoundScalarQuery query:
                _out.Append("(SELECT ").Append(DuckTypes.Quote(query.Query.Output[0].PhysicalName)).Append(" FROM ");
                Source(query.Query);
                _out.Append(')');
                break;
            case BoundLambda lambda:
                _out.Append("lambda ").AppendJoin(", ", lambda.Parameters.Select(DuckTypes.Quote)).Append(": ");
                Expr(lambda.Body);
                break;
            case BoundAggregate aggregate:
                AggregateCall(aggregate, window: false);
                break;
            case BoundWindow window:
                Window(window);
                break;
            case BoundGenerator:
                throw new EngineException("UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS", "The generator is not supported: nested in expressions.");
            default:
                throw new InvalidOperationException($"No printing for {expr.GetType().Name}.");
        }
    }

    private void CommaList(IEnumerable<BoundExpr> items)
    {
        string separator = "";
        foreach (BoundExpr item in items)
        {
            _out.Append(separator);
            Expr(item);
            separator = ", ";
        }
    }

    private void Template(BoundCall call)
    {
        string template = call.Template;
        bool wrap = !(template.StartsWith('(') && template.EndsWith(')'));
        _out.Append(wrap ? "(" : "");
        string?[] texts = new string?[call.Args.Count];
        for (int i = 0; i < template.Length; i++)
        {
            if (template[i] == '{' && i + 2 < template.Length && char.IsAsciiDigit(template[i + 1]) && template.IndexOf('}', i) is var end && int.TryParse(template.AsSpan(i + 1, end - i - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
            {
                _out.Append(texts[index] ??= Text(call.Args[index]));
                i = end;
            }
            else
            {
                _out.Append(template[i]);
            }
        }

        _out.Append(wrap ? ")" : "");
    }

    private void Case(BoundCase choice)
    {
        _out.Append("(CASE");
        foreach (BoundBranch branch in choice.Branches)
        {
            _out.Append(" WHEN ");
            Expr(branch.When);
            _out.Append(" THEN ");
            Expr(branch.Then);
        }

        if (choice.Else is not null)
        {
            _out.Append(" ELSE ");
            Expr(choice.Else);
        }

        _out.Append(" END)");
    }

    private void InQuery(BoundInQuery query)
    {
        if (query.Values.Count > 1)
        {
            TupleIn(query);
            return;
        }

        _out.Append('(');
        CommaList(query.Values);
        _out.Append(" IN (SELECT ").Append(Columns(query.Query.Output)).Append(" FROM ");
        Source(query.Query);
        _out.Append("))");
    }

    // libduckdb compares structs as one value; Spark field by field, where a NULL makes the answer unknown.
    private void TupleIn(BoundInQuery query)
    {
        string equal = string.Join(" AND ", query.Values.Select((v, i) => $"({Text(v)} = {DuckTypes.Quote(query.Query.Output[i].PhysicalName)})"));
        _out.Append("(CASE WHEN EXISTS (SELECT 1 FROM ");
        Source(query.Query);
        _out.Append(" WHERE ").Append(equal).Append(") THEN true WHEN EXISTS (SELECT 1 FROM ");
        Source(query.Query);
        _out.Append(" WHERE (").Append(equal).Append(") IS NULL) THEN NULL ELSE false END)");
    }

    private void AggregateCall(BoundAggregate aggregate, bool window)
    {
        string function = aggregate.Function;
        if (window && function is "first" or "last")
        {
            function += "_value";
        }

        // Outside windows `first` and `last` skip NULLs by a filter.
        bool skip = aggregate.IgnoreNulls && !window && aggregate.Args.Count > 0;
        _out.Append(function).Append('(').Append(aggregate.Distinct ? "DISTINCT " : "");
        if (aggregate.Args.Count == 0 && function == "count")
        {
            _out.Append('*');
        }

        CommaList(aggregate.Args);
        if (aggregate.Order.Count > 0)
        {
            _out.Append(" ORDER BY ");
            SortKeys(aggregate.Order);
        }

        _out.Append(aggregate.IgnoreNulls && window ? " IGNORE NULLS)" : ")");
        if (aggregate.Filter is null && !skip)
        {
            return;
        }

        _out.Append(" FILTER (WHERE ");
        if (aggregate.Filter is not null)
        {
            Expr(aggregate.Filter);
        }

        if (skip)
        {
            _out.Append(aggregate.Filter is null ? "" : " AND ");
            Expr(aggregate.Args[0]);
            _out.Append(" IS NOT NULL");
        }

        _out.Append(')');
    }

    private void Window(BoundWindow window)
    {
        AggregateCall(window.Function, window: true);
        _out.Append(" OVER (");
        if (window.Partition.Count > 0)
        {
            _out.Append("PARTITION BY ");
            CommaList(window.Partition);
        }

        if (window.Order.Count > 0)
        {
            _out.Append(" ORDER BY ");
            SortKeys(window.Order);
        }

        if (window.Frame is { } frame)
        {
            _out.Append(frame.Rows ? " ROWS BETWEEN " : " RANGE BETWEEN ");
            Bound(frame.StartKind, frame.Start);
            _out.Append(" AND ");
            Bound(frame.EndKind, frame.End);
        }

        _out.Append(')');
    }

    private void Bound(FrameBoundKind kind, BoundExpr? offset)
    {
        if (offset is not null)
        {
            // A negative offset means the other side.
            if (offset is BoundLiteral { Value: long and < 0 and var n } literal)
            {
                Literal(literal with { Value = -n });
                kind = kind == FrameBoundKind.Preceding ? FrameBoundKind.Following : FrameBoundKind.Preceding;
            }
            else
            {
                Expr(offset);
            }

            _out.Append(' ');
        }

        _out.Append(kind switch
        {
            FrameBoundKind.UnboundedPreceding => "UNBOUNDED PRECEDING",
            FrameBoundKind.UnboundedFollowing => "UNBOUNDED FOLLOWING",
            FrameBoundKind.CurrentRow => "CURRENT ROW",
            FrameBoundKind.Preceding => "PRECEDING",
            _ => "FOLLOWING",
        });
    }

    private void Literal(BoundLiteral literal) => _out.Append(LiteralText(literal.Value, literal.Type));

    /// <summary>A typed DuckDB literal.</summary>
    internal static string LiteralText(object? value, SparkType type) => value switch
    {
        null => type == SparkType.Void ? "NULL" : $"CAST(NULL AS {DuckTypes.NameOf(type)})",
        bool b => b ? "true" : "false",
        long n => string.Create(CultureInfo.InvariantCulture, $"CAST({n} AS {DuckTypes.NameOf(type)})"),
        double d => $"CAST('{JavaText.OfDouble(d)}' AS DOUBLE)",
        float f => $"CAST('{JavaText.OfFloat(f)}' AS FLOAT)",
        SparkDecimal d => $"CAST('{d}' AS {DuckTypes.NameOf(type)})",
        string s => $"CAST({DuckTypes.Literal(s)} AS VARCHAR)",
        byte[] bytes => $"unhex('{Convert.ToHexString(bytes)}')",
        SparkDate d => string.Create(CultureInfo.InvariantCulture, $"(DATE '1970-01-01' + CAST({d.Days} AS INTEGER))"),
        SparkTimestamp t => string.Create(CultureInfo.InvariantCulture, $"make_timestamptz({t.Micros})"),
        SparkTimestampNtz t => string.Create(CultureInfo.InvariantCulture, $"make_timestamp({t.Micros})"),
        SparkInterval i => string.Create(CultureInfo.InvariantCulture, $"(to_months({i.Months}) + to_days({i.Days}) + to_microseconds({i.Micros}))"),
        ArrayValue a => $"[{string.Join(", ", a.Items.Select(v => LiteralText(v, ((ArrayType)type).Element)))}]::{DuckTypes.NameOf(type)}",
        StructValue s => "{" + string.Join(", ", s.Fields.Select((v, i) => $"{DuckTypes.Literal(((StructType)type).Fields[i].Name)}: {LiteralText(v, ((StructType)type).Fields[i].Type)}")) + "}",
        MapValue m => $"MAP([{string.Join(", ", m.Entries.Select(e => LiteralText(e.Key, ((MapType)type).Key)))}], [{string.Join(", ", m.Entries.Select(e => LiteralText(e.Value, ((MapType)type).Value)))}])::{DuckTypes.NameOf(type)}",
        _ => throw new InvalidOperationException($"No literal for {value.GetType().Name}."),
    };
}
