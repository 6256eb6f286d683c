using System.Globalization;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>FROM: tables, joins, lateral views, pivots, samples.</summary>
public sealed partial class SqlParser
{
    private Relation FromClause()
    {
        Relation left = JoinedRelation();
        while (TrySymbol(","))
        {
            bool lateral = TryWord("LATERAL");
            left = new Join(left, JoinTail(RelationPrimary()), JoinKind.Cross, null, null, Natural: false, lateral) { At = left.At };
        }

        return PivotTail(left);
    }

    private Relation JoinedRelation()
    {
        bool lateral = TryWord("LATERAL");
        _ = lateral;
        return JoinTail(RelationPrimary());
    }

    private Relation JoinTail(Relation left)
    {
        while (TryJoinKind(out JoinKind kind, out bool natural))
        {
            SourcePosition at = Here;
            bool lateral = TryWord("LATERAL");
            Relation right = RelationPrimary();
            Expr? on = null;
            Seq<string>? names = null;
            if (TryWord("ON"))
            {
                on = Expression();
            }
            else if (TryWord("USING"))
            {
                names = NameList();
            }

            if (lateral && (natural || names is not null))
            {
                throw natural
                    ? new EngineException("INCOMPATIBLE_JOIN_TYPES", "The join types LATERAL and NATURAL are incompatible.", ErrorKind.ParseException, position: at)
                    : new EngineException("UNSUPPORTED_FEATURE.LATERAL_JOIN_USING", "JOIN USING with LATERAL correlation is not supported.", ErrorKind.UnsupportedOperationException, position: at);
            }

            left = new Join(left, right, kind, on, names, natural, lateral) { At = at };
        }

        return left;
    }

    private bool TryJoinKind(out JoinKind kind, out bool natural)
    {
        int mark = _index;
        natural = TryWord("NATURAL");
        kind = JoinKind.Inner;
        if (TryWord("CROSS"))
        {
            kind = JoinKind.Cross;
        }
        else if (TryWord("LEFT"))
        {
            kind = TryWord("SEMI") ? JoinKind.LeftSemi : TryWord("ANTI") ? JoinKind.LeftAnti : JoinKind.Left;
        }
        else if (TryWord("RIGHT"))
        {
            kind = JoinKind.Right;
        }
        else if (TryWord("FULL"))
        {
            kind = JoinKind.Full;
        }
        else if (TryWord("SEMI"))
        {
            kind = JoinKind.LeftSemi;
        }
        else if (TryWord("ANTI"))
        {
            kind = JoinKind.LeftAnti;
        }
        else
        {
            _ = TryWord("INNER");
        }

        _ = kind is JoinKind.Left or JoinKind.Right or JoinKind.Full && TryWord("OUTER");
        if (TryWord("JOIN"))
        {
            return true;
        }

        _index = mark;
        return false;
    }

    private Relation RelationPrimary()
    {
        SourcePosition at = Here;
        Relation relation;
        if (IsSymbol("("))
        {
            Symbol("(");
            relation = StartsQuery() ? Query() : FromClause();
            Symbol(")");
        }
        else if (TryWord("VALUES"))
        {
            relation = InlineTable(at);
        }
        else if (IsWord("IDENTIFIER") && Ahead().IsSymbol("("))
        {
            relation = TravelTail(new TableName(IdentifierName()) { At = at });
        }
        else if (IsName && Ahead().IsSymbol("("))
        {
            string name = Name();
            Symbol("(");
            Seq<Expr> args = IsSymbol(")") ? [] : CommaList(Argument);
            Symbol(")");
            relation = new TableFunction(name, args) { At = at };
        }
        else
        {
            relation = TravelTail(new TableName(QualifiedName()) { At = at });
        }

        return AliasTail(LateralViews(PivotTail(SampleTail(AliasTail(relation, at)))), at);
    }

    // [FOR] VERSION AS OF n, [FOR] TIMESTAMP AS OF t.
    private Relation TravelTail(TableName table)
    {
        int ahead = IsWord("FOR") ? 1 : 0;
        bool version = Ahead(ahead).IsWord("VERSION") || Ahead(ahead).IsWord("SYSTEM_VERSION"), time = Ahead(ahead).IsWord("TIMESTAMP") || Ahead(ahead).IsWord("SYSTEM_TIME");
        if (!(version || time) || !Ahead(ahead + 1).IsWord("AS") || !Ahead(ahead + 2).IsWord("OF"))
        {
            return table;
        }

        _index += ahead + 3;
        Expr value = Expression();
        return new TimeTravel(table, version ? value : null, time ? value : null) { At = table.At };
    }

    private Relation AliasTail(Relation relation, SourcePosition at)
    {
        if (AliasName() is not { } name)
        {
            return relation;
        }

        Seq<string> columns = IsSymbol("(") ? NameList() : [];
        return new Aliased(relation, name, columns) { At = at };
    }

    private Relation SampleTail(Relation relation)
    {
        if (!TryWord("TABLESAMPLE"))
        {
            return relation;
        }

        Symbol("(");
        if (TryWord("BUCKET"))
        {
            double bucket = double.Parse(Take().Text, CultureInfo.InvariantCulture);
            Word("OUT");
            Word("OF");
            double buckets = double.Parse(Take().Text, CultureInfo.InvariantCulture);
            Symbol(")");
            return buckets >= bucket && bucket > 0 ? new Sample(relation, bucket / buckets, null, null) : throw Unexpected("expected a bucket between 1 and the number of buckets");
        }

        double amount = Current.Kind is TokenKind.Integer or TokenKind.Decimal ? double.Parse(Take().Text, CultureInfo.InvariantCulture) : throw Unsupported("this TABLESAMPLE form");
        if (amount > 100 && IsWord("PERCENT"))
        {
            throw Unexpected($"sampling fraction ({amount / 100}) must be on interval [0, 1]");
        }

        Sample sample = TryWord("PERCENT") ? new Sample(relation, amount / 100, null, null)
            : TryWord("ROWS") ? new Sample(relation, null, (long)amount, null)
            : throw Unsupported("this TABLESAMPLE form");
        Symbol(")");
        if (TryWord("REPEATABLE"))
        {
            Symbol("(");
            sample = sample with { Seed = long.Parse(Take().Text, CultureInfo.InvariantCulture) };
            Symbol(")");
        }

        return sample;
    }

