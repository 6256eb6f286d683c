using Amazon.CDK.AWS.S3.Assets;
using Constructs;
using Hearth.Platform.Jobs;

namespace Hearth.Deploy.Emr;

/// <summary>
/// The pod templates of the default job configurations. They go to the CDK's assets bucket under names made from their content: a changed template is
/// a new object, so a running job keeps the one it was started with, and no function of ours has to copy files.
/// </summary>
public sealed class PodTemplateFiles : Construct
{
    private readonly Dictionary<string, Asset> _assets;

    /// <param name="scope">The stack.</param>
    /// <param name="id">Unique in it.</param>
    /// <param name="configurations">Those whose templates are needed; all when left out.</param>
    public PodTemplateFiles(Construct scope, string id, IReadOnlyList<string>? configurations = null)
        : base(scope, id) =>
        _assets = (configurations ?? DefaultJobs.Names).SelectMany(PodTemplates.Of).ToDictionary(n => n, n => new Asset(this, n, new AssetProps { Path = Path.Combine(Directory, n) }), StringComparer.Ordinal);

    /// <summary>The files' names, as <c>critical-driver.yaml</c>.</summary>
    public IEnumerable<string> Names => _assets.Keys.Order(StringComparer.Ordinal);

    /// <summary>Where the files are on this machine.</summary>
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "PodTemplates");

    /// <summary>As <c>s3://bucket/key.yaml</c>; may be a CDK token.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public string Uri(string name) => _assets[name].S3ObjectUrl;

    /// <summary>ARNs of exactly these objects, for the roles that read them.</summary>
    public IReadOnlyList<string> Arns(string partition) => [.. _assets.Values.Select(a => $"arn:{partition}:s3:::{a.S3BucketName}/{a.S3ObjectKey}")];
}
