using System.Globalization;
using System.Net;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;
using Hearth.Scheduling.Catalog;
using Hearth.Scheduling.Karpenter;
using Hearth.Scheduling.Provisioning;

namespace Hearth.Cluster.Controllers.Simulation;

/// <summary>An instance that stands for one of EC2: what it is, where, and what it costs.</summary>
/// <param name="Uid">Of what it was launched for; decides its id.</param>
/// <param name="Choice">Type, zone, capacity type, price.</param>
public sealed record SimulatedInstance(string Uid, LaunchChoice Choice)
{
    /// <summary><c>i-...</c></summary>
    public string Id => NodeAddresses.InstanceId(Uid);

    /// <summary><c>aws:///zone/i-...</c></summary>
    public string ProviderId => $"aws:///{Choice.Offering.Zone}/{Id}";

    /// <summary>What the cloud knows of it: type, zone, region, capacity type.</summary>
    public Dictionary<string, string> Labels(string region)
    {
        var labels = new Dictionary<string, string>(InstanceTypeLabels.All(Choice.Offer.Type), StringComparer.Ordinal)
        {
            [KarpenterLabels.Zone] = Choice.Offering.Zone,
            [KarpenterLabels.Region] = region,
            [KarpenterLabels.Simulated] = "true",
        };
        return labels;
    }

    /// <summary>Price and its basis, for whoever asks what the node costs.</summary>
    public Dictionary<string, string> PriceAnnotations() => new(StringComparer.Ordinal)
    {
        [KarpenterLabels.PricePerHour] = Choice.Offering.PricePerHour.ToString(CultureInfo.InvariantCulture),
        [KarpenterLabels.PriceBasis] = Choice.Offering.Basis.Text,
    };
}

/// <summary>The Node object that the kubelet of an instance would register.</summary>
public static class SimulatedNode
{
    /// <summary>Metadata and spec; the status goes through <see cref="Status"/>.</summary>
    public static Node Create(SimulatedInstance instance, string name, IReadOnlyDictionary<string, string> labels, IReadOnlyList<Taint> taints, OwnerReference? owner, IReadOnlyList<string>? finalizers)
    {
        var all = new Dictionary<string, string>(labels, StringComparer.Ordinal) { [KarpenterLabels.Hostname] = name };
        return new Node
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Labels = all,
                Annotations = instance.PriceAnnotations(),
                Finalizers = finalizers,
                OwnerReferences = owner is null ? null : [owner],
            },
            Spec = new NodeSpec { ProviderID = instance.ProviderId, Taints = taints.Count == 0 ? null : taints },
        };
    }

    /// <summary>A kubelet's first full report. Its heartbeat does not go on: the node lives as long as this process, which needs no lease.</summary>
    public static NodeStatus Status(SimulatedInstance instance, string name, IPAddress address, string kubeletVersion, DateTimeOffset now)
    {
        var offer = instance.Choice.Offer;
        return new NodeStatus
        {
            Capacity = offer.Capacity.ToQuantities(),
            Allocatable = offer.Allocatable.ToQuantities(),
            Conditions =
            [
                Condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available", now),
                Condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure", now),
                Condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now),
                Condition("Ready", "True", "KubeletReady", "kubelet is posting ready status (simulated)", now),
            ],
            Addresses =
            [
                new() { Type = "InternalIP", Address = address.ToString() },
                new() { Type = "InternalDNS", Address = name },
                new() { Type = "Hostname", Address = name },
            ],
            NodeInfo = new NodeSystemInfo
            {
                MachineID = "ec2" + instance.Id[2..],
                SystemUUID = instance.Uid,
                BootID = instance.Uid,
                KernelVersion = "simulated",
                OsImage = "Hearth simulated EC2 instance",
                ContainerRuntimeVersion = "hearth://sandbox",
                KubeletVersion = kubeletVersion,
                KubeProxyVersion = kubeletVersion,
                OperatingSystem = "linux",
                Architecture = offer.Type.Arch,
            },
        };
    }

    private static Condition Condition(string type, string status, string reason, string message, DateTimeOffset now) =>
        new() { Type = type, Status = status, Reason = reason, Message = message, LastHeartbeatTime = now, LastTransitionTime = now };
}
