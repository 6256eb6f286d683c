using Hearth.Platform;

namespace Hearth.Deploy.Tests.Synth;

/// <summary>The blueprints and what people make of them: every rule about templates is held against each of these.</summary>
internal static class Variants
{
    private const string Karpenter = "emr-eks-karpenter";
    private const string Analytics = "analytics-platform";

    private static readonly Dictionary<string, (string Blueprint, Func<PlatformDeclaration, PlatformDeclaration> Change)> All = new(StringComparer.Ordinal)
    {
        [Karpenter] = (Karpenter, p => p),
        [Analytics] = (Analytics, p => p),
        ["private"] = (Karpenter, p => p with { Network = p.Network with { NatGateways = "none", VpcEndpoints = true, PublicApi = false } }),
        ["irsa"] = (Karpenter, p => Switch(p, enabled: false, "eks-pod-identity-agent") with { Network = p.Network with { PublicApiCidrs = ["203.0.113.0/24"], FlowLogs = true, NatGateways = "perZone" } }),
        ["pod-identity"] = (Analytics, p => Switch(p, enabled: true, "eks-pod-identity-agent")),
        ["identity-center"] = (Analytics, p => p with { Studio = p.Studio with { Auth = "identityCenter", Users = [new StudioUser { Name = "ana", Endpoints = ["myendpoint"] }, new StudioUser { Name = "analysts", Type = "group", Endpoints = ["myendpoint"] }] } }),
        ["studio-users"] = (Analytics, p => p with { Studio = p.Studio with { Users = [new StudioUser { Name = "ana", Endpoints = ["myendpoint"] }] } }),
        ["lustre"] = (Karpenter, p => Switch(p, enabled: true, "aws-fsx-csi-driver")),
        ["all-add-ons"] = (Karpenter, p => Switch(p, enabled: true, [.. AddonCatalog.Names.Where(a => a != "cluster-autoscaler")])),
        ["no-add-ons"] = (Analytics, p => Switch(p with { Studio = new Studio(), StorageClasses = [] }, enabled: false, [.. AddonCatalog.Names])),
        ["one-team"] = (Karpenter, p => p with { Teams = [p.Teams[0]] }),
        ["two-hundred-teams"] = (Karpenter, p => p with { Teams = [.. Enumerable.Range(0, 200).Select(LongTeam)] }),
        ["government-cloud"] = (Karpenter, p => p with { Region = "us-gov-west-1", Network = p.Network with { Zones = ["us-gov-west-1a", "us-gov-west-1b"], Subnets = [.. p.Network.Subnets.Select(s => s with { Zone = s.Zone.Replace("us-west-2", "us-gov-west-1", StringComparison.Ordinal) })] } }),
    };

    /// <summary>Every variant's name.</summary>
    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>All but the blueprints as they are.</summary>
    public static IEnumerable<string> Others => All.Keys.Except(PlatformLoader.Blueprints, StringComparer.Ordinal);

    public static bool Has(string name) => All.ContainsKey(name);

    /// <summary>The declaration of a variant, complete.</summary>
    public static PlatformDeclaration Declaration(string name) => PlatformLoader.Load(All[name].Blueprint, All[name].Change);

    /// <summary>Its templates; written once a run.</summary>
    public static Templates Of(string name) => name is Karpenter or Analytics ? Templates.Of(name) : Templates.Made($"variant {name}", () => Declaration(name));

    /// <summary>Add-ons switched on or off, by name.</summary>
    public static PlatformDeclaration Switch(PlatformDeclaration platform, bool enabled, params string[] names)
    {
        var addons = new Dictionary<string, AddonSwitch>(platform.Addons, StringComparer.Ordinal);
        foreach (var name in names)
        {
            addons[name] = addons.TryGetValue(name, out var declared) ? declared with { Enabled = enabled } : new AddonSwitch { Enabled = enabled };
        }

        return platform with { Addons = addons };
    }

    private static Team LongTeam(int number) => new()
    {
        Name = $"a-team-with-a-long-name-{number:000}", ExecutionRole = new ExecutionRole { GlueDatabases = ["sales", "events", "marketing"] },
    };
}
