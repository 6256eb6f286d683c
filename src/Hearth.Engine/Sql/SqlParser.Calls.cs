using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Function calls, windows, and functions with a syntax of their own.</summary>
public sealed partial class SqlParser
{
    private Expr FunctionCall(SourcePosition at)
    {
        string name = Name();
        return CallTail(name, at);
    }

    private Expr CallTail(string name, SourcePosition at)
    {
        Symbol("(");
        bool distinct = TryWord("DISTINCT");
        _ = !distinct && TryWord("ALL") ;
        Seq<Expr> args = IsSymbol(")") ? [] : CommaList(Argument);
        bool ignoreNulls = NullTreatment();
        Symbol(")");
        Seq<SortKey>? within = null;
        if (TryWords("WITHIN", "GROUP"))
        {
            Symbol("(");
            Word("ORDER");
            Word("BY");
            within = CommaList(SortItem);
            Symbol(")");
        }

        Expr? filter = null;
        if (IsWord("FILTER") && Ahead().IsSymbol("("))
        {
            _index += 2;
            Word("WHERE");
            filter = Expression();
            Symbol(")");
        }

        ignoreNulls |= NullTreatment();
        if (args is [LiteralExpr { Value: string unit }, _, _] && name.ToLowerInvariant() is "timestampadd" or "timestampdiff" or "dateadd" or "datediff" or "date_add" or "date_diff" && args.Count == 3)
        {
            throw new EngineException("INVALID_PARAMETER_VALUE.DATETIME_UNIT", $"The value of parameter(s) `unit` in `{name}` is invalid: expects one of the units without quotes YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND, but got the string literal '{((LiteralExpr)args[0]).Value}'.", ErrorKind.ParseException, position: at);
        }

        CallExpr call = new(name, args, distinct, filter, ignoreNulls, within) { At = at };
        return TryWord("OVER") ? new WindowExpr(call, Window()) { At = at } : call;
    }

    private bool NullTreatment()
    {
        if (TryWords("IGNORE", "NULLS"))
        {
            return true;
        }

        _ = TryWords("RESPECT", "NULLS");
        return false;
    }

    private Expr Argument()
    {
        if (IsName && Ahead().IsSymbol("=>"))
        {
            SourcePosition at = Here;
            string name = Name();
            Symbol("=>");
            return new NamedArgument(name, Expression()) { At = at };
        }

        return SelectItem();
    }

    private WindowSpec Window()
    {
        if (!IsSymbol("("))
        {
            return new WindowSpec(Name(), [], [], null);
        }

        Symbol("(");
        string? reference = IsName && !IsWord("PARTITION") && !IsWord("ORDER") && !IsWord("DISTRIBUTE") && !IsWord("SORT") && !IsWord("ROWS") && !IsWord("RANGE") ? Name() : null;
        Seq<Expr> partition = TryWords("PARTITION", "BY") || TryWords("DISTRIBUTE", "BY") ? CommaList(Expression) : [];
        Seq<SortKey> order = TryWords("ORDER", "BY") || TryWords("SORT", "BY") ? CommaList(SortItem) : [];
        WindowFrame? frame = IsWord("ROWS") || IsWord("RANGE") ? Frame() : null;
        Symbol(")");
        return new WindowSpec(reference, partition, order, frame);
    }

    private WindowFrame Frame()
    {
        bool rows = Take().IsWord("ROWS");
        if (!TryWord("BETWEEN"))
        {
            return new WindowFrame(rows, Bound(), new FrameBound(FrameBoundKind.CurrentRow));
        }

        FrameBound start = Bound();
        Word("AND");
        return new WindowFrame(rows, start, Bound());
    }

    private FrameBound Bound()
    {
        if (TryWord("UNBOUNDED"))
        {
            return TryWord("PRECEDING") ? new FrameBound(FrameBoundKind.UnboundedPreceding)
                : TryWord("FOLLOWING") ? new FrameBound(FrameBoundKind.UnboundedFollowing)
                : throw Unexpected("expected PRECEDING or FOLLOWING");
        }

        if (TryWords("CURRENT", "ROW"))
        {
            return new FrameBound(FrameBoundKind.CurrentRow);
        }

        Expr offset = Additive();
        return TryWord("PRECEDING") ? new FrameBound(FrameBoundKind.Preceding, offset)
            : TryWord("FOLLOWING") ? new FrameBound(FrameBoundKind.Following, offset)
            : throw Unexpected("expected PRECEDING or FOLLOWING");
    }

