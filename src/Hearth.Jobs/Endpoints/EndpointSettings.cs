using Hearth.Jobs.Model;

namespace Hearth.Jobs.Endpoints;

/// <summary>The classifications that an endpoint may have. Source: EMR on EKS development guide, interactive endpoints.</summary>
internal static class EndpointSettings
{
    private static readonly string[] GatewayOptions = ["RemoteMappingKernelManager.cull_idle_timeout", "RemoteMappingKernelManager.cull_interval"];
    private static readonly string[] Kernels = ["python3", "spark-python-kubernetes"];
    private static readonly string[] NodeOptions = ["notebook-security-group-id", "managed-nodegroup-name", "self-managed-nodegroup-name", "node-labels"];

    private static readonly string[] Known =
    [
        "spark-defaults", "spark-env", "spark-log4j", "spark-log4j2", "spark-metrics", "spark-hive-site", "core-site", "emrfs-site",
        "emr-containers-defaults", "jeg-config", "jupyter-kernel-overrides", "endpoint-configuration",
    ];

    /// <summary>What is wrong with the configuration of an endpoint, or null.</summary>
    public static string? Wrong(ConfigurationOverrides? overrides)
    {
        foreach (var configuration in overrides?.ApplicationConfiguration ?? [])
        {
            var wrong = configuration.Classification switch
            {
                "jeg-config" => Unknown(configuration, GatewayOptions),
                "endpoint-configuration" => Unknown(configuration, NodeOptions),
                "jupyter-kernel-overrides" => configuration.Configurations?.Select(k => k.Classification).FirstOrDefault(k => !Kernels.Contains(k, StringComparer.Ordinal)) is { } kernel
                    ? $"Kernel {kernel} is not one of {string.Join(", ", Kernels)}." : null,
                { } name when !Known.Contains(name, StringComparer.Ordinal) => $"Classification {name} not supported.",
                _ => null,
            };
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return null;
    }

    private static string? Unknown(Configuration configuration, string[] known) =>
        configuration.Properties?.Keys.FirstOrDefault(k => !known.Contains(k, StringComparer.Ordinal)) is { } property
            ? $"Property {property} of classification {configuration.Classification} is not one of {string.Join(", ", known)}."
            : null;
}
