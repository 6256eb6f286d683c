using Hearth.Delivery.Charts;
using Hearth.Delivery.Cloud;
using Hearth.Platform;

namespace Hearth.Delivery.Install;

/// <summary>All that must be right before the first thing is made. Every fault is reported, not only the first.</summary>
public sealed class Prerequisites(ITools tools, TimeProvider clock)
{
    private const string UnknownAccount = "000000000000";
    private const int LeastBootstrap = 6;

    /// <summary>Programs that are missing, with how to get them. Empty means all are here.</summary>
    public IReadOnlyList<string> MissingTools(PlatformDeclaration platform, bool charts = true)
    {
        (string Program, string Why, string How)[] needed =
        [
            ("aws", "talks to AWS", "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html, or: apt-get install awscli"),
            ("node", "runs the CDK", "apt-get install nodejs, or https://nodejs.org"),
            ("cdk", "deploys stacks", "npm install -g aws-cdk"),
            ("kubectl", "applies objects to the cluster", "https://kubernetes.io/docs/tasks/tools, or: apt-get install kubernetes-client"),
            .. charts && ChartCatalog.Enabled(platform).Any() ? (ReadOnlySpan<(string, string, string)>)[("helm", "installs charts", "https://helm.sh/docs/intro/install, or give --no-charts and install them by your own means")] : [],
        ];
        return [.. needed.Where(n => !tools.Has(n.Program)).Select(n => $"{n.Program} is missing ({n.Why}): {n.How}")];
    }

    /// <summary>
    /// Checks tools, account, region, bootstrap, Kubernetes version and people. Throws <see cref="PlatformException"/> for what the declaration says
    /// wrongly and <see cref="DeliveryException"/> for what is missing around it.
    /// </summary>
    /// <param name="platform">Complete and valid.</param>
    /// <param name="charts">Whether charts are to be installed, which needs Helm.</param>
    /// <param name="cancellation">Ends the check.</param>
    /// <returns>Who deploys.</returns>
    public async Task<string> CheckAsync(PlatformDeclaration platform, bool charts, CancellationToken cancellation)
    {
        var missing = MissingTools(platform, charts);
        if (missing.Count > 0)
        {
            throw new DeliveryException(string.Join('\n', missing), "Nothing was made. hearth deploy --synth-only and hearth render need none of these.");
        }

        var aws = new AwsCalls(tools, platform.Region);
        var (account, arn) = await aws.IdentityAsync(cancellation).ConfigureAwait(false);
        List<PlatformFault> faults = [.. Declared(platform, account)];
        faults.AddRange(await PeopleAsync(platform, aws, cancellation).ConfigureAwait(false));
        faults.AddRange(await new AccountQuotas(aws).FaultsAsync(platform, cancellation).ConfigureAwait(false));
        if (faults.Count > 0)
        {
            throw new PlatformException(faults, "Nothing was made.");
        }

        await CheckBootstrapAsync(platform, account, aws, cancellation).ConfigureAwait(false);
        return arn;
    }

    private IEnumerable<PlatformFault> Declared(PlatformDeclaration platform, string account)
    {
        if (platform.AccountId != UnknownAccount && platform.AccountId != account)
        {
            yield return new PlatformFault("spec.accountId", $"the declaration is for account {platform.AccountId}, the credentials are of {account}; use that account's credentials or change the field");
        }

        if (KubernetesVersions.Fault(platform.KubernetesVersion, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime)) is { } version)
        {
            yield return version;
        }
    }

    private static async Task<List<PlatformFault>> PeopleAsync(PlatformDeclaration platform, AwsCalls aws, CancellationToken cancellation)
    {
        var faults = new List<PlatformFault>();
        for (var i = 0; platform.Studio.Auth == "iam" && i < platform.Studio.Users.Count; i++)
        {
            var name = platform.Studio.Users[i].Name;
            if (await aws.FindAsync(cancellation, "iam", "get-user", "--user-name", name).ConfigureAwait(false) is null)
            {
                faults.Add(new PlatformFault($"spec.studio.users[{i}].name", $"there is no IAM user '{name}' in this account; create it, or set spec.studio.auth: identityCenter"));
            }
        }

        return faults;
    }

    private static async Task CheckBootstrapAsync(PlatformDeclaration platform, string account, AwsCalls aws, CancellationToken cancellation)
    {
        var parameter = await aws.FindAsync(cancellation, "ssm", "get-parameter", "--name", "/cdk-bootstrap/hnb659fds/version").ConfigureAwait(false);
        var version = int.TryParse(parameter?["Parameter"]?["Value"]?.GetValue<string>(), out var v) ? v : 0;
        if (version < LeastBootstrap)
        {
            var what = version == 0 ? "is not bootstrapped for the CDK" : $"has CDK bootstrap version {version}; {LeastBootstrap} or newer is needed";
            throw new DeliveryException($"account {account} in {platform.Region} {what}", $"Run once: cdk bootstrap aws://{account}/{platform.Region}");
        }
    }
}
