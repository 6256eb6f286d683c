using Hearth.Engine;
using Hearth.Engine.Sql;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>A property of <c>WITH (name = 'text', other = ARRAY['a', 'b'])</c>.</summary>
/// <param name="Name">Lower case.</param>
/// <param name="Literals">Its literals as they are written.</param>
/// <param name="At">Where it stands in the statement.</param>
internal sealed record AthenaProperty(string Name, IReadOnlyList<string> Literals, int At)
{
    /// <summary>The only text, lower case, without its quotes.</summary>
    public string Word => Literals[0].Trim('\'').ToLowerInvariant();

    /// <summary>Reads a list of properties.</summary>
    /// <param name="tokens">Tokens of the statement.</param>
    /// <param name="open">Index of the opening bracket.</param>
    /// <param name="sql">The statement.</param>
    /// <returns>The properties, and the index of the closing bracket.</returns>
    /// <exception cref="EngineException">PARSE_SYNTAX_ERROR.</exception>
    public static (IReadOnlyList<AthenaProperty> Properties, int Close) List(List<Token> tokens, int open, string sql)
    {
        var properties = new List<AthenaProperty>();
        var at = open + 1;
        while (!tokens[at].IsSymbol(")"))
        {
            var (property, next) = Read(tokens, at, sql);
            properties.Add(property);
            at = tokens[next].IsSymbol(",") ? next + 1 : next;
        }

        return (properties, at);
    }

    private static (AthenaProperty Property, int Next) Read(List<Token> tokens, int at, string sql)
    {
        EngineException Wrong(int i) => new("PARSE_SYNTAX_ERROR", "A table property has the form name = 'value' or name = ARRAY['value', ...].", ErrorKind.ParseException, position: Lexer.PositionOf(sql, tokens[Math.Min(i, tokens.Count - 1)].Start));
        string Text(int i) => i < tokens.Count && tokens[i].Kind is TokenKind.Text ? sql[tokens[i].Start..tokens[i].End] : throw Wrong(i);
        if (at + 3 >= tokens.Count || tokens[at].Kind is not (TokenKind.Word or TokenKind.QuotedName) || !tokens[at + 1].IsSymbol("="))
        {
            throw Wrong(at);
        }

        var (name, start) = (tokens[at].Text.ToLowerInvariant(), tokens[at].Start);
        if (!tokens[at + 2].IsWord("ARRAY"))
        {
            return (new(name, [Text(at + 2)], start), at + 3);
        }

        var values = new List<string>();
        var next = at + 4;
        while (next < tokens.Count && !tokens[next].IsSymbol("]"))
        {
            values.Add(Text(next++));
            next += tokens[next].IsSymbol(",") ? 1 : 0;
        }

        return next < tokens.Count ? (new(name, values, start), next + 1) : throw Wrong(next);
    }
}
