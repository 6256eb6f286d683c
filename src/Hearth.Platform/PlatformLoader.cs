namespace Hearth.Platform;

/// <summary>Finds and reads a declaration: a built-in blueprint's name or a file.</summary>
public static class PlatformLoader
{
    /// <summary>What <c>hearth up</c> starts when nothing else is asked for.</summary>
    public const string DefaultBlueprint = "emr-eks-karpenter";

    /// <summary>A complete, valid declaration; throws <see cref="PlatformException"/> with every fault found.</summary>
    public static PlatformDeclaration Load(string nameOrPath) =>
        throw new PlatformException([new PlatformFault(string.Empty, $"'{nameOrPath}' cannot be read yet")]);
}
