using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Operators, lowest precedence first (Spark's SqlBaseParser.g4).</summary>
public sealed partial class SqlParser
{
    /// <summary>An expression with an optional alias; also <c>*</c>.</summary>
    private Expr SelectItem()
    {
        Expr value = Expression();
        if (TryWord("AS"))
        {
            return IsSymbol("(") ? new AliasExpr(value, NameList()) { At = value.At } : new AliasExpr(value, [Name()]) { At = value.At };
        }

        return AliasName() is { } name ? new AliasExpr(value, [name]) { At = value.At } : value;
    }

    private Expr Expression() => Or();

    private CallExpr Call(string name, SourcePosition? at, params ReadOnlySpan<Expr> args) => new(name, Seq.Create(args)) { At = at };

    private Expr Or()
    {
        Expr left = And();
        while (TryWord("OR"))
        {
            left = Call("or", left.At, left, And());
        }

        return left;
    }

    private Expr And()
    {
        Expr left = Not();
        while (TryWord("AND"))
        {
            left = Call("and", left.At, left, Not());
        }

        return left;
    }

    private Expr Not()
    {
        SourcePosition at = Here;
        if (IsWord("NOT") || IsSymbol("!"))
        {
            _index++;
            return Call("not", at, Not());
        }

        return Predicate();
    }

    private Expr Predicate()
    {
        Expr value = Comparison();
        while (true)
        {
            SourcePosition at = Here;
            if (TryWord("IS"))
            {
                value = IsPredicate(value, at);
                continue;
            }

            bool negated = IsWord("NOT") && (Ahead().IsWord("IN") || Ahead().IsWord("LIKE") || Ahead().IsWord("ILIKE") || Ahead().IsWord("RLIKE") || Ahead().IsWord("REGEXP") || Ahead().IsWord("BETWEEN"));
            if (negated)
            {
                _index++;
            }

            if ((IsWord("LIKE") || IsWord("ILIKE")) && Ahead() is var next && (next.IsWord("ANY") || next.IsWord("SOME") || next.IsWord("ALL")) && Ahead(2).IsSymbol("("))
            {
                value = LikeEach(Take().Text.ToLowerInvariant(), value, negated, at);
                continue;
            }

            Expr? predicate = TryWord("BETWEEN") ? Between(value, at)
                : IsWord("IN") && Ahead().IsSymbol("(") ? In(value, at)
                : TryWord("LIKE") ? Like("like", value, at)
                : TryWord("ILIKE") ? Like("ilike", value, at)
                : TryWord("RLIKE") || TryWord("REGEXP") ? Call("rlike", at, value, Comparison())
                : null;
            if (predicate is null)
            {
                return value;
            }

            value = negated ? Call("not", at, predicate) : predicate;
        }
    }

    private Expr IsPredicate(Expr value, SourcePosition at)
    {
        bool negated = TryWord("NOT");
        Expr test;
        if (TryWord("NULL"))
        {
            return Call(negated ? "isnotnull" : "isnull", at, value);
        }

        if (TryWord("DISTINCT"))
        {
            Word("FROM");
            test = Call("<=>", at, value, Comparison());
            return negated ? test : Call("not", at, test);
        }

        string name = TryWord("TRUE") ? "true" : TryWord("FALSE") ? "false" : TryWord("UNKNOWN") ? "unknown" : throw Unexpected("expected NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM");
        test = name == "unknown" ? Call("isnull", at, value) : Call("<=>", at, value, new LiteralExpr(name == "true", SparkType.Boolean));
        return negated ? Call("not", at, test) : test;
    }

    private CallExpr Between(Expr value, SourcePosition at)
    {
        Expr low = Comparison();
        Word("AND");
        return Call("between", at, value, low, Comparison());
    }

    private Expr In(Expr value, SourcePosition at)
    {
        _index++;
        Symbol("(");
        if (StartsQuery())
        {
            Relation query = Query();
            Symbol(")");
            return new InQueryExpr(value, query) { At = at };
        }

        Seq<Expr> items = CommaList(Expression);
        Symbol(")");
        return new InExpr(value, items) { At = at };
    }

    // x NOT LIKE ALL (a, b): like none of them; x NOT LIKE ANY (a, b): not like one of them.
    private Expr LikeEach(string name, Expr value, bool negated, SourcePosition at)
    {
        bool all = Take().IsWord("ALL");
        Symbol("(");
        Seq<Expr> patterns = CommaList(Expression);
        Symbol(")");
        return patterns
            .Select(pattern => (Expr)Call(name, at, value, pattern))
            .Select(like => negated ? Call("not", at, like) : like)
            .Aggregate((a, b) => Call(all ? "and" : "or", at, a, b));
    }

    private Expr Like(string name, Expr value, SourcePosition at)
    {
        Expr against = Comparison();
        return TryWord("ESCAPE") ? Call(name, at, value, against, new LiteralExpr(Text(), SparkType.String)) : Call(name, at, value, against);
    }

    private Expr Comparison()
    {
        Expr left = BitOr();
        while (Current.Kind == TokenKind.Symbol && Current.Text is "=" or "==" or "<=>" or "<>" or "!=" or "<" or "<=" or ">" or ">=" or "!<" or "!>")
        {
            SourcePosition at = Here;
            string symbol = Take().Text;
            Expr right = BitOr();
            left = symbol switch
            {
                "=" or "==" => Call("=", at, left, right),
                "<>" or "!=" => Call("not", at, Call("=", at, left, right)),
                "!<" => Call(">=", at, left, right),
                "!>" => Call("<=", at, left, right),
                _ => Call(symbol, at, left, right),
            };
        }

        return left;
    }

    private Expr BitOr()
    {
        Expr left = BitXor();
        while (IsSymbol("|"))
        {
            left = Call(Take().Text, left.At, left, BitXor());
        }

        return left;
    }

    private Expr BitXor()
    {
        Expr left = BitAnd();
        while (IsSymbol("^"))
        {
            left = Call(Take().Text, left.At, left, BitAnd());
        }

        return left;
    }

    private Expr BitAnd()
    {
        Expr left = Shift();
        while (IsSymbol("&"))
        {
            left = Call(Take().Text, left.At, left, Shift());
        }

        return left;
    }

    // Spark 4's shift operators: adjacent angle brackets, which the lexer keeps apart for types.
    private Expr Shift()
    {
        Expr left = Additive();
        while (ShiftName() is { } name)
        {
            SourcePosition at = Here;
            _index += name == "shiftrightunsigned" ? 3 : 2;
            left = Call(name, at, left, Additive());
        }

        return left;
    }

    private string? ShiftName()
    {
        string symbol = IsSymbol("<") ? "<" : IsSymbol(">") ? ">" : "";
        bool second = symbol.Length > 0 && Ahead().IsSymbol(symbol) && Ahead().Start == Current.End;
        bool third = second && symbol == ">" && Ahead(2).IsSymbol(symbol) && Ahead(2).Start == Ahead().End;
        return third ? "shiftrightunsigned" : !second ? null : symbol == "<" ? "shiftleft" : "shiftright";
    }

    private Expr Additive()
    {
        Expr left = Multiplicative();
        while (IsSymbol("+") || IsSymbol("-") || IsSymbol("||"))
        {
            SourcePosition at = Here;
            string symbol = Take().Text;
            left = Call(symbol, at, left, Multiplicative());
        }

        return left;
    }

    private Expr Multiplicative()
    {
        Expr left = Unary();
        while (IsSymbol("*") || IsSymbol("/") || IsSymbol("%") || IsWord("DIV"))
        {
            SourcePosition at = Here;
            string symbol = Take().Text.ToLowerInvariant();
            left = Call(symbol, at, left, Unary());
        }

        return left;
    }

    private Expr Unary()
    {
        SourcePosition at = Here;
        if (IsSymbol("-") && Ahead().Kind is TokenKind.Integer or TokenKind.Decimal or TokenKind.Double or TokenKind.Suffixed)
        {
            _index++;
            return Postfix(NumberLiteral(negative: true));
        }

        if (TrySymbol("-"))
        {
            Expr value = Unary();
            return value is LiteralExpr { Value: SparkInterval i } literal
                ? literal with { Value = new SparkInterval(-i.Months, -i.Days, -i.Micros) }
                : Call("negative", at, value);
        }

        if (TrySymbol("+"))
        {
            return Call("positive", at, Unary());
        }

        return TrySymbol("~") ? Call("~", at, Unary()) : Postfix(Primary());
    }

    private Expr Postfix(Expr value)
    {
        while (true)
        {
            SourcePosition at = Here;
            if (TrySymbol("["))
            {
                Expr key = Expression();
                Symbol("]");
                value = new IndexExpr(value, key) { At = at };
            }
            else if (IsSymbol(".") && Ahead().IsSymbol("*") && value is ColumnName name)
            {
                _index += 2;
                return Except(new StarExpr(name.Parts) { At = value.At });
            }
            else if (TrySymbol("."))
            {
                string field = Name();
                value = value is ColumnName column ? column with { Parts = [.. column.Parts, field] } : new FieldExpr(value, field) { At = at };
            }
            else if (IsWord("COLLATE") && Ahead().Kind is TokenKind.Word or TokenKind.QuotedName)
            {
                throw Binding.Errors.Unsupported("COLLATE (Spark 4)", at);
            }
            else if (TrySymbol("::"))
            {
                value = new CastExpr(value, DataType(), Try: false) { At = at };
            }
            else
            {
                return value;
            }
        }
    }

    private SortKey SortItem()
    {
        Expr value = Expression();
        bool ascending = TryWord("ASC") || !TryWord("DESC");
        bool? nullsFirst = TryWords("NULLS", "FIRST") ? true : TryWords("NULLS", "LAST") ? false : null;
        return new SortKey(value, ascending, nullsFirst);
    }
}
