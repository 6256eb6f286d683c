using System.Diagnostics;
using System.Text.Json.Nodes;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Tests.EmrContainers;

/// <summary>What botocore found: every case of the tables is run once, in one process of the client.</summary>
public sealed class EmrContract : EmrPlatform
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Why there is no result; null when there is one.</summary>
    public string? Missing { get; private set; }

    /// <summary>Problems by kind: <c>missing</c>, <c>constraints</c>, <c>scenarios</c>.</summary>
    public JsonObject Result { get; private set; } = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Missing = HasBotocore() ? null : "needs botocore";
        if (Missing is null)
        {
            Result = await RunAsync();
        }
    }

    private static bool HasBotocore()
    {
        try
        {
            const string probe = "import importlib.util as u, sys; sys.exit(0 if u.find_spec('botocore') or (u.find_spec('awscli') and u.find_spec('awscli.botocore')) else 1)";
            using var process = Process.Start(new ProcessStartInfo("python3", ["-c", probe]))!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private async Task<JsonObject> RunAsync()
    {
        var start = new ProcessStartInfo("python3", ["-B", Path.Combine(AppContext.BaseDirectory, "EmrContainers", "emr_contract.py"), EmrCases.Directory])
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
        process.ExitCode.ShouldBe(0, await errors);
        return (JsonObject)JsonNode.Parse(await output)!;
    }

    private JsonObject Platform() => new()
    {
        ["endpoint"] = Address.ToString(),
        ["region"] = "us-west-2",
        ["keys"] = new JsonObject { ["admin"] = Key(Keys.Admin), ["team-a"] = Key(Keys.OfTeam("team-a")), ["team-b"] = Key(Keys.OfTeam("team-b")) },
        ["names"] = new JsonObject { ["cluster"] = Cluster.Id, ["clusterArn"] = Cluster.Arn, ["other"] = OtherCluster.Id, ["otherArn"] = OtherCluster.Arn },
    };

    private static JsonObject Key(AwsCredential credential) => new() { ["id"] = credential.AccessKeyId, ["secret"] = credential.SecretAccessKey };
}
