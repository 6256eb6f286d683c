using Hearth.Platform;

namespace Hearth.Delivery.Install;

/// <summary>Until when EKS supports a Kubernetes version at all (end of extended support, EKS user guide, as of 2025). Pure.</summary>
public static class KubernetesVersions
{
    private static readonly (string Version, DateOnly End)[] Ends =
    [
        ("1.25", new(2025, 5, 1)), ("1.26", new(2025, 6, 11)), ("1.27", new(2025, 7, 24)), ("1.28", new(2025, 11, 26)), ("1.29", new(2026, 3, 23)), ("1.30", new(2026, 7, 23)),
        ("1.31", new(2026, 11, 26)), ("1.32", new(2027, 3, 23)), ("1.33", new(2027, 7, 29)),
    ];

    /// <summary>What is wrong with a version on a day, or null.</summary>
    public static PlatformFault? Fault(string version, DateOnly today)
    {
        var known = Array.Find(Ends, e => e.Version == version);
        var ended = known.Version is null ? Minor(version) < Minor(Ends[0].Version) : known.End < today;
        if (!ended)
        {
            return null;
        }

        var when = known.Version is null ? "" : $" (extended support ended {known.End:yyyy-MM-dd})";
        return new PlatformFault("spec.kubernetesVersion", $"EKS no longer creates clusters of Kubernetes {version}{when}; set a newer one, or give --kubernetes-version {Ends[^1].Version}");
    }

    private static int Minor(string version) => int.TryParse(version.AsSpan(version.IndexOf('.', StringComparison.Ordinal) + 1), out var minor) ? minor : int.MaxValue;
}
