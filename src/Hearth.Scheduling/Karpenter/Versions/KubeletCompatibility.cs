using System.Text.Json;
using Hearth.Kube.Objects;

namespace Hearth.Scheduling.Karpenter.Versions;

/// <summary>Kubelet settings that older objects had in the pool: they win over those of the class.</summary>
public static class KubeletCompatibility
{
    /// <summary>The class as a pool or claim with these annotations uses it.</summary>
    /// <exception cref="FormatException">The annotation is not kubelet settings.</exception>
    public static Ec2NodeClass For(Ec2NodeClass nodeClass, ObjectMeta poolOrClaim)
    {
        if (poolOrClaim.Annotation(V1Beta1.Kubelet) is not { Length: > 0 } text)
        {
            return nodeClass;
        }

        try
        {
            var kubelet = JsonSerializer.Deserialize(text, KarpenterJson.Default.KubeletConfiguration);
            return nodeClass with { Spec = (nodeClass.Spec ?? new Ec2NodeClassSpec()) with { Kubelet = kubelet } };
        }
        catch (JsonException)
        {
            throw new FormatException($"annotation {V1Beta1.Kubelet} is not a kubelet configuration");
        }
    }
}
