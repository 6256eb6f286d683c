using System.Globalization;
using System.Text;

namespace Hearth.Engine.Sql;

/// <summary>Splits Spark SQL text into tokens (rules: Spark documentation, "Literals" and "Identifiers").</summary>
public sealed class Lexer
{
    private static readonly string[] Symbols3 = ["<=>"];
    private static readonly string[] Symbols2 = ["<>", "!=", "!<", "!>", "<=", ">=", "==", "||", "->", "=>", "::", "|>"];
    private const string Symbols1 = "+-*/%&|^~=<>!().,;[]?:@{}";

    private readonly string _text;
    private int _at;

    private readonly bool _escapedLiterals;
    private readonly bool _quotedNames;

    private Lexer(string text, bool escapedLiterals, bool quotedNames) => (_text, _escapedLiterals, _quotedNames) = (text, escapedLiterals, quotedNames);

    /// <summary>All tokens, the last of kind <see cref="TokenKind.End"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="escapedLiterals">A backslash in a string is a backslash.</param>
    /// <param name="quotedNames">A text in double quotes is a name, as in standard SQL, and not a string.</param>
    /// <exception cref="EngineException">A character, string or comment is not valid.</exception>
    public static List<Token> Read(string text, bool escapedLiterals = false, bool quotedNames = false)
    {
        Lexer lexer = new(text, escapedLiterals, quotedNames);
        List<Token> tokens = new((text.Length / 4) + 4);
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind != TokenKind.End);

