using System.Text.Json.Nodes;
using Hearth.Aws.Eks;
using Hearth.Jobs.Emr;
using Hearth.Platform;
using Hearth.Platform.Jobs;

namespace Hearth.Aws.Iam.Declared;

/// <summary>The policies of execution roles: the team's bucket and log group, the declared buckets, nothing else.</summary>
internal static class RolePolicies
{
    private static readonly string[] ReadObject = ["s3:GetObject", "s3:GetObjectTagging"];
    private static readonly string[] WriteObject = ["s3:PutObject", "s3:PutObjectTagging", "s3:DeleteObject", "s3:DeleteObjectTagging", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];
    private static readonly string[] OnBucket = ["s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"];

    private static readonly string[] OnTables =
    [
        "glue:BatchCreatePartition", "glue:BatchDeletePartition", "glue:BatchGetPartition", "glue:CreatePartition", "glue:CreateTable", "glue:DeletePartition", "glue:DeleteTable",
        "glue:GetDatabase", "glue:GetDatabases", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables", "glue:UpdatePartition", "glue:UpdateTable",
    ];

    /// <summary>What jobs may do.</summary>
    public static JsonObject Permissions(PlatformDeclaration platform, Team team)
    {
        var policy = new PolicyBuilder();
        Buckets(policy, team);
        if (DefaultJobs.Of(platform).Count > 0)
        {
            policy.Allow("PodTemplates", ["s3:GetObject"], [$"{Bucket(DefaultJobs.AssetBucket(platform))}/{DefaultJobs.PodTemplateKey(platform, "*")}"]);
        }

        Tables(policy, platform, team.ExecutionRole.GlueDatabases);
        return policy
            .Allow("Logs", ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams", "logs:GetLogEvents", "logs:FilterLogEvents"], LogGroups(platform, team))
            .Allow("LogGroups", ["logs:DescribeLogGroups"], ["*"])
            .Build();
    }

    /// <summary>The declared databases of Glue, as the role on AWS has them.</summary>
    private static void Tables(PolicyBuilder policy, PlatformDeclaration platform, IReadOnlyList<string> databases)
    {
        if (databases.Count > 0)
        {
            var glue = $"arn:aws:glue:{platform.Region}:{platform.AccountId}";
            policy.Allow("Tables", OnTables, [$"{glue}:catalog", .. databases.SelectMany(d => new[] { $"{glue}:database/{d}", $"{glue}:table/{d}/*" })]);
        }
    }

    /// <summary>The buckets of a team, for its role and its members alike.</summary>
    public static void Buckets(PolicyBuilder policy, Team team)
    {
        policy.Allow("TeamBucket", OnBucket, [Bucket(team.Bucket)]).Allow("TeamObjects", [.. ReadObject, .. WriteObject], [$"{Bucket(team.Bucket)}/*"]);
        foreach (var (access, index) in team.ExecutionRole.Buckets.Select((b, i) => (b, i)))
        {
            policy
                .Allow($"ListBucket{index}", ["s3:ListBucket"], [Bucket(access.Bucket)], access.Prefix.Length == 0 ? null : Prefixes(access.Prefix))
                .Allow($"BucketLocation{index}", ["s3:GetBucketLocation"], [Bucket(access.Bucket)])
                .Allow($"Objects{index}", access.Access is "readWrite" ? [.. ReadObject, .. WriteObject] : ReadObject, [$"{Bucket(access.Bucket)}/{access.Prefix}*"]);
        }
    }

    /// <summary>
    /// The log groups of a team with their streams: the declared one, the one by the virtual cluster's name, which scripts of the older guide write to, and
    /// those of the default job configurations.
    /// </summary>
    public static string[] LogGroups(PlatformDeclaration platform, Team team) =>
    [
        .. new[] { team.LogGroup.TrimEnd('/'), $"/emr-on-eks-logs/{team.VirtualCluster}" }.Concat(DefaultJobs.LogGroups(platform)).Distinct(StringComparer.Ordinal)
            .Select(name => $"arn:aws:logs:{platform.Region}:{platform.AccountId}:log-group:{name}")
            .SelectMany(group => new[] { group, $"{group}:*", $"{group}/*" }),
    ];

    /// <summary>Who may assume the role: the namespace's service accounts of EMR, by their tokens, and the team's user.</summary>
    public static JsonObject Trust(PlatformDeclaration platform, Team team, string issuer)
    {
        var provider = IamArns.Provider(platform.AccountId, issuer);
        var keys = issuer["https://".Length..];
        var subject = $"system:serviceaccount:{team.Namespace}:emr-containers-sa-*-*-{platform.AccountId}-{EmrNames.Base36(team.ExecutionRole.Name)}";
        return new PolicyBuilder()
            .Trust("JobRuns", "sts:AssumeRoleWithWebIdentity", new JsonObject { ["Federated"] = provider }, new JsonObject
            {
                ["StringLike"] = new JsonObject { [$"{keys}:sub"] = subject },
                ["StringEquals"] = new JsonObject { [$"{keys}:aud"] = OidcIssuer.StsAudience },
            })
            .Trust("Team", "sts:AssumeRole", new JsonObject
            {
                ["AWS"] = new JsonArray(IamArns.User(platform.AccountId, "/", team.Name), $"arn:aws:iam::{platform.AccountId}:root"),
            })
            .Build();
    }

    // A listing must ask below the prefix, or for the prefix without its slash.
    private static JsonObject Prefixes(string prefix) => new()
    {
        ["StringLike"] = new JsonObject { ["s3:prefix"] = new JsonArray([.. new[] { $"{prefix}*", prefix.TrimEnd('/') }.Distinct(StringComparer.Ordinal).Select(p => (JsonNode)p)]) },
    };

    private static string Bucket(string name) => $"arn:aws:s3:::{name}";
}
