using System.Globalization;
using System.Numerics;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Literals, names, calls and the special forms.</summary>
public sealed partial class SqlParser
{
    private Expr Primary()
    {
        SourcePosition at = Here;
        switch (Current.Kind)
        {
            case TokenKind.Text:
                return new LiteralExpr(Text(), SparkType.String) { At = at };
            case TokenKind.Integer or TokenKind.Decimal or TokenKind.Double or TokenKind.Suffixed:
                return NumberLiteral(negative: false) with { At = at };
            case TokenKind.QuotedName:
                return Ahead().IsSymbol("->") ? Lambda(at) : Ahead().IsSymbol("(") ? FunctionCall(at) : new ColumnName([Take().Text]) { At = at };
            case TokenKind.Symbol when IsSymbol("("):
                return Parenthesised(at);
            case TokenKind.Symbol when TrySymbol("*"):
                return Except(new StarExpr([]) { At = at });
            case TokenKind.Symbol when IsSymbol("?") || IsSymbol(":"):
                return Parameter(at);
            case TokenKind.Word:
                return WordPrimary(at);
            default:
                throw Unexpected("expected an expression");
        }
    }

    private Expr Parameter(SourcePosition at)
    {
        if (TrySymbol("?"))
        {
            return _positional < _parameters.Positional.Count ? _parameters.Positional[_positional++] : throw Unbound($"_{at.Offset}", at);
        }

        Symbol(":");
        string name = Name();
        return _parameters.Named.TryGetValue(name, out Expr? value) ? value : throw Unbound(name, at);
    }

    private static EngineException Unbound(string name, SourcePosition at) =>
        new("UNBOUND_SQL_PARAMETER", $"Found the unbound parameter: {name}. Please, fix `args` and provide a mapping of the parameter to a SQL literal.", position: at);

    private Expr WordPrimary(SourcePosition at)
    {
        if (Ahead().IsSymbol("->"))
        {
            return Lambda(at);
        }

        string word = Current.Text.ToUpperInvariant();
        bool call = Ahead().IsSymbol("(");
        return word switch
        {
            "CASE" => Case(at),
            "CAST" or "TRY_CAST" when call => Cast(at),
            "IDENTIFIER" when call => IdentifierExpression(at),
            "EXISTS" when call && StartsQueryAt(_index + 2) => Exists(at),
            "EXTRACT" when call => Extract(at),
            "TRIM" when call => Trim(at),
            "SUBSTRING" or "SUBSTR" when call => Substring(at),
            "POSITION" when call => Position(at),
            "OVERLAY" when call => Overlay(at),
            "TIMESTAMPADD" or "DATEADD" or "DATE_ADD" or "TIMESTAMPDIFF" or "DATEDIFF" or "DATE_DIFF" when call && IsUnitCall() => UnitCall(at),
            "INTERVAL" when !call && Ahead().Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Decimal || (Ahead().IsSymbol("-") && word == "INTERVAL") => Interval(at),
            "DATE" or "TIMESTAMP" or "TIMESTAMP_LTZ" or "TIMESTAMP_NTZ" or "X" when Ahead().Kind == TokenKind.Text => TypedLiteral(at),
            "NULL" when !call => Constant(null, SparkType.Void, at),
            "TRUE" when !call => Constant(true, SparkType.Boolean, at),
            "FALSE" when !call => Constant(false, SparkType.Boolean, at),
            "TIME" when Ahead().Kind == TokenKind.Text => throw Binding.Errors.Unsupported("the TIME type (Spark 4.1)", at),
            "CURRENT_TIME" when !call && !Ahead().IsSymbol(".") => NiladicCall(at),
            "CURRENT_DATE" or "CURRENT_TIMESTAMP" or "CURRENT_USER" or "USER" or "SESSION_USER" when !call && !Ahead().IsSymbol(".") => NiladicCall(at),
            _ when call => FunctionCall(at),
            _ => new ColumnName([Take().Text]) { At = at },
        };
    }

    private LiteralExpr Constant(object? value, SparkType type, SourcePosition at)
    {
        _index++;
        return new LiteralExpr(value, type) { At = at };
    }

    private BareCall NiladicCall(SourcePosition at)
    {
        string name = Take().Text;
        return new BareCall(name, Call(name.ToLowerInvariant(), at)) { At = at };
    }

