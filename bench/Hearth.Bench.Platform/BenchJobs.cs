using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Aws.Client;
using Hearth.Platform;

namespace Hearth.Bench.Platform;

/// <summary>Requests that several benchmarks send.</summary>
internal static class BenchJobs
{
    /// <summary>Id of a team's virtual cluster.</summary>
    public static async Task<string> ClusterAsync(AwsClient aws, Team team)
    {
        var listed = await aws.JsonAsync("emr-containers", HttpMethod.Get, "/virtualclusters?states=RUNNING", null, CancellationToken.None);
        return listed["virtualClusters"]!.AsArray()
            .First(c => c!["containerProvider"]!["info"]!["eksInfo"]!["namespace"]!.GetValue<string>() == team.Namespace)!["id"]!.GetValue<string>();
    }

    /// <summary>Puts a script below <c>bench/</c> of the team's bucket.</summary>
    public static async Task UploadAsync(AwsClient aws, Team team, string name, string text)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text);
            await aws.PutFileAsync(team.Bucket, $"bench/{name}", file, CancellationToken.None);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>StartJobRun of a script that was uploaded.</summary>
    public static JsonObject Request(UpPlatform platform, Team team, string file, int executors = 1) => new()
    {
        ["name"] = "empty",
        ["clientToken"] = Guid.NewGuid().ToString("N"),
        ["executionRoleArn"] = $"arn:aws:iam::{platform.AccountId}:role/{team.ExecutionRole.Name}",
        ["releaseLabel"] = "emr-6.15.0-latest",
        ["jobDriver"] = new JsonObject
        {
            ["sparkSubmitJobDriver"] = new JsonObject
            {
                ["entryPoint"] = $"s3://{team.Bucket}/bench/{file}",
                ["sparkSubmitParameters"] = string.Create(CultureInfo.InvariantCulture,
                    $"--conf spark.executor.instances={executors} --conf spark.executor.cores=1 --conf spark.executor.memory=1g --conf spark.driver.cores=1 --conf spark.driver.memory=1g"),
            },
        },
    };
}
