using Hearth.Aws.Signing;

namespace Hearth.Aws.EmrContainers;

/// <summary>Who may do what. Every operation asks here, and nowhere else.</summary>
internal interface IEmrAccess
{
    /// <summary>Whether a caller may do anything at all, so that nothing need be looked up to decide.</summary>
    bool AllowsEverything(AwsCredential caller);

    /// <summary>Whether a caller may do something.</summary>
    bool Allows(AwsCredential caller, EmrAction action);

    /// <summary>Why a caller may not do something, as a sentence of IAM; null when they may.</summary>
    string? Refusal(AwsCredential caller, EmrAction action);
}
