using System.Net;
using System.Text.RegularExpressions;

namespace Hearth.Platform.Schema;

/// <summary>The kinds of text that declarations are made of, each with its rule and the source of the rule.</summary>
internal static partial class Texts
{
    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;
    private const int TimeoutMs = 1000;

    // RFC 1123 label, as Kubernetes has it for namespaces.
    private const string NamePattern = "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$";

    // RFC 1123 subdomain: names of most cluster-scoped objects.
    private const string SubdomainPattern = @"^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    // EKS cluster names.
    private const string ClusterPattern = "^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$";

    // Names in the EMR on EKS API.
    private const string EmrNamePattern = "^[-._/#A-Za-z0-9]{1,64}$";

    // Kubernetes quantities: decimal number, decimal or binary suffix or exponent.
    private const string QuantityPattern = @"^[+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+|[numkMGTPE]|[KMGTPE]i)?$";

    private const string DurationPattern = "^([0-9]+(ms|s|m|h))+$";
    private const string DurationOrNeverPattern = "^(([0-9]+(s|m|h))+|Never)$";
    private const string RegionPattern = "^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$";
    private const string ZonePattern = "^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}[a-z]$";
    private const string AccountPattern = "^[0-9]{12}$";
    private const string VersionPattern = "^1\\.[0-9]{1,3}$";

    // S3 general-purpose bucket names.
    private const string BucketPattern = "^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$";

    // IAM role names.
    private const string RolePattern = "^[A-Za-z0-9_+=,.@-]{1,64}$";

    private const string LabelKeyPattern =
        @"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$";

    private const string LabelValuePattern = "^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$";
    private const string InstanceTypePattern = @"^[a-z][a-z0-9-]*\.[a-z0-9-]+$";
    private const string CountOrPercentPattern = "^([0-9]+|(100|[0-9]{1,2})%)$";
    private const string ReleasePattern = "^(emr|spark|emr-spark)-[0-9]+\\.[0-9]+\\.[0-9]+(-[A-Za-z0-9.-]+)?$";
    private const string ArnPattern = "^arn:[a-z0-9-]+:[a-z0-9-]+:[a-z0-9-]*:[0-9]*:[^ ]+$";
    private const string QueuePattern = @"^root(\.[A-Za-z0-9_:#/@-]{1,64})*$";
    private const string LogGroupPattern = "^[-._/#A-Za-z0-9]{1,512}$";

    public static TextShape Any { get; } = new("text");

    public static TextShape Name { get; } = new("name", NamePattern, NameRegex().IsMatch, "is not a name: at most 63 of a-z, 0-9 and '-', starting and ending with a letter or digit");

    public static TextShape Subdomain { get; } = new("name", SubdomainPattern, SubdomainRegex().IsMatch, "is not a name: a-z, 0-9, '-' and '.', starting and ending with a letter or digit");

    public static TextShape ClusterName { get; } = new("name", ClusterPattern, ClusterRegex().IsMatch, "is not an EKS cluster name: at most 100 of A-Z, a-z, 0-9, '-' and '_', starting with a letter or digit");

    public static TextShape EmrName { get; } = new("name", EmrNamePattern, EmrNameRegex().IsMatch, "is not a virtual cluster name: at most 64 of A-Z, a-z, 0-9 and . - _ / #");

    public static TextShape Quantity { get; } = new("quantity", QuantityPattern, QuantityRegex().IsMatch, "is not a quantity, as 500m, 4 or 8Gi");

    public static TextShape Duration { get; } = new("duration", DurationPattern, DurationRegex().IsMatch, "is not a duration, as 30s, 10m or 1h30m");

    public static TextShape DurationOrNever { get; } = new("duration or `Never`", DurationOrNeverPattern, DurationOrNeverRegex().IsMatch, "is neither a duration, as 30s, 10m or 720h, nor Never");

    public static TextShape Region { get; } = new("AWS region", RegionPattern, RegionRegex().IsMatch, "is not an AWS region, as us-west-2");

    public static TextShape Zone { get; } = new("availability zone", ZonePattern, ZoneRegex().IsMatch, "is not an availability zone, as us-west-2a");

    public static TextShape Account { get; } = new("12 digits", AccountPattern, AccountRegex().IsMatch, "is not an AWS account: 12 digits");

    public static TextShape KubernetesVersion { get; } = new("version", VersionPattern, VersionRegex().IsMatch, "is not a Kubernetes minor version, as 1.33");

    public static TextShape Cidr { get; } = new("CIDR", "^[0-9.]+/[0-9]{1,2}$", IsCidr, "is not an IPv4 network, as 10.1.0.0/16 (no bits set after the prefix)");

