using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Kube.Quantities;
using Hearth.Platform;
using Hearth.Scheduling.Fit;

namespace Hearth.Cli.Commands.Lint.Placing;

/// <summary>
/// What the DaemonSets of a platform's add-ons request on every node. On AWS they are there before a job's pods are; the embedded platform has none.
/// Source: the defaults of the EKS add-ons and of the charts.
/// </summary>
internal static class DaemonPods
{
    private static readonly (string Addon, string Name, string Cpu, string Memory)[] Known =
    [
        ("vpc-cni", "aws-node", "50m", "0"),
        ("kube-proxy", "kube-proxy", "100m", "0"),
        ("aws-ebs-csi-driver", "ebs-csi-node", "30m", "120Mi"),
        ("eks-pod-identity-agent", "eks-pod-identity-agent", "0", "0"),
        ("amazon-cloudwatch-observability", "cloudwatch-agent", "250m", "128Mi"),
        ("aws-for-fluent-bit", "aws-for-fluent-bit", "50m", "50Mi"),
        ("aws-fsx-csi-driver", "fsx-csi-node", "30m", "120Mi"),
    ];

    /// <summary>One pod of each.</summary>
    public static IReadOnlyList<PodInfo> Of(PlatformDeclaration platform) => [.. Objects(platform).Select(p => PodInfo.From(p))];

    /// <summary>The same as objects.</summary>
    public static IReadOnlyList<Pod> Objects(PlatformDeclaration platform) => [.. Known.Where(d => platform.IsEnabled(d.Addon)).Select(d => Pod(d.Name, d.Cpu, d.Memory))];

    private static Pod Pod(string name, string cpu, string memory) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "kube-system" },
        Spec = new PodSpec
        {
            Tolerations = [new Toleration { Operator = "Exists" }],
            Containers =
            [
                new Hearth.Kube.Core.Container
                {
                    Name = name,
                    Resources = new ResourceRequirements { Requests = new Dictionary<string, Quantity>(StringComparer.Ordinal) { ["cpu"] = Quantity.Parse(cpu), ["memory"] = Quantity.Parse(memory) } },
                },
            ],
        },
    };
}
