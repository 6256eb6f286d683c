namespace Hearth.Platform;

/// <summary>Processor architecture of an instance type.</summary>
public enum Architecture
{
    Amd64,
    Arm64,
}

/// <summary>What EKS calls the images of managed node groups.</summary>
public static class AmiTypes
{
    /// <summary>An AMI type of <c>CreateNodegroup</c>.</summary>
    public static string Of(string family, Architecture architecture) => (family, architecture) switch
    {
        ("AL2", Architecture.Amd64) => "AL2_x86_64",
        ("AL2", Architecture.Arm64) => "AL2_ARM_64",
        ("Bottlerocket", Architecture.Amd64) => "BOTTLEROCKET_x86_64",
        ("Bottlerocket", Architecture.Arm64) => "BOTTLEROCKET_ARM_64",
        (_, Architecture.Amd64) => "AL2023_x86_64_STANDARD",
        _ => "AL2023_ARM_64_STANDARD",
    };

    /// <summary>
    /// The architecture that an instance type's name tells: a <c>g</c> among the letters after the generation (m6gd, t4g) or the family a1 is Arm.
    /// See the EC2 user guide, "Instance type naming conventions".
    /// </summary>
    public static Architecture ArchitectureOf(string instanceType)
    {
        var family = instanceType.Split('.')[0];
        var generation = family.AsSpan().IndexOfAnyInRange('0', '9');
        var attributes = generation < 0 ? "" : family[generation..];
        return family == "a1" || attributes.Contains('g', StringComparison.Ordinal) ? Architecture.Arm64 : Architecture.Amd64;
    }
}
