namespace Hearth.Kube.Patches;

/// <summary>What is wrong with a patch; decides the answer of an API server.</summary>
public enum PatchFailure
{
    /// <summary>The patch itself is malformed: 400 BadRequest.</summary>
    Malformed,

    /// <summary>The patch is well formed but does not fit the object (a failed test, a missing path): 422 Invalid.</summary>
    DoesNotFit,

    /// <summary>The kind of patch is not supported for this type: 415 UnsupportedMediaType.</summary>
    UnsupportedType,
}

/// <summary>A patch that cannot be applied; the object is unchanged.</summary>
public sealed class PatchException(PatchFailure failure, string message) : Exception(message)
{
    /// <summary>What is wrong.</summary>
    public PatchFailure Failure { get; } = failure;

    internal static PatchException Malformed(string message) => new(PatchFailure.Malformed, message);

    internal static PatchException DoesNotFit(string message) => new(PatchFailure.DoesNotFit, message);
}
