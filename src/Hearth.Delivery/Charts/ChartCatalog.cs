using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Charts;

/// <summary>Every add-on that a chart installs. Versions stand in one place, <see cref="AddonCatalog"/>; a declaration may name another.</summary>
public static class ChartCatalog
{
    private const string Eks = "https://aws.github.io/eks-charts";
    private const string Autoscaler = "https://kubernetes.github.io/autoscaler";

    public static IReadOnlyList<Chart> All { get; } =
    [
        new("cert-manager", "https://charts.jetstack.io", "cert-manager", [], ServiceValues.CertManager),
        new("karpenter", "oci://public.ecr.aws/karpenter", "karpenter", [], ScalingValues.Karpenter),
        new("cluster-autoscaler", Autoscaler, "cluster-autoscaler", [], ScalingValues.ClusterAutoscaler),
        new("cluster-proportional-autoscaler", "https://kubernetes-sigs.github.io/cluster-proportional-autoscaler", "cluster-proportional-autoscaler", [], ScalingValues.Proportional),
        new("aws-load-balancer-controller", Eks, "aws-load-balancer-controller", ["cert-manager"], ServiceValues.LoadBalancer),
        new("aws-fsx-csi-driver", "https://kubernetes-sigs.github.io/aws-fsx-csi-driver", "aws-fsx-csi-driver", [], ServiceValues.Lustre),
        new("kube-prometheus-stack", "https://prometheus-community.github.io/helm-charts", "kube-prometheus-stack", [], MonitoringValues.Prometheus),
        new("aws-for-fluent-bit", Eks, "aws-for-fluent-bit", [], MonitoringValues.FluentBit),
        new("kubecost", "oci://public.ecr.aws/kubecost", "cost-analyzer", ["kube-prometheus-stack"], MonitoringValues.Kubecost),
        new("yunikorn", "https://apache.github.io/yunikorn-release", "yunikorn", [], YuniKornValues.Of),
        new("vpa", "https://charts.fairwinds.com/stable", "vpa", [], (_, _) => []),
        new("emr-spark-operator", "oci://public.ecr.aws/emr-on-eks", "spark-operator", [], ServiceValues.SparkOperator),
        new("spark-history-server", "https://kubedai.github.io/spark-history-server", "spark-history-server", [], ServiceValues.HistoryServer),
        new("kubernetes-dashboard", "https://kubernetes.github.io/dashboard", "kubernetes-dashboard", [], (_, _) => []),
    ];

    /// <summary>The charts of the add-ons that are on.</summary>
    public static IEnumerable<Chart> Enabled(PlatformDeclaration platform) => All.Where(c => platform.IsEnabled(c.Addon));
}
