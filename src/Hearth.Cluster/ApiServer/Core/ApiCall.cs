using Hearth.Cluster.ApiServer.Auth;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>What to do with fields that a kind does not have.</summary>
internal enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>Who asks, and the options that all writes share.</summary>
internal sealed class ApiCall(UserInfo user)
{
    public UserInfo User => user;

    /// <summary>Everything as usual, but nothing is stored.</summary>
    public bool DryRun { get; init; }

    public FieldValidation FieldValidation { get; init; } = FieldValidation.Ignore;

    /// <summary>Whom <c>managedFields</c> name; null: they are left as they are.</summary>
    public string? FieldManager { get; init; }

    /// <summary>Members that the body gave twice.</summary>
    public IReadOnlyList<string> DuplicateFields { get; init; } = [];

    /// <summary>Texts for <c>Warning</c> headers.</summary>
    public List<string> Warnings { get; } = [];
}
