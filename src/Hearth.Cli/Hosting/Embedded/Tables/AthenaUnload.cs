using Hearth.Engine;
using Hearth.Engine.Sql;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>
/// Athena's <c>UNLOAD (SELECT ..) TO 's3://..' WITH (format = 'PARQUET', compression = 'gzip')</c> in Spark's words:
/// <c>INSERT OVERWRITE DIRECTORY 's3://..' USING parquet OPTIONS ('compression' = 'gzip') SELECT ..</c>. Unlike Spark, Athena wants an empty place: whoever runs it looks first.
/// </summary>
internal static class AthenaUnload
{
    /// <summary>The statement in Spark's words; as it is when it is no UNLOAD.</summary>
    /// <exception cref="EngineException">It is incomplete, or a property is not there.</exception>
    public static string Rewrite(string sql)
    {
        var tokens = Lexer.Read(sql, quotedNames: true);
        if (!tokens[0].IsWord("UNLOAD"))
        {
            return sql;
        }

        EngineException Wrong(int at, string expected) => new("PARSE_SYNTAX_ERROR", $"UNLOAD (SELECT ..) TO 's3://bucket/folder/' WITH (format = 'PARQUET'): expected {expected}.", ErrorKind.ParseException, position: Lexer.PositionOf(sql, tokens[Math.Min(at, tokens.Count - 1)].Start));
        var close = Closing(tokens, 1) ?? throw Wrong(1, "a query in brackets");
        if (close + 5 >= tokens.Count || !tokens[close + 1].IsWord("TO") || tokens[close + 2].Kind is not TokenKind.Text || !tokens[close + 3].IsWord("WITH") || !tokens[close + 4].IsSymbol("("))
        {
            throw Wrong(close + 1, "TO, a place and WITH");
        }

        var (properties, end) = AthenaProperty.List(tokens, close + 4, sql);
        if (tokens[end + 1].Kind is not TokenKind.End && !tokens[end + 1].IsSymbol(";"))
        {
            throw Wrong(end + 1, "the end");
        }

        var format = properties.FirstOrDefault(p => p.Name is "format")?.Word ?? throw Wrong(end, "the property format");
        var options = properties.Where(p => p.Name is not "format").Select(p => Option(p, format, sql)).ToArray();
        var place = sql[tokens[close + 2].Start..tokens[close + 2].End];
        var written = options.Length == 0 ? "" : $" OPTIONS ({string.Join(", ", options)})";
        return $"INSERT OVERWRITE DIRECTORY {place} USING {(format is "textfile" ? "csv" : format)}{written} {sql[tokens[1].End..tokens[close].Start]}";
    }

    private static string Option(AthenaProperty property, string format, string sql) => property.Name switch
    {
        "compression" => $"'compression' = {property.Literals[0]}",
        "field_delimiter" when format is "textfile" => $"'sep' = {property.Literals[0]}",
        var name => throw new EngineException("UNSUPPORTED_FEATURE", $"The property {name} of UNLOAD is not there{(name is "field_delimiter" ? $" with the format {format}" : "")}.", ErrorKind.ParseException, name is "partitioned_by" ? "write partitions with CREATE TABLE .. WITH (partitioned_by = ..) AS" : "there are format, compression, field_delimiter", Lexer.PositionOf(sql, property.At)),
    };

    private static int? Closing(List<Token> tokens, int open)
    {
        if (!tokens[open].IsSymbol("("))
        {
            return null;
        }

        var depth = 0;
        for (var i = open; i < tokens.Count; i++)
        {
            depth += tokens[i].IsSymbol("(") ? 1 : tokens[i].IsSymbol(")") ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return null;
    }
}
