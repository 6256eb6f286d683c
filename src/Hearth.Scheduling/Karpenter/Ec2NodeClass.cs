using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Hearth.Kube.Core;
using Hearth.Kube.Objects;

namespace Hearth.Scheduling.Karpenter;

/// <summary>How EC2 instances of a pool are made (karpenter.k8s.aws/v1, cluster scope). Fields that no decision reads are not in this view.</summary>
public sealed record Ec2NodeClass : IKubeObject<Ec2NodeClass>
{
    /// <inheritdoc/>
    public static ResourceType Type { get; } = new("karpenter.k8s.aws", "v1", "ec2nodeclasses", "EC2NodeClass", false);

    /// <inheritdoc/>
    [JsonIgnore]
    public static JsonTypeInfo<Ec2NodeClass> Json => KarpenterJson.Default.Ec2NodeClass;

    /// <inheritdoc/>
    public ObjectMeta Metadata { get; init; } = new();
    public Ec2NodeClassSpec? Spec { get; init; }
    public Ec2NodeClassStatus? Status { get; init; }
}

/// <summary>What instances shall be.</summary>
public sealed record Ec2NodeClassSpec
{
    public string? AmiFamily { get; init; }
    public IReadOnlyList<AmiSelectorTerm>? AmiSelectorTerms { get; init; }
    public IReadOnlyList<SelectorTerm>? SubnetSelectorTerms { get; init; }
    public IReadOnlyList<SelectorTerm>? SecurityGroupSelectorTerms { get; init; }
    public string? Role { get; init; }
    public string? InstanceProfile { get; init; }

    /// <summary><c>RAID0</c> or absent.</summary>
    public string? InstanceStorePolicy { get; init; }
    public IReadOnlyList<BlockDeviceMapping>? BlockDeviceMappings { get; init; }
    public KubeletConfiguration? Kubelet { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Fields that no decision reads; they count for drift.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }
}

/// <summary>Picks machine images.</summary>
public sealed record AmiSelectorTerm
{
    /// <summary><c>family@version</c>, for example <c>al2023@latest</c>.</summary>
    public string? Alias { get; init; }
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Owner { get; init; }
    public string? SsmParameter { get; init; }
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
}

/// <summary>Picks subnets or security groups.</summary>
public sealed record SelectorTerm
{
    public IReadOnlyDictionary<string, string>? Tags { get; init; }
    public string? Id { get; init; }
    public string? Name { get; init; }
}

/// <summary>A volume of the instance.</summary>
public sealed record BlockDeviceMapping
{
    public string? DeviceName { get; init; }
    public bool? RootVolume { get; init; }
    public EbsBlockDevice? Ebs { get; init; }
}

/// <summary>Size and kind of a volume.</summary>
public sealed record EbsBlockDevice
{
    /// <summary>Fields that no decision reads; they count for drift.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    /// <summary>A quantity, for example <c>100Gi</c>.</summary>
    public string? VolumeSize { get; init; }
    public string? VolumeType { get; init; }
    public bool? Encrypted { get; init; }
}

/// <summary>Kubelet settings that change what pods may use.</summary>
public sealed record KubeletConfiguration
{
    /// <summary>Fields that no decision reads; they count for drift.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Other { get; set; }

    public int? MaxPods { get; init; }
    public int? PodsPerCore { get; init; }
    public IReadOnlyDictionary<string, string>? KubeReserved { get; init; }
    public IReadOnlyDictionary<string, string>? SystemReserved { get; init; }
    public IReadOnlyDictionary<string, string>? EvictionHard { get; init; }
}

/// <summary>What was found in the account.</summary>
public sealed record Ec2NodeClassStatus
{
    public IReadOnlyList<SubnetStatus>? Subnets { get; init; }
    public IReadOnlyList<Condition>? Conditions { get; init; }
}

/// <summary>A subnet that instances may be in.</summary>
public sealed record SubnetStatus
{
    public string? Id { get; init; }
    public string? Zone { get; init; }
    [JsonPropertyName("zoneID")]
    public string? ZoneID { get; init; }
}
