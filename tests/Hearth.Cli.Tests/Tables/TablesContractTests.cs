using System.Diagnostics;
using System.Text.Json.Nodes;
using Hearth.Aws.Signing;

namespace Hearth.Cli.Tests.Tables;

/// <summary>Glue and Athena as botocore sees them. The scenarios are text: <c>cases/tables</c>.</summary>
public sealed class TablesContractTests(TablesEndpoint endpoint) : IClassFixture<TablesEndpoint>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Every_scenario_goes_as_written()
    {
        Assert.SkipUnless(QueryTests.HasLibrary(), "needs the DuckDB library (npm install)");
        var start = new ProcessStartInfo("python3", ["-B", Path.Combine(AppContext.BaseDirectory, "Tables", "tables_contract.py"), Path.Combine(AppContext.BaseDirectory, "cases", "tables")])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["NO_PROXY"] = "*";
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(Platform().ToJsonString());
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(deadline.Token);
        Assert.SkipWhen((await errors).Contains("needs botocore", StringComparison.Ordinal), "needs botocore");
        process.ExitCode.ShouldBe(0, await errors);

        JsonNode.Parse(await output)!.AsArray().Select(p => (string?)p).ShouldBeEmpty();
    }

    private JsonObject Platform() => new()
    {
        ["endpoint"] = endpoint.Address.ToString(),
        ["region"] = TablesEndpoint.Region,
        ["keys"] = new JsonObject { ["admin"] = Key(endpoint.Credentials.All[0]), ["team-a"] = Key(Of("team-a")), ["team-b"] = Key(Of("team-b")) },
    };

    private AwsCredential Of(string team) => endpoint.Credentials.All.First(c => c.Team == team);

    private static JsonObject Key(AwsCredential credential) => new() { ["id"] = credential.AccessKeyId, ["secret"] = credential.SecretAccessKey };
}
