using System.Text;
using Hearth.Aws.Athena;
using Hearth.Engine;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Cli.Hosting.Embedded.Tables;

/// <summary>
/// Athena's spelling of what Spark says otherwise, rewritten before Spark's parser reads it: names in double quotes, <c>"AwsDataCatalog"."db"."table"</c>,
/// <c>CAST(x AS varchar)</c>, CREATE TABLE WITH (..) AS (<see cref="AthenaCreate"/>), and UNLOAD (<see cref="AthenaUnload"/>). As in Athena, double quotes in DDL are strings, but for the query of a CREATE TABLE AS or CREATE VIEW.
/// </summary>
/// <param name="Text">Spark SQL.</param>
/// <param name="Statement">What it is.</param>
internal sealed record AthenaSql(string Text, Statement Statement)
{
    private const int MostParameters = 1000;
    private static readonly string[] Ddl = ["CREATE", "ALTER", "DROP", "SHOW", "DESCRIBE", "DESC", "MSCK"];

    /// <summary>Reads a statement.</summary>
    /// <exception cref="EngineException">Neither with names nor with strings in double quotes it is one.</exception>
    public static AthenaSql Read(string sql, IReadOnlyList<Expr>? parameters = null)
    {
        var first = sql.TrimStart().Split((char[]?)null, 2)[0];
        var ddl = Ddl.Contains(first, StringComparer.OrdinalIgnoreCase);
        if (Try(sql, names: !ddl, parameters, out var preferred) is not { } read)
        {
            return Try(sql, names: ddl, parameters, out _) ?? throw preferred!;
        }

        return read.Statement is CreateTable { Query: not null } or CreateView && Try(sql, names: true, parameters, out _) is { } named ? named : read;
    }

    /// <summary>The value of a question mark.</summary>
    /// <exception cref="EngineException">It is no expression.</exception>
    public static Expr Parameter(string literal) => SqlParser.ParseExpression(Rewrite(literal, names: true));

    /// <summary>What kind the statement is, in Athena's words.</summary>
    public StatementKind Kind => Statement switch
    {
        QueryStatement => new("DML", "SELECT", true),
        InsertInto or MultiInsert => new("DML", "INSERT", false),
        MergeInto => new("DML", "MERGE", true),
        UpdateTable => new("DML", "UPDATE", true),
        DeleteFrom => new("DML", "DELETE", true),
        InsertDirectory => new("DML", "UNLOAD", false),
        CreateTable { Query: not null } => new("DDL", "CREATE_TABLE_AS_SELECT", false),
        CreateTable => new("DDL", "CREATE_TABLE", false),
        CreateView => new("DDL", "CREATE_VIEW", false),
        DropRelation { View: true } => new("DDL", "DROP_VIEW", false),
        DropRelation => new("DDL", "DROP_TABLE", false),
        CreateDatabase => new("DDL", "CREATE_DATABASE", false),
        DropDatabase => new("DDL", "DROP_DATABASE", false),
        AlterTable => new("DDL", "ALTER_TABLE", false),
        NoEffect => new("DDL", "MSCK_REPAIR_TABLE", false),
        Show show => new("UTILITY", $"SHOW_{ShowName(show.Kind)}", false),
        DescribeTable or DescribeDetail or DescribeHistory or DescribeDatabase or DescribeQuery or DescribeFunction => new("UTILITY", "DESCRIBE_TABLE", false),
        Explain => new("UTILITY", "EXPLAIN", false),
        _ => new("DDL", Statement.GetType().Name.ToUpperInvariant(), false),
    };

    /// <summary>Whether the statement only reads.</summary>
    public bool IsReadOnly => Statement is QueryStatement or Show or DescribeTable or DescribeDetail or DescribeHistory or DescribeDatabase or DescribeQuery or DescribeFunction or Explain or NoEffect or SetConf or UseDatabase;

    private static string ShowName(ShowKind kind) => string.Concat(kind.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    private static AthenaSql? Try(string sql, bool names, IReadOnlyList<Expr>? parameters, out EngineException? error)
    {
        try
        {
            var text = Rewrite(sql, names);
            var values = parameters ?? [.. Enumerable.Repeat<Expr>(new LiteralExpr(null, SparkType.Void), MostParameters)];
            error = null;
            return new AthenaSql(text, SqlParser.ParseStatement(text, SqlParameters.None with { Positional = values }));
        }
        catch (EngineException e)
        {
            error = e;
            return null;
        }
    }

    private static string Rewrite(string text, bool names) => Renamed(AthenaUnload.Rewrite(AthenaCreate.Rewrite(text)), names);

    private static string Renamed(string sql, bool names)
    {
        var tokens = Lexer.Read(sql, quotedNames: names);
        var (text, end) = (new StringBuilder(sql.Length), 0);
        for (var i = 0; i < tokens.Count - 1; i++)
        {
            if (Replacement(sql, tokens, i) is { } replacement)
            {
                text.Append(sql, end, tokens[i].Start - end).Append(replacement);
                end = tokens[i].End;
            }
        }

        return text.Append(sql, end, sql.Length - end).ToString();
    }

    private static string? Replacement(string sql, List<Token> tokens, int i)
    {
        var token = tokens[i];
        if (token.Kind is TokenKind.Word or TokenKind.QuotedName && token.Text.Equals("AwsDataCatalog", StringComparison.OrdinalIgnoreCase) && tokens[i + 1].IsSymbol("."))
        {
            return "spark_catalog";
        }

        if (token.Kind is TokenKind.QuotedName && sql[token.Start] is '"')
        {
            return $"`{token.Text.Replace("`", "``", StringComparison.Ordinal)}`";
        }

        return token.IsWord("VARCHAR") && i > 0 && tokens[i - 1].IsWord("AS") && tokens[i + 1].IsSymbol(")") ? "STRING" : null;
    }
}
