using Hearth.Platform;

namespace Hearth.Delivery.Install;

/// <summary>
/// Until when EKS supports a Kubernetes version (EKS user guide, "Amazon EKS Kubernetes release calendar", as read in April 2026). Pure.
/// </summary>
public static class KubernetesVersions
{
    private static readonly (string Version, DateOnly Standard, DateOnly Extended)[] Ends =
    [
        ("1.25", new(2024, 5, 1), new(2025, 5, 1)), ("1.26", new(2024, 6, 11), new(2025, 6, 11)), ("1.27", new(2024, 7, 24), new(2025, 7, 24)),
        ("1.28", new(2024, 11, 26), new(2025, 11, 26)), ("1.29", new(2025, 3, 23), new(2026, 3, 23)), ("1.30", new(2025, 7, 23), new(2026, 7, 23)),
        ("1.31", new(2025, 11, 26), new(2026, 11, 26)), ("1.32", new(2026, 3, 23), new(2027, 3, 23)), ("1.33", new(2026, 7, 29), new(2027, 7, 29)),
        ("1.34", new(2026, 12, 2), new(2027, 12, 2)), ("1.35", new(2027, 3, 27), new(2028, 3, 27)),
    ];

    /// <summary>The newest version that this table knows.</summary>
    public static string Newest => Ends[^1].Version;

    /// <summary>What is wrong with a version on a day, or null. Versions that are newer than the table are left to EKS.</summary>
    public static PlatformFault? Fault(string version, DateOnly today)
    {
        var known = Array.Find(Ends, e => e.Version == version);
        var ended = known.Version is null ? Minor(version) < Minor(Ends[0].Version) : known.Extended <= today;
        if (!ended)
        {
            return null;
        }

        var when = known.Version is null ? "" : $" (extended support ended {known.Extended:yyyy-MM-dd})";
        return new PlatformFault("spec.kubernetesVersion", $"EKS no longer creates clusters of Kubernetes {version}{when}; set a newer one, or give --kubernetes-version {Newest}");
    }

    /// <summary>Whether a version costs the price of extended support on a day.</summary>
    public static bool IsExtended(string version, DateOnly today) => Array.Find(Ends, e => e.Version == version) is { Version: not null } known && known.Standard <= today;

    private static int Minor(string version) => int.TryParse(version.AsSpan(version.IndexOf('.', StringComparison.Ordinal) + 1), out var minor) ? minor : int.MaxValue;
}
