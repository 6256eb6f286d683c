using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Charts;

/// <summary>A Helm chart that realises an add-on: where it is and how it is installed. The version is the declaration's or the catalogue's.</summary>
/// <param name="Addon">Name in <see cref="AddonCatalog"/>, which pins the version.</param>
/// <param name="Repository">An https repository, or <c>oci://</c>.</param>
/// <param name="Name">The chart's name.</param>
/// <param name="After">Add-ons that must be ready before, when they are on.</param>
/// <param name="Values">Its values; pure.</param>
public sealed record Chart(string Addon, string Repository, string Name, IReadOnlyList<string> After, Func<PlatformDeclaration, StackOutputs, JsonObject> Values)
{
    /// <summary>Null for an add-on that is not in the catalogue.</summary>
    public Addon Entry => AddonCatalog.Find(Addon) ?? throw new InvalidOperationException($"{Addon} is not in the catalogue");

    /// <summary>The version that is installed.</summary>
    public string Version(PlatformDeclaration platform) =>
        platform.Addons.TryGetValue(Addon, out var chosen) && chosen.Version.Length > 0 ? chosen.Version : Entry.Version;

    /// <summary>The release's name.</summary>
    public string Release => Addon;

    /// <summary>Where Helm finds it: the chart's own address for OCI, else the name in the repository.</summary>
    public bool IsOci => Repository.StartsWith("oci://", StringComparison.Ordinal);
}
