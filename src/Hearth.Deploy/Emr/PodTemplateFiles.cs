using Amazon.CDK.AWS.S3.Assets;
using Constructs;

namespace Hearth.Deploy.Emr;

/// <summary>
/// The pod templates of the default job configurations. They go to the CDK's assets bucket under names made from their content: a changed template is
/// a new object, so a running job keeps the one it was started with, and no function of ours has to copy files.
/// </summary>
public sealed class PodTemplateFiles : Construct
{
    private readonly Dictionary<string, Asset> _assets;

    public PodTemplateFiles(Construct scope, string id)
        : base(scope, id) =>
        _assets = Names.ToDictionary(n => n, n => new Asset(this, n, new AssetProps { Path = Path.Combine(Directory, n) }), StringComparer.Ordinal);

    /// <summary>File names, as <c>critical-driver.yaml</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. from role in (string[])["critical", "notebook", "shared"] from part in (string[])["driver", "executor"] select $"{role}-{part}.yaml"];

    /// <summary>Where the files are on this machine.</summary>
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "PodTemplates");

    /// <summary>As <c>s3://bucket/key.yaml</c>; may be a CDK token.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public string Uri(string name) => _assets[name].S3ObjectUrl;

    /// <summary>ARNs of exactly these objects, for the roles that read them.</summary>
    public IReadOnlyList<string> Arns(string partition) => [.. _assets.Values.Select(a => $"arn:{partition}:s3:::{a.S3BucketName}/{a.S3ObjectKey}")];
}
