using System.Security.Cryptography;
using System.Text;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>What lies where in a data directory.</summary>
internal sealed record DataPaths(string Root)
{
    /// <summary>A short name that no other directory of this machine has, and this one always has.</summary>
    public string ShortName => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Root)))[..12];

    public string LogFile => Path.Combine(Root, "logs", "hearth.log");

    /// <summary>The cluster's objects.</summary>
    public string Store => Path.Combine(Root, "store");

    /// <summary>Keys and certificates of the Kubernetes API.</summary>
    public string Pki => Path.Combine(Root, "pki");

    /// <summary>Pods, node disks and volumes.</summary>
    public string Nodes => Path.Combine(Root, "nodes");

    /// <summary>Buckets as directories, objects as files.</summary>
    public string Buckets => Path.Combine(Root, DataLayout.Buckets);

    /// <summary>Empty directories that hold the mounts of buckets in containers.</summary>
    public string BucketViews => Path.Combine(Root, "s3-views");

    /// <summary>What a file cannot say about its object.</summary>
    public string BucketMetadata => Path.Combine(Root, "s3-metadata");

    /// <summary>Job logs on their way to S3.</summary>
    public string LogSpool => Path.Combine(Root, "log-spool");

    /// <summary>CloudWatch Logs: groups as directories, streams as files.</summary>
    public string CloudWatch => Path.Combine(Root, "cloudwatch");

    /// <summary>Athena: query executions, work groups, named queries.</summary>
    public string Athena => Path.Combine(Root, "athena");

    /// <summary>AWS access keys of the platform's users.</summary>
    public string Credentials => Path.Combine(Root, "credentials.json");

    /// <summary>Key of session tokens.</summary>
    public string SessionKey => Path.Combine(Root, "session-key");

    /// <summary>Bearer token of the Kubernetes administrator.</summary>
    public string AdminToken => Path.Combine(Root, "admin-token");

    /// <summary>AWS shared files for clients.</summary>
    public string AwsDirectory => Path.Combine(Root, "aws");

    public string Kubeconfig => Path.Combine(Root, "kubeconfig");
}