    private Expr Parenthesised(SourcePosition at)
    {
        if (LambdaParameters() is { } parameters)
        {
            return new LambdaExpr(parameters, Expression()) { At = at };
        }

        if (StartsQueryAt(_index + 1))
        {
            Symbol("(");
            Relation query = Query();
            Symbol(")");
            return new ScalarQueryExpr(query) { At = at };
        }

        Symbol("(");
        Seq<Expr> items = CommaList(SelectItem);
        Symbol(")");
        return items.Count == 1 ? items[0] : new CallExpr("struct", items) { At = at };
    }

    /// <summary>Reads <c>(x, y) -&gt;</c> when it stands here.</summary>
    private Seq<string>? LambdaParameters()
    {
        int i = _index + 1;
        List<string> names = [];
        while (_tokens[i].Kind is TokenKind.Word or TokenKind.QuotedName)
        {
            names.Add(_tokens[i].Text);
            i++;
            if (!_tokens[i].IsSymbol(","))
            {
                break;
            }

            i++;
        }

        if (names.Count == 0 || !_tokens[i].IsSymbol(")") || !_tokens[i + 1].IsSymbol("->"))
        {
            return null;
        }

        _index = i + 2;
        return names.ToSeq();
    }

    private LambdaExpr Lambda(SourcePosition at)
    {
        string name = Take().Text;
        Symbol("->");
        return new LambdaExpr([name], Expression()) { At = at };
    }

    private LiteralExpr NumberLiteral(bool negative)
    {
        SourcePosition at = Here;
        Token token = Take();
        string digits = negative ? "-" + token.Text : token.Text;
        switch (token.Kind)
        {
            case TokenKind.Integer:
                BigInteger integer = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
                return integer >= int.MinValue && integer <= int.MaxValue ? new LiteralExpr((long)integer, SparkType.Int)
                    : integer >= long.MinValue && integer <= long.MaxValue ? new LiteralExpr((long)integer, SparkType.Long)
                    : DecimalLiteral(digits, at);
            case TokenKind.Decimal:
                return DecimalLiteral(digits, at);
            case TokenKind.Double:
                return new LiteralExpr(InRange(digits, double.MaxValue, "double"), SparkType.Double);
            default:
                return SuffixedLiteral(digits, at);
        }
    }

    private static LiteralExpr DecimalLiteral(string digits, SourcePosition at)
    {
        SparkDecimal value = SparkDecimal.Parse(digits)
            ?? throw new EngineException("PARSE_SYNTAX_ERROR", $"The number {digits} has more than 38 digits.", ErrorKind.ParseException, position: at);
        return new LiteralExpr(value, new DecimalType(value.Precision, value.Scale));
    }

    private static LiteralExpr SuffixedLiteral(string text, SourcePosition at)
    {
        int letters = text.Length - text.TrimEnd("DFLSYBdflsyb".ToCharArray()).Length;
        string digits = text[..^letters];
        string suffix = text[^letters..].ToUpperInvariant();
        (SparkType type, long min, long max) = suffix switch
        {
            "L" => (SparkType.Long, long.MinValue, long.MaxValue),
            "S" => (SparkType.Short, short.MinValue, short.MaxValue),
            "Y" => (SparkType.Byte, sbyte.MinValue, sbyte.MaxValue),
            _ => (SparkType.Void, 0L, 0L),
        };
        if (suffix == "BD")
        {
            return DecimalLiteral(digits, at);
        }

        if (suffix is "D" or "F")
        {
            double number = suffix == "D" ? InRange(digits, double.MaxValue, "double") : InRange(digits, float.MaxValue, "float");
            return suffix == "D" ? new LiteralExpr(number, SparkType.Double) : new LiteralExpr((float)number, SparkType.Float);
        }

        return BigInteger.Parse(digits, CultureInfo.InvariantCulture) is var n && n >= min && n <= max
            ? new LiteralExpr((long)n, type)
            : throw new EngineException("INVALID_NUMERIC_LITERAL_RANGE", $"Numeric literal {text} is outside the valid range for {type.SqlName}.", ErrorKind.ParseException, position: at);
    }

    private LiteralExpr TypedLiteral(SourcePosition at)
    {
        string kind = Take().Text.ToUpperInvariant();
        string text = Text();
        if (kind == "X")
        {
            if (text.Any(c => !char.IsAsciiHexDigit(c)))
            {
                throw new EngineException("INVALID_TYPED_LITERAL", $"The value of the typed literal \"X\" is invalid: '{text}'.", ErrorKind.ParseException, position: at);
            }

            return new LiteralExpr(Convert.FromHexString(text.Length % 2 == 0 ? text : "0" + text), SparkType.Binary) { At = at };
        }

        // The session zone is not known here: the binder turns the text of a timestamp into an instant.
        SparkType type = kind switch { "DATE" => SparkType.Date, "TIMESTAMP_NTZ" => SparkType.TimestampNtz, _ => SparkType.Timestamp };
        return new LiteralExpr(new LiteralText(text), type) { At = at };
    }

