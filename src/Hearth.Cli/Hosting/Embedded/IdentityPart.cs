using Hearth.Aws.Eks;
using Hearth.Aws.Iam;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Iam.Declared;
using Hearth.Aws.Signing;
using Hearth.Aws.Sts;
using Hearth.Platform;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>Who is who: keys, sessions, and the users, roles and policies that are objects of the cluster.</summary>
internal sealed class IdentityPart
{
    private IdentityPart(KubeIdentityStore store, AccessControl access, IWebIdentityVerifier webIdentities, string issuer) =>
        (Store, Access, WebIdentities, Issuer) = (store, access, webIdentities, issuer);

    /// <summary>Users, roles and policies.</summary>
    public IIdentityStore Store { get; }

    /// <summary>The decisions.</summary>
    public AccessControl Access { get; }

    /// <summary>Checks service-account tokens.</summary>
    public IWebIdentityVerifier WebIdentities { get; }

    /// <summary>Issuer of service-account tokens.</summary>
    public string Issuer { get; }

    /// <summary>The issuer that a declaration means.</summary>
    public static string IssuerOf(PlatformDeclaration platform) => OidcIssuer.Of(platform.Region, platform.AccountId, platform.Name);

    /// <summary>Reads what is there and adds what the declaration means.</summary>
    public static async Task<IdentityPart> StartAsync(PlatformDeclaration platform, ClusterPart cluster, BackgroundWork work, TimeProvider time, CancellationToken ct)
    {
        var store = new KubeIdentityStore(cluster.Client, time);
        work.Start("identities", store.RunAsync);
        await store.Synced.WaitAsync(ct).ConfigureAwait(false);
        var issuer = IssuerOf(platform);
        await DeclaredIdentities.ApplyAsync(platform, issuer, store, ct).ConfigureAwait(false);
        return new IdentityPart(store, new AccessControl(store, platform.AccountId, time), new ClusterWebIdentity(cluster.Client, issuer, time), issuer);
    }
}
