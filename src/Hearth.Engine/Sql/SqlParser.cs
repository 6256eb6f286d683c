using Hearth.Engine.Types;

namespace Hearth.Engine.Sql;

/// <summary>Recursive-descent parser of Spark 3.5 SQL. One instance reads one text; the parts of the grammar are in the other files of this class.</summary>
public sealed partial class SqlParser
{
    // Words that end a relation or an expression, so that they cannot be an alias without AS.
    private static readonly HashSet<string> NotAlias = new(StringComparer.OrdinalIgnoreCase)
    {
        "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "SORT", "CLUSTER", "DISTRIBUTE", "LIMIT", "OFFSET", "WINDOW", "UNION", "INTERSECT", "EXCEPT", "MINUS",
        "JOIN", "INNER", "LEFT", "RIGHT", "FULL", "CROSS", "SEMI", "ANTI", "NATURAL", "ON", "USING", "LATERAL", "PIVOT", "UNPIVOT", "TABLESAMPLE", "AS",
        "WHEN", "THEN", "ELSE", "END", "AND", "OR", "NOT", "IN", "LIKE", "ILIKE", "RLIKE", "REGEXP", "BETWEEN", "IS", "ASC", "DESC", "NULLS", "SELECT", "SET",
        "VALUES", "INSERT", "OVER", "FILTER", "WITHIN", "VERSION", "TIMESTAMP", "FOR", "WITH", "DIV", "ROWS", "RANGE", "IGNORE", "RESPECT", "TO",
    };

    private readonly string _sql;
    private readonly List<Token> _tokens;
    private readonly SqlParameters _parameters;
    private int _index;
    private int _positional;

    private SqlParser(string sql, SqlParameters? parameters = null)
    {
        _sql = sql;
        _parameters = parameters ?? SqlParameters.None;
        _tokens = Lexer.Read(sql, _parameters.EscapedLiterals);
    }

    /// <summary>Reads one statement; a trailing semicolon is allowed.</summary>
    /// <exception cref="EngineException">PARSE_SYNTAX_ERROR and its kin, with the position.</exception>
    public static Statement ParseStatement(string sql, SqlParameters? parameters = null)
    {
        SqlParser parser = new(sql, parameters);
        if (parser.Current.Kind == TokenKind.End)
        {
            throw new EngineException("PARSE_EMPTY_STATEMENT", "Syntax error, unexpected empty statement.", ErrorKind.ParseException);
        }

        Statement statement = parser.Statement();
        while (parser.TrySymbol(";"))
        {
        }

        parser.ExpectEnd();
        return statement;
    }

    /// <summary>Reads an expression, with an optional alias: the argument of <c>expr()</c> and <c>selectExpr()</c>.</summary>
    public static Expr ParseExpression(string text)
    {
        SqlParser parser = new(text);
        Expr expression = parser.SelectItem();
        parser.ExpectEnd();
        return expression;
    }

    /// <summary>Reads a type, or a column list (<c>a INT, b STRING</c>) as a struct.</summary>
    public static SparkType ParseType(string text)
    {
        SqlParser parser = new(text);
        int mark = parser._index;
        if (parser.TryDataType() is { } type && parser.Current.Kind == TokenKind.End)
        {
            return type;
        }

        parser._index = mark;
        StructType columns = parser.ColumnList();
        parser.ExpectEnd();
        return columns;
    }

    /// <summary>Splits a script into statements at semicolons outside strings and comments.</summary>
    public static IReadOnlyList<string> SplitScript(string script)
    {
        List<string> statements = [];
        int start = 0;
        foreach (Token token in Lexer.Read(script))
        {
            if (token.IsSymbol(";") || token.Kind == TokenKind.End)
            {
                string statement = script[start..token.Start];
                if (Lexer.Read(statement).Count > 1)
                {
                    statements.Add(statement.Trim());
                }

                start = token.End;
            }
        }

        return statements;
    }

    private Token Current => _tokens[_index];

    private Token Ahead(int count = 1) => _tokens[Math.Min(_index + count, _tokens.Count - 1)];

    private SourcePosition Here => Lexer.PositionOf(_sql, Current.Start);

    private Token Take() => _tokens[_index++];

    private bool IsWord(string word) => Current.IsWord(word);

    private bool IsWords(string first, string second) => Current.IsWord(first) && Ahead().IsWord(second);

    private bool IsSymbol(string symbol) => Current.IsSymbol(symbol);

    private bool TryWord(string word)
    {
        if (!Current.IsWord(word))
        {
            return false;
        }

        _index++;
        return true;
    }

    private bool TryWords(string first, string second)
    {
        if (!IsWords(first, second))
        {
            return false;
        }

        _index += 2;
        return true;
    }

    private bool TrySymbol(string symbol)
    {
        if (!Current.IsSymbol(symbol))
        {
            return false;
        }

        _index++;
        return true;
    }

    private void Word(string word)
    {
        if (!TryWord(word))
        {
            throw Unexpected($"expected {word}");
        }
    }

    private void Symbol(string symbol)
    {
        if (!TrySymbol(symbol))
        {
            throw Unexpected($"expected '{symbol}'");
        }
    }

    private void ExpectEnd()
    {
        if (Current.Kind != TokenKind.End)
        {
            throw Unexpected("extra input");
        }
    }

    private EngineException Unexpected(string detail) => Current.Kind == TokenKind.End
        ? new EngineException("PARSE_SYNTAX_ERROR", $"Syntax error at or near end of input: {detail}.", ErrorKind.ParseException, position: Here)
        : new EngineException("PARSE_SYNTAX_ERROR", $"Syntax error at or near '{_sql[Current.Start..Current.End]}': {detail}.", ErrorKind.ParseException, position: Here);

    private EngineException Unsupported(string feature) =>
        new("UNSUPPORTED_FEATURE", $"The embedded engine does not run {feature}.", ErrorKind.UnsupportedOperationException, "run it with `--engine spark`", Here);

    private bool IsName => Current.Kind is TokenKind.Word or TokenKind.QuotedName;

    private string Name()
    {
        if (!IsName)
        {
            throw Unexpected("expected a name");
        }

        return Take().Text;
    }

    private Seq<string> QualifiedName()
    {
        if (IsWord("IDENTIFIER") && Ahead().IsSymbol("("))
        {
            return IdentifierName();
        }

        List<string> parts = [Name()];
        while (TrySymbol("."))
        {
            parts.Add(Name());
        }

        return parts.ToSeq();
    }

    private string Text()
    {
        if (Current.Kind != TokenKind.Text)
        {
            throw Unexpected("expected a string");
        }

        string value = Take().Text;
        while (Current.Kind == TokenKind.Text)
        {
            value += Take().Text;
        }

        return value;
    }

    private Seq<string> NameList()
    {
        Symbol("(");
        List<string> names = [Name()];
        while (TrySymbol(","))
        {
            names.Add(Name());
        }

        Symbol(")");
        return names.ToSeq();
    }

    private Seq<T> CommaList<T>(Func<T> item)
    {
        List<T> items = [item()];
        while (TrySymbol(","))
        {
            items.Add(item());
        }

        return items.ToSeq();
    }

    private string? AliasName()
    {
        if (TryWord("AS"))
        {
            return Name();
        }

        return Current.Kind == TokenKind.QuotedName || (Current.Kind == TokenKind.Word && !NotAlias.Contains(Current.Text)) ? Name() : null;
    }
}