    private Relation LateralViews(Relation relation)
    {
        while (TryWords("LATERAL", "VIEW"))
        {
            SourcePosition at = Here;
            bool outer = TryWord("OUTER");
            string function = Name();
            Symbol("(");
            Seq<Expr> args = IsSymbol(")") ? [] : CommaList(Argument);
            Symbol(")");
            string name = IsName && !IsWord("AS") && !NotAlias.Contains(Current.Text) ? Name() : "";
            Seq<string> columns = TryWord("AS") ? CommaList(Name) : [];
            relation = new LateralView(relation, new CallExpr(function, args) { At = at }, outer, name, columns) { At = at };
        }

        return relation;
    }

    private Relation PivotTail(Relation relation)
    {
        SourcePosition at = Here;
        if (IsWord("PIVOT") && Ahead().IsSymbol("("))
        {
            _index += 2;
            Seq<Expr> aggregates = CommaList(SelectItem);
            Word("FOR");
            Seq<Expr> columns = IsSymbol("(") ? NameList().Map(name => (Expr)new ColumnName([name])) : [new ColumnName([Name()])];
            Word("IN");
            Symbol("(");
            Seq<PivotValue> values = CommaList(PivotValue);
            Symbol(")");
            Symbol(")");
            return AliasTail(new PivotRelation(relation, aggregates, new PivotClause(columns, values)) { At = at }, at);
        }

        return IsWord("UNPIVOT") && (Ahead().IsSymbol("(") || Ahead().IsWord("INCLUDE") || Ahead().IsWord("EXCLUDE")) ? AliasTail(UnpivotTail(relation, at), at) : relation;
    }

    private PivotValue PivotValue()
    {
        Expr item = SelectItem();
        return item is AliasExpr { Names.Count: 1 } alias ? new PivotValue(alias.Value, alias.Names[0]) : new PivotValue(item, null);
    }

    private Relation UnpivotTail(Relation relation, SourcePosition at)
    {
        Word("UNPIVOT");
        bool include = TryWords("INCLUDE", "NULLS");
        _ = !include && TryWords("EXCLUDE", "NULLS");
        Symbol("(");
        if (IsSymbol("("))
        {
            return UnpivotGroups(relation, include, at);
        }

        string valueName = Name();
        Word("FOR");
        string variableName = Name();
        Word("IN");
        Symbol("(");
        Seq<PivotValue> values = CommaList(PivotValue);
        Symbol(")");
        Symbol(")");
        return new Unpivot(relation, null, values.Map(v => v.Value), values.Map(v => v.Name), variableName, valueName, include) { At = at };
    }

    // UNPIVOT ((v1, v2) FOR name IN ((a, b) AS x, (c, d)))
    private UnpivotGroups UnpivotGroups(Relation relation, bool include, SourcePosition at)
    {
        Seq<string> valueNames = NameList();
        Word("FOR");
        string variableName = Name();
        Word("IN");
        Symbol("(");
        List<string?> names = [];
        Seq<Seq<Expr>> groups = CommaList(() =>
        {
            Symbol("(");
            Seq<Expr> columns = CommaList(Expression);
            Symbol(")");
            names.Add(TryWord("AS") || IsName ? Name() : null);
            return columns.Count == valueNames.Count ? columns : throw Unexpected($"expected {valueNames.Count} columns");
        });
        Symbol(")");
        Symbol(")");
        return new UnpivotGroups(relation, groups, names.ToSeq(), variableName, valueNames, include) { At = at };
    }

    // IDENTIFIER('a.b'): a name as a constant text.
    private Seq<string> IdentifierName()
    {
        _index++;
        Symbol("(");
        Expr text = Expression();
        Symbol(")");
        return ConstantText(text) is { } name ? NameOf(name, text.At) : throw Unsupported("IDENTIFIER() of an expression that is no constant text");
    }

    // Constants, and what is put together from them: 'schema.' || :table.
    private static string? ConstantText(Expr text) => text switch
    {
        LiteralExpr { Value: string value } => value,
        CallExpr { Name: "||" or "concat" } call => call.Args.Select(ConstantText).ToArray() is var parts && parts.Any(p => p is null) ? null : string.Concat(parts),
        _ => null,
    };

    private static Seq<string> NameOf(string text, SourcePosition? at)
    {
        SqlParser parser = text.Trim().Length > 0 ? new(text) : throw new EngineException("PARSE_EMPTY_STATEMENT", "Syntax error, unexpected empty statement.", ErrorKind.ParseException, position: at);
        Seq<string> name = parser.QualifiedName();
        parser.ExpectEnd();
        return name;
    }

    // IDENTIFIER('f')(..) is a function, IDENTIFIER('a.b') a column.
    private Expr IdentifierExpression(SourcePosition at)
    {
        Seq<string> name = IdentifierName();
        return !IsSymbol("(") ? new ColumnName(name) { At = at }
            : name.Count == 1 ? CallTail(name[0], at)
            : throw Unsupported("IDENTIFIER() of a qualified function");
    }
}
