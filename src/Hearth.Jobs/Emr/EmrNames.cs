using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hearth.Jobs.Resources;

namespace Hearth.Jobs.Emr;

/// <summary>Names that EMR on EKS gives to things.</summary>
public static class EmrNames
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>Label of every pod of a job run: its id.</summary>
    public const string JobIdLabel = "emr-containers.amazonaws.com/job.id";

    /// <summary>Label of every pod of a job run: its virtual cluster.</summary>
    public const string VirtualClusterLabel = "emr-containers.amazonaws.com/virtual-cluster-id";

    /// <summary>Label of every pod of a job run: <c>job.run</c>.</summary>
    public const string ResourceTypeLabel = "emr-containers.amazonaws.com/resource.type";

    /// <summary>Label of every pod of a job run: <c>job.submitter</c>, <c>driver</c> or <c>executor</c>.</summary>
    public const string ComponentLabel = "emr-containers.amazonaws.com/component";

    /// <summary>Label of config maps: what they configure.</summary>
    public const string ConfigurationLabel = "emr-containers.amazonaws.com/job.configuration";

    /// <summary>Spark's id of a job run.</summary>
    public static string ApplicationId(string jobId) => $"spark-{jobId}";

    /// <summary>The driver pod of a run without retries.</summary>
    public static string DriverPod(string jobId) => $"spark-{jobId}-driver";

    /// <summary>The driver pod of an attempt: with a retry policy each one has a suffix of its own.</summary>
    public static string DriverPod(JobRun run, int attempt) =>
        run.Spec.RetryPolicyConfiguration?.MaxAttempts > 1 || attempt > 1 ? $"{DriverPod(run.Id)}-{AttemptSuffix(run, attempt)}" : DriverPod(run.Id);

    /// <summary>The Kubernetes Job that submits an attempt.</summary>
    public static string RunnerJob(JobRun run, int attempt) => attempt <= 1 ? run.Id : $"{run.Id}-{AttemptSuffix(run, attempt)}";

    /// <summary>The service account that an execution role gives to a part of Spark.</summary>
    /// <param name="component"><c>client</c>, <c>driver</c> or <c>executor</c>.</param>
    /// <param name="accountId">Twelve digits.</param>
    /// <param name="roleName">Name of the role without its path.</param>
    public static string ServiceAccount(string component, string accountId, string roleName) =>
        $"emr-containers-sa-spark-{component}-{accountId}-{Base36(roleName)}";

    /// <summary>The role binding that belongs to <see cref="ServiceAccount"/>.</summary>
    public static string RoleBinding(string component, string accountId, string roleName) =>
        $"emr-containers-rb-spark-{component}-{accountId}-{Base36(roleName)}";

    /// <summary>The role that a driver or client binds to.</summary>
    public static string Role(string component) => $"emr-containers-role-spark-{component}";

    /// <summary>The name at the end of a role's ARN.</summary>
    public static string RoleName(string roleArn) => roleArn[(roleArn.LastIndexOf('/') + 1)..];

    /// <summary>The account in a role's ARN, or null when it names none.</summary>
    public static string? AccountOf(string roleArn) => roleArn.Split(':') is { Length: >= 6 } parts && parts[4].Length > 0 ? parts[4] : null;

    /// <summary>The bytes of a text as one big-endian number in base 36, as EMR names service accounts after roles.</summary>
    public static string Base36(string text) => Platform.Text.Base36.Of(text);

    // Looks random, but is the same for the same attempt, so that an interrupted submission makes nothing twice.
    private static string AttemptSuffix(JobRun run, int attempt)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{run.Metadata.Uid}/{attempt}")));
        return string.Create(5, hash, static (span, bytes) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = Digits[bytes[i] % Digits.Length];
            }
        });
    }

    /// <summary>A new virtual cluster id: 25 characters of <c>0-9a-z</c>.</summary>
    public static string NewVirtualClusterId() => RandomNumberGenerator.GetString(Digits, 25);

    /// <summary>The default image of a release.</summary>
    public static string Image(string releaseLabel)
    {
        var cut = releaseLabel.LastIndexOf('-');
        return cut < 0
            ? $"public.ecr.aws/emr-on-eks/spark/{releaseLabel}:latest"
            : $"public.ecr.aws/emr-on-eks/spark/{releaseLabel[..cut]}:{releaseLabel[(cut + 1)..]}";
    }
}
