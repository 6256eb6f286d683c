namespace Hearth.Platform;

/// <summary>
/// Every add-on of the reference blueprint emr-eks-karpenter with its default there (revision of June 2025, Karpenter 1.2.1,
/// EKS 1.33), and what the embedded platform has in its place. Later additions to the blueprint are off by default.
/// </summary>
public static class AddonCatalog
{
    public static IReadOnlyList<Addon> All { get; } =
    [
        new("vpc-cni", "Amazon VPC CNI", true, "", "kube-system", "eks", Realisation.StandIn,
            "each pod has a loopback address of its own (127.64.0.0/10); pods share the machine's network"),
        new("coredns", "CoreDNS", true, "", "kube-system", "eks", Realisation.NotRealised,
            "containers use the machine's resolver; service names do not resolve"),
        new("kube-proxy", "kube-proxy", true, "", "kube-system", "eks", Realisation.NotRealised,
            "services have no virtual addresses"),
        new("eks-pod-identity-agent", "EKS Pod Identity Agent", true, "", "kube-system", "eks", Realisation.StandIn,
            "job containers get their role by a token of their service account, and see what it allows of buckets as directories; there are no pod identity associations"),
        new("aws-ebs-csi-driver", "Amazon EBS CSI driver", true, "", "kube-system", "eks", Realisation.StandIn,
            "claims, classes and zones are real; behind a volume is a directory"),
        new("metrics-server", "Metrics Server", true, "", "kube-system", "eks", Realisation.NotRealised,
            "kubectl top does not work yet"),
        new("amazon-cloudwatch-observability", "Amazon CloudWatch Observability", true, "", "amazon-cloudwatch", "eks", Realisation.NotRealised,
            "no container insights"),
        new("karpenter", "Karpenter", true, "1.2.1", "karpenter", "helm", Realisation.Real,
            "Hearth's own provisioner: NodePool, EC2NodeClass and NodeClaim of v1, older objects converted; instances are simulated"),
        new("cluster-autoscaler", "Cluster Autoscaler", false, "9.35.0", "kube-system", "helm", Realisation.Real,
            "node groups grow from zero for pods that wait, by least waste, and shrink when nodes are not needed"),
        new("cluster-proportional-autoscaler", "Cluster Proportional Autoscaler", false, "1.1.0", "kube-system", "helm", Realisation.Real,
            "replicas of its target follow nodes and cores by the rule in its ConfigMap; the target is a stand-in for CoreDNS that takes its room and resolves nothing"),
        new("kube-prometheus-stack", "Prometheus and Grafana", true, "69.5.2", "kube-prometheus-stack", "helm", Realisation.NotRealised,
            "only the API server's own figures are served (/metrics)"),
        new("amazon-prometheus", "Amazon Managed Service for Prometheus", true, "", "", "aws", Realisation.NotRealised,
            "the workspace is declared and the aps API tells of it; no Prometheus is behind it"),
        new("kubecost", "Kubecost", false, "1.104.5", "kubecost", "helm", Realisation.NotRealised,
            "node cost is in Hearth itself"),
        new("aws-for-fluent-bit", "AWS for Fluent Bit", true, "0.1.34", "kube-system", "helm", Realisation.StandIn,
            "job logs are written to S3 and to CloudWatch Logs of the platform in EMR's layout"),
        new("aws-fsx-csi-driver", "Amazon FSx for Lustre CSI driver", false, "1.9.0", "kube-system", "helm", Realisation.StandIn,
            "claims, made beforehand or on demand, are real; behind a file system is a directory"),
        new("aws-load-balancer-controller", "AWS Load Balancer Controller", false, "1.11.0", "kube-system", "helm", Realisation.NotRealised,
            "the load balancers of managed endpoints are told by the elbv2 API; nothing listens there"),
        new("yunikorn", "Apache YuniKorn", false, "1.6.3", "yunikorn", "helm", Realisation.Real,
            "applications, queues, gangs with placeholders, preemption and REST API; without reservations of nodes"),
        new("vpa", "Vertical Pod Autoscaler", false, "1.7.2", "vpa", "helm", Realisation.NotRealised,
            "only the oldest revision has it"),
        new("emr-spark-operator", "EMR Spark operator", false, "7.9.0", "emr-spark-operator", "helm", Realisation.NotRealised,
            "jobs are submitted through the EMR on EKS API"),
        new("spark-history-server", "Spark History Server", false, "1.3.2", "spark-history-server", "helm", Realisation.NotRealised,
            "comes with the Spark operator"),
        new("cert-manager", "cert-manager", false, "1.18.2", "cert-manager", "helm", Realisation.NotRealised,
            "the embedded cluster has its own certificate authority"),
        new("kubernetes-dashboard", "Kubernetes Dashboard", false, "6.0.0", "kubernetes-dashboard", "helm", Realisation.NotRealised,
            "analytics-platform installs it in its old form"),
    ];

    /// <summary>The names, for messages and the schema.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(a => a.Name)];

    /// <summary>Null when there is no such add-on.</summary>
    public static Addon? Find(string name) => All.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.Ordinal));
}
