using System.Text.Json.Nodes;
using Hearth.Engine.Duck;

namespace Hearth.Cli.Tests;

public sealed class QueryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public QueryTests() => Assert.SkipUnless(HasLibrary(), "needs the DuckDB library (npm install)");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_query_is_printed_as_sparks_table() =>
        (await Query("SELECT 1 AS one, 'x' AS s")).ShouldBe(new CliOutcome(0, "+---+---+\n|one|s  |\n+---+---+\n|1  |x  |\n+---+---+\n", string.Empty));

    [Fact]
    public async Task Json_has_one_object_a_row_with_types_kept()
    {
        var rows = JsonNode.Parse((await Query("SELECT 1 AS i, 1.50BD AS d, true AS b, NULL AS n, date'2024-01-31' AS day, 'a\"b' AS s", "-o", "json")).Out)!.AsArray();

        rows.Single()!.ToJsonString().ShouldBe("""{"i":1,"d":1.50,"b":true,"n":null,"day":"2024-01-31","s":"a\u0022b"}""");
    }

    [Fact]
    public async Task No_rows_are_an_empty_array() =>
        (await Query("SELECT 1 AS i WHERE false", "-o", "json")).Out.ShouldBe("[]\n");

    [Fact]
    public async Task Csv_is_quoted_and_nulls_are_empty() =>
        (await Query("SELECT 'a,b' AS x, NULL AS y", "-o", "csv")).Out.ShouldBe("x,y\r\n\"a,b\",\r\n");

    [Theory]
    [InlineData("SELEC 1", "hearth: [PARSE_SYNTAX_ERROR]")]
    [InlineData("SELECT nope", "hearth: [UNRESOLVED_COLUMN")]
    public async Task Wrong_sql_is_sparks_message_and_exit_2(string sql, string message)
    {
        var outcome = await Query(sql);

        outcome.ExitCode.ShouldBe(2);
        outcome.Error.ShouldStartWith(message);
    }

    [Fact]
    public async Task A_setting_needs_a_key_and_a_value() =>
        (await Query("SELECT 1", "--conf", "oops")).ShouldBe(new CliOutcome(2, string.Empty, "hearth: --conf oops: expected KEY=VALUE\n"));

    private Task<CliOutcome> Query(params string[] arguments) => CliHarness.Run(["query", .. arguments, "--data-dir", _directory.Path]);

    internal static bool HasLibrary()
    {
        if (Environment.GetEnvironmentVariable(DuckLibrary.Variable) is not null)
        {
            return true;
        }

        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (Directory.Exists(Path.Combine(directory, "node_modules", "@duckdb")))
            {
                return true;
            }
        }

        return false;
    }
}
