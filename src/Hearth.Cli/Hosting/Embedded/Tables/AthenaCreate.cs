using Hearth.Engine;
using Hearth.Engine.Sql;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>
/// Athena's <c>CREATE TABLE t WITH (format = 'PARQUET', external_location = 's3://..', partitioned_by = ARRAY['a']) AS ..</c> in Spark's words:
/// <c>CREATE TABLE t USING parquet PARTITIONED BY (a) LOCATION 's3://..' AS ..</c>.
/// </summary>
internal static class AthenaCreate
{
    /// <summary>The statement in Spark's words; as it is when it is no such statement.</summary>
    /// <exception cref="EngineException">A property is not known here.</exception>
    public static string Rewrite(string sql)
    {
        var tokens = Lexer.Read(sql, quotedNames: true);
        if (With(tokens) is not { } with)
        {
            return sql;
        }

        var (format, location, partitions, compression) = ("parquet", "", "", "");
        var at = with + 2;
        while (!tokens[at].IsSymbol(")"))
        {
            var (name, value, next) = Property(tokens, at, sql);
            switch (name)
            {
                case "format":
                    format = value[0].Trim('\'').ToLowerInvariant() is var given && given is "textfile" ? "csv" : given;
                    break;
                case "table_type" when value[0].Trim('\'').ToLowerInvariant() is var type:
                    format = type is "hive" ? format : type;
                    break;
                case "external_location":
                    location = $" LOCATION {value[0]}";
                    break;
                case "partitioned_by":
                    partitions = $" PARTITIONED BY ({string.Join(", ", value.Select(v => $"`{v.Trim('\'').Replace("`", "``", StringComparison.Ordinal)}`"))})";
                    break;
                case "write_compression" or "parquet_compression":
                    compression = $" OPTIONS ('compression' = {value[0]})";
                    break;
                default:
                    throw new EngineException("UNSUPPORTED_FEATURE", $"The table property {name} of CREATE TABLE AS is not there.", ErrorKind.ParseException, "there are format, table_type, external_location, partitioned_by, write_compression", Lexer.PositionOf(sql, tokens[at].Start));
            }

            at = tokens[next].IsSymbol(",") ? next + 1 : next;
        }

        return $"{sql[..tokens[with].Start]}USING {format}{compression}{partitions}{location}{sql[tokens[at].End..]}";
    }

    // The index of WITH before an opening bracket, right behind the name of the table.
    private static int? With(List<Token> tokens)
    {
        if (tokens.Count < 4 || !tokens[0].IsWord("CREATE") || !tokens[1].IsWord("TABLE"))
        {
            return null;
        }

        var at = tokens[2].IsWord("IF") && tokens.Count > 5 ? 5 : 2;
        while (at + 2 < tokens.Count && tokens[at + 1].IsSymbol("."))
        {
            at += 2;
        }

        return at + 2 < tokens.Count && tokens[at + 1].IsWord("WITH") && tokens[at + 2].IsSymbol("(") ? at + 1 : null;
    }

    // NAME = 'text' or NAME = ARRAY['a', 'b']; the literals stay as they are written.
    private static (string Name, IReadOnlyList<string> Value, int Next) Property(List<Token> tokens, int at, string sql)
    {
        EngineException Wrong(int i) => new("PARSE_SYNTAX_ERROR", "A table property has the form name = 'value' or name = ARRAY['value', ...].", ErrorKind.ParseException, position: Lexer.PositionOf(sql, tokens[Math.Min(i, tokens.Count - 1)].Start));
        string Text(int i) => i < tokens.Count && tokens[i].Kind is TokenKind.Text ? sql[tokens[i].Start..tokens[i].End] : throw Wrong(i);
        if (at + 3 >= tokens.Count || tokens[at].Kind is not (TokenKind.Word or TokenKind.QuotedName) || !tokens[at + 1].IsSymbol("="))
        {
            throw Wrong(at);
        }

        var name = tokens[at].Text.ToLowerInvariant();
        if (!tokens[at + 2].IsWord("ARRAY"))
        {
            return (name, [Text(at + 2)], at + 3);
        }

        var values = new List<string>();
        var next = at + 4;
        while (next < tokens.Count && !tokens[next].IsSymbol("]"))
        {
            values.Add(Text(next++));
            next += tokens[next].IsSymbol(",") ? 1 : 0;
        }

        return next < tokens.Count ? (name, values, next + 1) : throw Wrong(next);
    }
}
