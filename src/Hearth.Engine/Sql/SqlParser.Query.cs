using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Queries: WITH, set operations, SELECT and its clauses.</summary>
public sealed partial class SqlParser
{
    private bool StartsQuery() => StartsQueryAt(_index);

    private bool StartsQueryAt(int index)
    {
        while (_tokens[index].IsSymbol("("))
        {
            index++;
        }

        Token token = _tokens[index];
        return token.IsWord("SELECT") || token.IsWord("WITH") || (token.IsWord("VALUES") && (_tokens[index + 1].IsSymbol("(") || _tokens[index + 1].Kind != TokenKind.Symbol))
            || (token.IsWord("FROM") && _tokens[index + 1].Kind is TokenKind.Word or TokenKind.QuotedName) || (token.IsWord("TABLE") && _tokens[index + 1].Kind is TokenKind.Word or TokenKind.QuotedName);
    }

    private Relation Query()
    {
        SourcePosition at = Here;
        Seq<NamedQuery> with = TryWord("WITH") ? CommaList(NamedQuery) : [];
        Relation body = OrderedQuery();
        return with.Count == 0 ? body : new WithQueries(with, body) { At = at };
    }

    private NamedQuery NamedQuery()
    {
        string name = Name();
        Seq<string> columns = IsSymbol("(") ? NameList() : [];
        _ = TryWord("AS");
        Symbol("(");
        Relation query = Query();
        Symbol(")");
        return new NamedQuery(name, columns, query);
    }

    private Relation OrderedQuery() => Pipes(QueryTail(UnionTerm()));

    private Relation QueryTail(Relation query)
    {
        SourcePosition at = Here;
        if (TryWords("ORDER", "BY") || TryWords("SORT", "BY"))
        {
            query = new Sort(query, IsWord("ALL") && !Ahead().IsSymbol("(") && !Ahead().IsSymbol(".") ? [AllColumns()] : CommaList(SortItem)) { At = at };
        }
        else if (TryWords("CLUSTER", "BY"))
        {
            query = new Sort(query, CommaList(Expression).Map(key => new SortKey(key))) { At = at };
        }
        else if (TryWords("DISTRIBUTE", "BY"))
        {
            _ = CommaList(Expression);
            query = TryWords("SORT", "BY") ? new Sort(query, CommaList(SortItem)) { At = at } : query;
        }

        Expr? count = null, offset = null;
        if (TryWord("LIMIT"))
        {
            count = TryWord("ALL") ? null : Expression();
        }

        if (TryWord("OFFSET"))
        {
            offset = Expression();
        }

        return count is null && offset is null ? query : new Limit(query, count, offset) { At = at };
    }

    // ORDER BY ALL: every column of the result, from left to right.
    private SortKey AllColumns()
    {
        _index++;
        bool ascending = TryWord("ASC") || !TryWord("DESC");
        return new SortKey(new StarExpr([]), ascending, TryWords("NULLS", "FIRST") ? true : TryWords("NULLS", "LAST") ? false : null);
    }

    private Relation UnionTerm()
    {
        Relation left = IntersectTerm();
        while (IsWord("UNION") || IsWord("EXCEPT") || IsWord("MINUS"))
        {
            SourcePosition at = Here;
            SetOperator kind = Take().IsWord("UNION") ? SetOperator.Union : SetOperator.Except;
            bool all = SetQuantifier();
            left = new SetOperation(kind, all, left, IntersectTerm()) { At = at };
        }

        return left;
    }

    private Relation IntersectTerm()
    {
        Relation left = QueryPrimary();
        while (IsWord("INTERSECT"))
        {
            SourcePosition at = Here;
            _index++;
            bool all = SetQuantifier();
            left = new SetOperation(SetOperator.Intersect, all, left, QueryPrimary()) { At = at };
        }

        return left;
    }

    private bool SetQuantifier()
    {
        bool all = TryWord("ALL");
        _ = !all && TryWord("DISTINCT");
        return all;
    }

    private Relation QueryPrimary()
    {
        SourcePosition at = Here;
        if (IsSymbol("("))
        {
            Symbol("(");
            Relation inner = Query();
            Symbol(")");
            return inner;
        }

        if (TryWord("VALUES"))
        {
            return AliasTail(InlineTable(at), at);
        }

        if (TryWord("TABLE"))
        {
            return new TableName(QualifiedName()) { At = at };
        }

        if (TryWord("FROM"))
        {
            return FromFirst(at);
        }

        return IsWord("SELECT") ? SelectQuery(at, null) : throw Unexpected("expected a query");
    }

    private Relation FromFirst(SourcePosition at)
    {
        Relation from = FromClause();
        if (IsWord("SELECT"))
        {
            Relation select = SelectQuery(at, from);
            return IsWord("SELECT") ? throw Unsupported("several SELECTs after one FROM") : select;
        }

        return new PipeInput(from) { At = at };
    }

    private Relation SelectQuery(SourcePosition at, Relation? leadingFrom)
    {
        Word("SELECT");
        // A hint is a comment to this engine (the lexer skips it): no hint changes a result.
        bool distinct = TryWord("DISTINCT");
        _ = !distinct && TryWord("ALL");
        Seq<Expr> items = CommaList(SelectItem);
        if (IsWord("USING"))
        {
            throw Unsupported("SELECT TRANSFORM .. USING");
        }

        Relation from = leadingFrom ?? (TryWord("FROM") ? FromClause() : new OneRow());
        from = LateralViews(from);
        Expr? where = TryWord("WHERE") ? Expression() : null;
        GroupBy? groupBy = TryWords("GROUP", "BY") ? Grouping() : null;
        Expr? having = TryWord("HAVING") ? Expression() : null;
        Seq<NamedWindow> windows = TryWord("WINDOW") ? CommaList(NamedWindow) : [];
        return windows.GroupBy(w => w.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new EngineException("INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION", $"The definition of window `{twice.Key}` is repetitive.", ErrorKind.ParseException, position: at)
            : new Select(items, from, where, groupBy, having, distinct, windows) { At = at };
    }

    private NamedWindow NamedWindow()
    {
        string name = Name();
        Word("AS");
        return new NamedWindow(name, Window());
    }

    private InlineValues InlineTable(SourcePosition at)
    {
        Seq<Seq<Expr>> rows = CommaList<Seq<Expr>>(() =>
        {
            Expr row = Expression();
            return row is CallExpr { Name: "struct", Args: { Count: > 1 } args } ? args : [row];
        });
        return new InlineValues(rows) { At = at };
    }
}
