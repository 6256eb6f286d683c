using System.Text;
using Hearth.Aws.Logs.Storage;
using Hearth.Aws.S3.Storage;
using Hearth.Platform;
using Hearth.Platform.Jobs;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>What the default job configurations name: pod templates in the assets bucket, log groups. As on AWS, only for kinds of nodes that are declared.</summary>
internal static class DefaultJobAssets
{
    public static async Task EnsureAsync(PlatformDeclaration platform, ObjectStorage storage, LogStorage logs, CancellationToken ct)
    {
        var configurations = DefaultJobs.Of(platform);
        if (configurations.Count == 0)
        {
            return;
        }

        var bucket = DefaultJobs.AssetBucket(platform);
        storage.CreateBucket(bucket);
        foreach (var name in configurations.SelectMany(PodTemplates.Of))
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(PodTemplates.Text(name)));
            await storage.PutAsync(bucket, DefaultJobs.PodTemplateKey(platform, name), text, "application/yaml", ct: ct).ConfigureAwait(false);
        }

        foreach (var group in DefaultJobs.LogGroups(platform))
        {
            logs.CreateGroup(group, platform.Tags);
            logs.ChangeGroup(group, g => g with { RetentionDays = DefaultJobs.LogRetentionDays });
        }
    }
}