        return tokens;
    }

    /// <summary>Line and column of an offset.</summary>
    public static SourcePosition PositionOf(string text, int offset)
    {
        int line = 1, start = 0;
        for (int i = 0; i < offset && i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                line++;
                start = i + 1;
            }
        }

        return new SourcePosition(line, offset - start, offset);
    }

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private Token Next()
    {
        SkipBlanks();
        int start = _at;
        if (_at >= _text.Length)
        {
            return new Token(TokenKind.End, "end of input", start, start);
        }

        char c = Peek();
        return c switch
        {
            '"' when _quotedNames => QuotedName(start, '"'),
            '\'' or '"' => Quoted(start, raw: false),
            '`' => QuotedName(start, '`'),
            'r' or 'R' when Peek(1) is '\'' or '"' => RawQuoted(start),
            >= '0' and <= '9' => Number(start),
            '.' when char.IsAsciiDigit(Peek(1)) && !AfterName() => Number(start),
            _ when IsNameStart(c) => Word(start),
            _ => Symbol(start),
        };
    }

    // `t.1a` is a qualified name, `.5` is a number.
    private bool AfterName() => _at > 0 && (char.IsLetterOrDigit(_text[_at - 1]) || _text[_at - 1] is '_' or '`' or ')' or ']');

    private void SkipBlanks()
    {
        while (_at < _text.Length)
        {
            if (char.IsWhiteSpace(Peek()) || Peek() is '\u00A0' or '\uFEFF')
            {
                _at++;
            }
            else if (Peek() == '-' && Peek(1) == '-')
            {
                SkipLineComment();
            }
            else if (Peek() == '/' && Peek(1) == '*')
            {
                SkipBlockComment();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipLineComment()
    {
        while (_at < _text.Length && Peek() != '\n')
        {
            _at += Peek() == '\\' && Peek(1) == '\n' ? 2 : 1;
        }
    }

    private void SkipBlockComment()
    {
        int start = _at, depth = 0;
        do
        {
            if (_at >= _text.Length)
            {
                throw new EngineException("UNCLOSED_BRACKETED_COMMENT", "Found an unclosed bracketed comment. Please, append */ at the end of the comment.", ErrorKind.ParseException, position: PositionOf(_text, start));
            }

            bool open = Peek() == '/' && Peek(1) == '*', close = Peek() == '*' && Peek(1) == '/';
            depth += open ? 1 : close ? -1 : 0;
            _at += open || close ? 2 : 1;
        }
        while (depth > 0);
    }

    private static bool IsNameStart(char c) => c == '_' || char.IsLetter(c);

    private static bool IsNamePart(char c) => c == '_' || char.IsLetterOrDigit(c);

    private Token Word(int start)
    {
        while (IsNamePart(Peek()))
        {
            _at++;
        }

        return new Token(TokenKind.Word, _text[start.._at], start, _at);
    }

    private Token Number(int start)
    {
        SkipDigits();
        TokenKind kind = TokenKind.Integer;
        if (Peek() == '.' && (char.IsAsciiDigit(Peek(1)) || !IsNamePart(Peek(1))) && Peek(1) != '.')
        {
            kind = TokenKind.Decimal;
            _at++;
            SkipDigits();
        }

        if (Peek() is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            kind = TokenKind.Double;
            _at += 2;
            SkipDigits();
        }

        if (!IsNamePart(Peek()))
        {
            return new Token(kind, _text[start.._at], start, _at);
        }

        int suffix = _at;
        while (IsNamePart(Peek()))
        {
            _at++;
        }

        string tail = _text[suffix.._at].ToUpperInvariant();
        bool known = tail is "D" or "F" or "BD" || (tail is "L" or "S" or "Y" && kind == TokenKind.Integer);
        return new Token(known ? TokenKind.Suffixed : kind == TokenKind.Integer ? TokenKind.Word : throw Bad(start), _text[start.._at], start, _at);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek()))
        {
            _at++;
        }
    }

    private Token QuotedName(int start, char quote)
    {
        StringBuilder name = new();
        for (_at++; ; _at++)
        {
            if (_at >= _text.Length)
            {
                throw Bad(start);
            }

            if (Peek() == quote)
            {
                if (Peek(1) != quote)
                {
                    _at++;
                    return new Token(TokenKind.QuotedName, name.ToString(), start, _at);
                }

                _at++;
            }

            name.Append(Peek());
        }
    }

    private Token RawQuoted(int start)
    {
        _at++;
        return Quoted(start, raw: true);
    }

    private Token Quoted(int start, bool raw)
    {
        char quote = Peek();
        StringBuilder value = new();
        for (_at++; ;)
        {
            if (_at >= _text.Length)
            {
                throw Bad(start);
            }

            char c = Peek();
            if (c == quote)
            {
                _at++;
                return new Token(TokenKind.Text, value.ToString(), start, _at);
            }

            if (c == '\\' && !raw && !_escapedLiterals && _at + 1 < _text.Length)
            {
                Escape(value);
            }
            else
            {
                value.Append(c);
                _at++;
            }
        }
    }

    private void Escape(StringBuilder value)
    {
        char c = Peek(1);
        if (c is 'u' or 'U' && Hex(c == 'u' ? 4 : 8) is { } code)
        {
            value.Append(char.ConvertFromUtf32(code));
            _at += c == 'u' ? 6 : 10;
            return;
        }

        if (c is >= '0' and <= '3' && Peek(2) is >= '0' and <= '7' && Peek(3) is >= '0' and <= '7')
        {
            value.Append((char)(((c - '0') * 64) + ((Peek(2) - '0') * 8) + (Peek(3) - '0')));
            _at += 4;
            return;
        }

        value.Append(c switch
        {
            '0' => "\0",
            'b' => "\b",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'Z' => "\u001A",
            '%' => "\\%",
            '_' => "\\_",
            _ => c.ToString(),
        });
        _at += 2;
    }

    private int? Hex(int digits)
    {
        if (_at + 2 + digits > _text.Length || !int.TryParse(_text.AsSpan(_at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code))
        {
            return null;
        }

        return code is >= 0 and <= 0x10FFFF && code is < 0xD800 or > 0xDFFF ? code : null;
    }

    private Token Symbol(int start)
    {
        foreach (string[] group in (string[][])[Symbols3, Symbols2])
        {
            foreach (string symbol in group)
            {
                if (string.CompareOrdinal(_text, _at, symbol, 0, symbol.Length) == 0)
                {
                    _at += symbol.Length;
                    return new Token(TokenKind.Symbol, symbol, start, _at);
                }
            }
        }

        if (!Symbols1.Contains(Peek(), StringComparison.Ordinal))
        {
            throw Bad(start);
        }

        _at++;
        return new Token(TokenKind.Symbol, _text[start.._at], start, _at);
    }

    private EngineException Bad(int start) =>
        new("PARSE_SYNTAX_ERROR", $"Syntax error at or near '{_text[start]}'.", ErrorKind.ParseException, position: PositionOf(_text, start));
}