    private CallExpr Extract(SourcePosition at)
    {
        _index++;
        Symbol("(");
        LiteralExpr field = new(Current.Kind == TokenKind.Text ? Text() : Name(), SparkType.String);
        Word("FROM");
        Expr source = Expression();
        Symbol(")");
        return Call("extract", at, field, source);
    }

    private CallExpr Trim(SourcePosition at)
    {
        _index++;
        Symbol("(");
        string side = TryWord("BOTH") ? "both" : TryWord("LEADING") ? "leading" : TryWord("TRAILING") ? "trailing" : "";
        string name = side switch { "leading" => "ltrim", "trailing" => "rtrim", _ => "trim" };
        if (side.Length > 0 && TryWord("FROM"))
        {
            Expr all = Expression();
            Symbol(")");
            return Call(name, at, all);
        }

        Expr first = Expression();
        if (TryWord("FROM"))
        {
            Expr source = Expression();
            Symbol(")");
            return Call($"trim_{(side.Length == 0 ? "both" : side)}", at, first, source);
        }

        Seq<Expr> rest = TrySymbol(",") ? CommaList(Expression) : [];
        Symbol(")");
        return new CallExpr(name, [first, .. rest]) { At = at };
    }

    private CallExpr Substring(SourcePosition at)
    {
        string name = Take().Text;
        Symbol("(");
        Expr text = Argument();
        List<Expr> args = [text];
        if (TryWord("FROM"))
        {
            name = "substring";
            args.Add(Expression());
            if (TryWord("FOR"))
            {
                args.Add(Expression());
            }
        }
        else
        {
            while (TrySymbol(","))
            {
                args.Add(Argument());
            }
        }

        Symbol(")");
        return new CallExpr(name, args.ToSeq()) { At = at };
    }

    private CallExpr Position(SourcePosition at)
    {
        _index++;
        Symbol("(");
        Expr part = Comparison();
        if (TryWord("IN"))
        {
            Expr text = Expression();
            Symbol(")");
            return Call("locate", at, part, text);
        }

        Seq<Expr> rest = TrySymbol(",") ? CommaList(Expression) : [];
        Symbol(")");
        return new CallExpr("position", [part, .. rest]) { At = at };
    }

    private CallExpr Overlay(SourcePosition at)
    {
        _index++;
        Symbol("(");
        List<Expr> args = [Expression()];
        if (TryWord("PLACING"))
        {
            args.Add(Expression());
            Word("FROM");
            args.Add(Expression());
            if (TryWord("FOR"))
            {
                args.Add(Expression());
            }
        }
        else
        {
            while (TrySymbol(","))
            {
                args.Add(Expression());
            }
        }

        Symbol(")");
        return new CallExpr("overlay", args.ToSeq()) { At = at };
    }

    private bool IsUnitCall() =>
        Ahead(2).Kind == TokenKind.Word && Ahead(3).IsSymbol(",") &&
        Ahead(2).Text.ToUpperInvariant() is "YEAR" or "QUARTER" or "MONTH" or "WEEK" or "DAY" or "DAYOFYEAR" or "HOUR" or "MINUTE" or "SECOND" or "MILLISECOND" or "MICROSECOND" && Ahead(4).Kind != TokenKind.End && CommasInCall() == 2;

    // datediff(day, x) is the two-argument function over a column called day.
    private int CommasInCall()
    {
        int depth = 0, commas = 0;
        for (int i = _index + 1; i < _tokens.Count; i++)
        {
            Token token = _tokens[i];
            depth += token.IsSymbol("(") || token.IsSymbol("[") ? 1 : token.IsSymbol(")") || token.IsSymbol("]") ? -1 : 0;
            commas += depth == 1 && token.IsSymbol(",") ? 1 : 0;
            if (depth == 0)
            {
                break;
            }
        }

        return commas;
    }

    private CallExpr UnitCall(SourcePosition at)
    {
        string name = Take().Text.ToLowerInvariant();
        Symbol("(");
        LiteralExpr unit = new(Name().ToUpperInvariant(), SparkType.String);
        Symbol(",");
        Expr first = Expression();
        Symbol(",");
        Expr second = Expression();
        Symbol(")");
        return Call(name.EndsWith("diff", StringComparison.Ordinal) ? "timestampdiff" : "timestampadd", at, unit, first, second);
    }
}
