using System.Security.Cryptography;
using System.Text;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Policy;
using Hearth.Aws.Iam.Resources;
using Hearth.Aws.Sts;
using Hearth.Cluster.Nodes.Images;
using Hearth.Kube.Client;
using Hearth.Kube.Core;
using Hearth.Kube.Informers;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>
/// Which buckets a pod sees as directories: what the policies of its service account's role allow, when that role trusts the service account.
/// What is not mounted does not exist for a job, so the boundary is the kernel's. Nothing beside the mounts can be written: the directory that
/// holds them is read-only.
/// </summary>
/// <param name="client">Finds service accounts.</param>
/// <param name="identity">Roles and decisions.</param>
/// <param name="views">Directory for what holds the mounts.</param>
/// <param name="buckets">Name and directory of every bucket.</param>
/// <param name="time">The clock.</param>
internal sealed class RoleBuckets(IKubeClient client, IdentityPart identity, string views, Func<IReadOnlyList<(string Name, string Directory)>> buckets, TimeProvider time)
{
    /// <summary>Where containers find buckets; also <c>spark.hearth.s3.root</c>.</summary>
    public const string Root = "/hearth/s3";

    private const string RoleAnnotation = "eks.amazonaws.com/role-arn";
    private readonly Informer<ServiceAccount> _accounts = new(client, time: time);

    /// <summary>Follows the service accounts until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => _accounts.RunAsync(ct);

    /// <summary>The mounts of a pod; empty for pods without a role.</summary>
    public IReadOnlyList<HostMount> Mounts(Pod pod)
    {
        if (RoleOf(pod) is not { } role)
        {
            return [];
        }

        var all = buckets();
        var directories = all.ToDictionary(b => b.Name, b => b.Directory, StringComparer.Ordinal);
        BucketGrant[] grants = [.. BucketGrants.Of(identity.Access.PoliciesOf(role), all.Select(b => b.Name)).Where(g => IsPlain(g.Prefix))];
        return
        [
            new HostMount(View(grants), Root, Writable: false),
            .. grants.Select(g => new HostMount(Directory.CreateDirectory(Path.Combine(directories[g.Bucket], g.Prefix)).FullName.TrimEnd('/'), $"{Root}/{g.Bucket}/{g.Prefix}".TrimEnd('/'), g.Writable)),
        ];
    }

    private IamRole? RoleOf(Pod pod)
    {
        var (ns, name) = (pod.Metadata.Namespace ?? "", pod.Spec?.ServiceAccountName ?? "default");
        return _accounts.Find(ns, name)?.Metadata.Annotation(RoleAnnotation) is { } arn && identity.Access.FindRole(arn) is { } role
            && WebIdentityTrust.Of(identity.Access, role, WebIdentityTrust.ServiceAccount(identity.Issuer, ns, name), sessionName: null) == Verdict.Allowed
            ? role
            : null;
    }

    /// <summary>A directory with an empty one for each mount, so that nothing has to be made where nothing may be written.</summary>
    private string View(IEnumerable<BucketGrant> grants)
    {
        string[] paths = [.. grants.Select(g => Path.Combine(g.Bucket, g.Prefix))];
        var view = Path.Combine(views, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', paths))))[..16]);
        Directory.CreateDirectory(view);
        foreach (var path in paths)
        {
            Directory.CreateDirectory(Path.Combine(view, path));
        }

        return view;
    }

    // Prefixes whose names a file system cannot hold as they are, are left to the S3 API.
    private static bool IsPlain(string prefix) =>
        prefix.Length == 0 || prefix.TrimEnd('/').Split('/').All(s => s.Length is > 0 and < 200 && s is not ("." or "..") && !s.StartsWith(".s3~", StringComparison.Ordinal));
}
