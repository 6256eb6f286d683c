using Hearth.Deploy.Iam;
using Hearth.Platform;

namespace Hearth.Deploy.Emr;

/// <summary>What a team's jobs may do: their own bucket and logs, the buckets and databases that the declaration names, and nothing else. Pure.</summary>
public static class TeamPolicy
{
    /// <summary>The statements of the team's execution role.</summary>
    /// <param name="team">The team; completed, so every name is there.</param>
    /// <param name="where">Account and region.</param>
    /// <param name="eventLogBucket">Where Spark keeps event logs.</param>
    /// <param name="podTemplates">ARNs of the pod templates that default configurations name.</param>
    /// <param name="logGroups">Further log groups that default configurations write to.</param>
    public static IReadOnlyList<Allow> Of(Team team, Arns where, string eventLogBucket, IReadOnlyList<string> podTemplates, IReadOnlyList<string> logGroups)
    {
        var eventLogs = $"spark-event-logs/{team.Namespace}/";
        List<BucketAccess> buckets =
        [
            new() { Bucket = team.Bucket, Access = "readWrite" },
            new() { Bucket = eventLogBucket, Prefix = eventLogs, Access = "readWrite" },
            .. team.ExecutionRole.Buckets,
        ];
        return [.. Objects(buckets, podTemplates, where), .. Listing(buckets, where), .. Logs([team.LogGroup, .. logGroups], where), .. Glue(team.ExecutionRole.GlueDatabases, where)];
    }

    private static IEnumerable<Allow> Objects(List<BucketAccess> buckets, IReadOnlyList<string> podTemplates, Arns where)
    {
        string[] written = [.. buckets.Where(Writes).Select(b => where.Objects(b.Bucket, b.Prefix))];
        string[] read = [.. podTemplates, .. buckets.Where(b => !Writes(b)).Select(b => where.Objects(b.Bucket, b.Prefix))];
        yield return new Allow("Objects", ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"], written);
        if (read.Length > 0)
        {
            yield return new Allow("ReadObjects", ["s3:GetObject"], read);
        }
    }

    /// <summary>Whole buckets may be listed in one statement; each prefix needs a condition, so a statement of its own.</summary>
    private static IEnumerable<Allow> Listing(List<BucketAccess> buckets, Arns where)
    {
        string[] whole = [.. buckets.Where(b => b.Prefix.Length == 0).Select(b => where.Bucket(b.Bucket)).Distinct(StringComparer.Ordinal)];
        yield return new Allow("ListBuckets", ["s3:GetBucketLocation", "s3:ListBucket"], whole);
        var number = 0;
        foreach (var bucket in buckets.Where(b => b.Prefix.Length > 0))
        {
            yield return new Allow($"ListPrefix{number++}", ["s3:ListBucket"], [where.Bucket(bucket.Bucket)])
                .When("StringLike", "s3:prefix", $"{bucket.Prefix}*", bucket.Prefix.TrimEnd('/'));
        }
    }

    private static IEnumerable<Allow> Logs(IReadOnlyList<string> groups, Arns where)
    {
        yield return new Allow("WriteLogs", ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], [.. groups.SelectMany(g => new[] { where.LogGroup(g), where.LogStreams(g) })]);
        // EMR looks its group up before it writes; the call knows no narrower resource than the region's groups.
        yield return new Allow("FindLogs", ["logs:DescribeLogGroups"], [where.LogGroup("*")]);
    }

    private static IEnumerable<Allow> Glue(IReadOnlyList<string> databases, Arns where)
    {
        if (databases.Count == 0)
        {
            yield break;
        }

        string[] tables = [where.Of("glue", "catalog"), .. databases.SelectMany(d => new[] { where.Of("glue", $"database/{d}"), where.Of("glue", $"table/{d}/*") })];
        yield return new Allow("Tables",
        [
            "glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:BatchGetPartition", "glue:CreatePartition", "glue:CreateTable", "glue:DeletePartition", "glue:DeleteTable",
            "glue:GetDatabase", "glue:GetDatabases", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables", "glue:UpdatePartition", "glue:UpdateTable",
        ], tables);
        // The Hive client asks for these two whatever a job does.
        yield return new Allow("HiveClient", ["glue:GetDatabase", "glue:GetUserDefinedFunctions"],
            [where.Of("glue", "catalog"), where.Of("glue", "database/default"), where.Of("glue", "database/global_temp"), where.Of("glue", "userDefinedFunction/default/*")]);
    }

    private static bool Writes(BucketAccess bucket) => bucket.Access == "readWrite";
}
