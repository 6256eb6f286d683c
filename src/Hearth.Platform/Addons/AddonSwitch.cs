namespace Hearth.Platform;

/// <summary>Whether an add-on is wanted.</summary>
public sealed record AddonSwitch
{
    public bool Enabled { get; init; } = true;

    /// <summary>The version on AWS; empty is the catalogue's.</summary>
    public string Version { get; init; } = string.Empty;
}

/// <summary>What stands behind an add-on on the embedded platform.</summary>
public enum Realisation
{
    /// <summary>The thing itself, or Hearth's own implementation of all that the platform needs of it.</summary>
    Real,

    /// <summary>Something smaller that answers in its place, labelled as such.</summary>
    StandIn,

    /// <summary>Declared and shown; does nothing embedded.</summary>
    NotRealised,
}

/// <summary>An add-on that a platform can have.</summary>
/// <param name="Name">The key under <c>spec.addons</c>.</param>
/// <param name="Title">Its name as its makers write it.</param>
/// <param name="EnabledByDefault">As in the newest revision of the reference blueprint.</param>
/// <param name="Version">Chart or EKS add-on version on AWS; empty is the cluster version's default.</param>
/// <param name="Namespace">Where it lives in the cluster; empty for what lives outside.</param>
/// <param name="Source"><c>eks</c> (managed add-on), <c>helm</c> (chart) or <c>aws</c> (a service).</param>
/// <param name="Embedded">What the embedded platform has.</param>
/// <param name="Note">What that means, in a sentence.</param>
public sealed record Addon(
    string Name, string Title, bool EnabledByDefault, string Version, string Namespace, string Source, Realisation Embedded, string Note)
{
    /// <summary>What the embedded platform has, in the words of <c>hearth platform addons</c>.</summary>
    public string EmbeddedText => Embedded switch
    {
        Realisation.Real => "real",
        Realisation.StandIn => "stand-in",
        _ => "not realised embedded",
    };
}
