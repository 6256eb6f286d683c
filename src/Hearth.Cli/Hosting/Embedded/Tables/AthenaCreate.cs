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
        var (properties, close) = AthenaProperty.List(tokens, with + 1, sql);
        foreach (var property in properties)
        {
            switch (property.Name)
            {
                case "format":
                    format = property.Word is "textfile" ? "csv" : property.Word;
                    break;
                case "table_type":
                    format = property.Word is "hive" ? format : property.Word;
                    break;
                case "external_location":
                    location = $" LOCATION {property.Literals[0]}";
                    break;
                case "partitioned_by":
                    partitions = $" PARTITIONED BY ({string.Join(", ", property.Literals.Select(v => $"`{v.Trim('\'').Replace("`", "``", StringComparison.Ordinal)}`"))})";
                    break;
                case "write_compression" or "parquet_compression":
                    compression = $" OPTIONS ('compression' = {property.Literals[0]})";
                    break;
                default:
                    throw new EngineException("UNSUPPORTED_FEATURE", $"The table property {property.Name} of CREATE TABLE AS is not there.", ErrorKind.ParseException, "there are format, table_type, external_location, partitioned_by, write_compression", Lexer.PositionOf(sql, property.At));
            }
        }

        return $"{sql[..tokens[with].Start]}USING {format}{compression}{partitions}{location}{sql[tokens[close].End..]}";
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
}
