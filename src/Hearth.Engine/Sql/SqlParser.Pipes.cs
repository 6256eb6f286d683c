using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>The pipe syntax of Spark 4: <c>FROM t |&gt; WHERE .. |&gt; AGGREGATE .. GROUP BY ..</c>. Every operator takes the rows of what stands left of it.</summary>
public sealed partial class SqlParser
{
    private Relation Pipes(Relation query)
    {
        if (!IsSymbol("|>"))
        {
            return query;
        }

        query = new PipeInput(query) { At = query.At };
        while (TrySymbol("|>"))
        {
            query = PipeOperator(query, Here);
        }

        return query;
    }

    private Relation PipeOperator(Relation input, SourcePosition at)
    {
        string word = Current.Kind == TokenKind.Word ? Current.Text.ToUpperInvariant() : "";
        switch (word)
        {
            case "SELECT":
                _index++;
                bool distinct = TryWord("DISTINCT");
                _ = !distinct && TryWord("ALL");
                return PipeSelect(CommaList(SelectItem), input, distinct, at);
            case "EXTEND":
                _index++;
                Seq<Expr> more = CommaList(SelectItem);
                return more.FirstOrDefault(e => e is StarExpr) is { } star
                    ? throw new EngineException("INVALID_USAGE_OF_STAR_OR_REGEX", "Invalid usage of '*' in EXTEND.", position: star.At)
                    : PipeSelect([new StarExpr([]), .. more], input, distinct: false, at);
            case "SET":
                _index++;
                return CommaList(() =>
                {
                    string column = Name();
                    Symbol("=");
                    return (Column: column, Value: Expression());
                }).Aggregate(input, (from, set) => new PipeSet(from, set.Column, set.Value) { At = at });
            case "DROP":
                _index++;
                return new PipeDrop(input, CommaList(Name)) { At = at };
            case "AS":
                _index++;
                return new Aliased(input, Name(), []) { At = at };
            case "WHERE":
                _index++;
                Select kept = new([new StarExpr([])], input, Expression(), null, null, Distinct: false, []) { At = at };
                return IsWord("WINDOW") ? throw new EngineException("NOT_ALLOWED_IN_PIPE_OPERATOR_WHERE.WINDOW_CLAUSE", "The SQL pipe operator syntax with WHERE does not support a WINDOW clause.", ErrorKind.ParseException, position: Here) : kept;
            case "AGGREGATE":
                _index++;
                return PipeAggregate(input, at);
            case "UNION" or "EXCEPT" or "MINUS" or "INTERSECT":
                _index++;
                bool all = SetQuantifier();
                return new SetOperation(word == "UNION" ? SetOperator.Union : word == "INTERSECT" ? SetOperator.Intersect : SetOperator.Except, all, input, QueryPrimary()) { At = at };
            case "ORDER" or "SORT" or "CLUSTER" or "DISTRIBUTE" or "LIMIT" or "OFFSET":
                return QueryTail(input) is var sorted && sorted is Limit { In: Sort } && word != "LIMIT"
                    ? throw new EngineException("MULTIPLE_QUERY_RESULT_CLAUSES_WITH_PIPE_OPERATORS", "ORDER BY and LIMIT cannot coexist in the same SQL pipe operator using '|>'.", ErrorKind.ParseException, "write |> before each", at)
                    : sorted;
            case "PIVOT" or "UNPIVOT":
                return PipePivot(input);
            case "TABLESAMPLE":
                return SampleTail(input);
            default:
                Relation joined = JoinTail(input);
                return ReferenceEquals(joined, input) ? throw Unexpected("expected a pipe operator") : joined;
        }
    }

    private Relation PipePivot(Relation input)
    {
        Relation turned = PivotTail(input);
        return IsWord("PIVOT") || IsWord("UNPIVOT")
            ? throw new EngineException("NOT_ALLOWED_IN_FROM.UNPIVOT_WITH_PIVOT", "UNPIVOT together with PIVOT is not allowed.", ErrorKind.ParseException, "write |> before each", Here)
            : turned;
    }

    private Select PipeSelect(Seq<Expr> items, Relation input, bool distinct, SourcePosition at)
    {
        Seq<NamedWindow> windows = TryWord("WINDOW") ? CommaList(NamedWindow) : [];
        return new Select(items, input, null, null, null, distinct, windows) { At = at, Pipe = true };
    }

    // The keys come first in the result, then what is computed.
    private Select PipeAggregate(Relation input, SourcePosition at)
    {
        Seq<Expr> items = IsWords("GROUP", "BY") ? [] : CommaList(SelectItem);
        if (!TryWords("GROUP", "BY"))
        {
            return new Select(items, input, null, null, null, Distinct: false, []) { At = at, Aggregates = true, Computed = items.Count };
        }

        if (StartsSets() || IsWord("ALL"))
        {
            throw Unsupported("ROLLUP, CUBE, GROUPING SETS and GROUP BY ALL after |> AGGREGATE");
        }

        Seq<Expr> keys = CommaList(SelectItem);
        if (keys.Any(k => k is LiteralExpr { Value: long }))
        {
            throw Unsupported("ordinals after |> AGGREGATE .. GROUP BY");
        }

        return new Select([.. keys, .. items], input, null, new GroupBy(keys.Map(k => k is AliasExpr alias ? alias.Value : k)), null, Distinct: false, []) { At = at, Computed = items.Count };
    }
}