    public static TextShape Bucket { get; } = new("bucket name", BucketPattern, BucketRegex().IsMatch, "is not a bucket name: 3 to 63 of a-z, 0-9, '.' and '-', without s3:// and without an ARN");

    public static TextShape RoleName { get; } = new("role name", RolePattern, RoleRegex().IsMatch, "is not an IAM role name: at most 64 of A-Z, a-z, 0-9 and + = , . @ - _");

    public static TextShape LabelKey { get; } = new("label key", LabelKeyPattern, LabelKeyRegex().IsMatch, "is not a label key: an optional domain and '/', then at most 63 of A-Z, a-z, 0-9, '-', '_' and '.'");

    public static TextShape LabelValue { get; } = new("label value", LabelValuePattern, LabelValueRegex().IsMatch, "is not a label value: at most 63 of A-Z, a-z, 0-9, '-', '_' and '.', starting and ending with a letter or digit");

    public static TextShape InstanceType { get; } = new("EC2 instance type", InstanceTypePattern, InstanceTypeRegex().IsMatch, "is not an EC2 instance type, as m5.xlarge");

    public static TextShape CountOrPercent { get; } = new("number or percentage", CountOrPercentPattern, CountOrPercentRegex().IsMatch, "is neither a number nor a percentage, as 10%");

    public static TextShape ReleaseLabel { get; } = new("release label", ReleasePattern, ReleaseRegex().IsMatch, "is not a release label, as emr-7.9.0-latest");

    public static TextShape Arn { get; } = new("ARN", ArnPattern, ArnRegex().IsMatch, "is not an ARN");

    public static TextShape QueueName { get; } = new("queue path", QueuePattern, QueueRegex().IsMatch, "is not a queue: a path that starts with root, as root.prod");

    public static TextShape LogGroup { get; } = new("log group", LogGroupPattern, LogGroupRegex().IsMatch, "is not a log group name: at most 512 of A-Z, a-z, 0-9 and . - _ / #");

    /// <summary>Exactly as the network prints itself: no bits after the prefix, no short forms, no leading zeros.</summary>
    private static bool IsCidr(string value) =>
        IPNetwork.TryParse(value, out var network)
        && network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
        && string.Equals(network.ToString(), value, StringComparison.Ordinal);

    [GeneratedRegex(NamePattern, Options, TimeoutMs)]
    private static partial Regex NameRegex();

    [GeneratedRegex(SubdomainPattern, Options, TimeoutMs)]
    private static partial Regex SubdomainRegex();

    [GeneratedRegex(ClusterPattern, Options, TimeoutMs)]
    private static partial Regex ClusterRegex();

    [GeneratedRegex(EmrNamePattern, Options, TimeoutMs)]
    private static partial Regex EmrNameRegex();

    [GeneratedRegex(QuantityPattern, Options, TimeoutMs)]
    private static partial Regex QuantityRegex();

    [GeneratedRegex(DurationPattern, Options, TimeoutMs)]
    private static partial Regex DurationRegex();

    [GeneratedRegex(DurationOrNeverPattern, Options, TimeoutMs)]
    private static partial Regex DurationOrNeverRegex();

    [GeneratedRegex(RegionPattern, Options, TimeoutMs)]
    private static partial Regex RegionRegex();

    [GeneratedRegex(ZonePattern, Options, TimeoutMs)]
    private static partial Regex ZoneRegex();

    [GeneratedRegex(AccountPattern, Options, TimeoutMs)]
    private static partial Regex AccountRegex();

    [GeneratedRegex(VersionPattern, Options, TimeoutMs)]
    private static partial Regex VersionRegex();

    [GeneratedRegex(BucketPattern, Options, TimeoutMs)]
    private static partial Regex BucketRegex();

    [GeneratedRegex(RolePattern, Options, TimeoutMs)]
    private static partial Regex RoleRegex();

    [GeneratedRegex(LabelKeyPattern, Options, TimeoutMs)]
    private static partial Regex LabelKeyRegex();

    [GeneratedRegex(LabelValuePattern, Options, TimeoutMs)]
    private static partial Regex LabelValueRegex();

    [GeneratedRegex(InstanceTypePattern, Options, TimeoutMs)]
    private static partial Regex InstanceTypeRegex();

    [GeneratedRegex(CountOrPercentPattern, Options, TimeoutMs)]
    private static partial Regex CountOrPercentRegex();

    [GeneratedRegex(ReleasePattern, Options, TimeoutMs)]
    private static partial Regex ReleaseRegex();

    [GeneratedRegex(ArnPattern, Options, TimeoutMs)]
    private static partial Regex ArnRegex();

    [GeneratedRegex(QueuePattern, Options, TimeoutMs)]
    private static partial Regex QueueRegex();

    [GeneratedRegex(LogGroupPattern, Options, TimeoutMs)]
    private static partial Regex LogGroupRegex();
}