    private LiteralExpr Interval(SourcePosition at)
    {
        _index++;
        bool negative = TrySymbol("-");
        if (Current.Kind == TokenKind.Text && (Ahead().Kind != TokenKind.Word || IntervalUnits.FieldOf(Ahead().Text) is null))
        {
            return IntervalUnits.FromText(Text(), negative) is { } literal ? literal with { At = at } : throw BadInterval(at);
        }

        List<(string, string)> amounts = [];
        while (Current.Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Decimal || (IsSymbol("-") && amounts.Count > 0 && Ahead(2).Kind == TokenKind.Word && IntervalUnits.FieldOf(Ahead(2).Text) is not null))
        {
            if (Ahead().Kind != TokenKind.Word || IntervalUnits.FieldOf(Ahead(IsSymbol("-") ? 2 : 1).Text) is null)
            {
                break;
            }

            // The sign behind INTERVAL is that of the first amount.
            string amount = (TrySymbol("-") ? "-" : "") + Take().Text;
            string unit = IntervalUnits.FieldOf(Take().Text)!;
            if (TryWord("TO"))
            {
                if (amounts.Count > 0)
                {
                    throw new EngineException("_LEGACY_ERROR_TEMP_0024", "A from-to interval can only have one value, and nothing before it.", ErrorKind.ParseException, position: at);
                }

                string end = IntervalUnits.FieldOf(Take().Text) ?? throw Unexpected("expected an interval unit");
                return IntervalUnits.FromRange(amount, unit, end, negative) is { } range ? range with { At = at } : throw BadInterval(at);
            }

            bool turned = negative && amounts.Count == 0;
            amounts.Add((!turned ? amount : amount.Trim().StartsWith('-') ? amount.Trim()[1..] : "-" + amount.Trim(), unit));
        }

        return amounts.Count > 0 && IntervalUnits.FromAmounts(amounts, negative: false) is { } sum ? sum with { At = at } : throw BadInterval(at);
    }

    // * EXCEPT (a, b): Spark 4's.
    private StarExpr Except(StarExpr star)
    {
        if (!IsWord("EXCEPT") || !Ahead().IsSymbol("(") || StartsQueryAt(_index + 2))
        {
            return star;
        }

        _index += 2;
        Seq<Seq<string>> names = CommaList(QualifiedName);
        Symbol(")");
        return star with { Except = names };
    }

    private static double InRange(string digits, double most, string type)
    {
        double number = double.Parse(digits, CultureInfo.InvariantCulture);
        return Math.Abs(number) <= most ? number : throw new EngineException("INVALID_NUMERIC_LITERAL_RANGE", $"Numeric literal {digits} is outside the valid range for {type}.", ErrorKind.ParseException);
    }

    private static EngineException BadInterval(SourcePosition at) =>
        new("INVALID_INTERVAL_FORMAT", "The interval literal cannot be read.", ErrorKind.ParseException, "write for example INTERVAL 3 DAYS, INTERVAL '1-2' YEAR TO MONTH", at);

    private CaseExpr Case(SourcePosition at)
    {
        Word("CASE");
        Expr? subject = IsWord("WHEN") ? null : Expression();
        List<CaseBranch> branches = [];
        while (TryWord("WHEN"))
        {
            Expr when = Expression();
            Word("THEN");
            branches.Add(new CaseBranch(subject is null ? when : Call("=", when.At, subject, when), Expression()));
        }

        Expr? otherwise = TryWord("ELSE") ? Expression() : null;
        Word("END");
        return new CaseExpr(branches.ToSeq(), otherwise) { At = at };
    }

    private CastExpr Cast(SourcePosition at)
    {
        bool attempt = Take().IsWord("TRY_CAST");
        Symbol("(");
        Expr value = Expression();
        Word("AS");
        SparkType type = DataType();
        Symbol(")");
        return new CastExpr(value, type, attempt) { At = at };
    }

    private ExistsExpr Exists(SourcePosition at)
    {
        _index++;
        Symbol("(");
        Relation query = Query();
        Symbol(")");
        return new ExistsExpr(query) { At = at };
    }
}

/// <summary>The text of a DATE or TIMESTAMP literal, not read yet.</summary>
internal sealed record LiteralText(string Text);
