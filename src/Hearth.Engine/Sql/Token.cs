namespace Hearth.Engine.Sql;

/// <summary>Kinds of token.</summary>
public enum TokenKind
{
    /// <summary>An unquoted word: a keyword or a name.</summary>
    Word,

    /// <summary>A name in back-quotes.</summary>
    QuotedName,

    /// <summary>A string literal, unescaped.</summary>
    Text,

    /// <summary>Digits only.</summary>
    Integer,

    /// <summary>Digits with a point.</summary>
    Decimal,

    /// <summary>A number with an exponent.</summary>
    Double,

    /// <summary>A number with a type suffix: <c>5L</c>.</summary>
    Suffixed,

    /// <summary>An operator or a bracket.</summary>
    Symbol,

    /// <summary>The end of the text.</summary>
    End,
}

/// <summary>A token.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Text">The word, the unescaped string, the digits with suffix, the symbol.</param>
/// <param name="Start">Offset of the first character.</param>
/// <param name="End">Offset after the last character.</param>
public readonly record struct Token(TokenKind Kind, string Text, int Start, int End)
{
    /// <summary>Whether it is this keyword.</summary>
    public bool IsWord(string keyword) => Kind == TokenKind.Word && string.Equals(Text, keyword, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is this symbol.</summary>
    public bool IsSymbol(string symbol) => Kind == TokenKind.Symbol && string.Equals(Text, symbol, StringComparison.Ordinal);
}
