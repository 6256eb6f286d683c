namespace Hearth.Aws.Iam.Policy;

/// <summary>A text that is no policy; the message is in the words of IAM and names the place.</summary>
public sealed class MalformedPolicyException(string message) : Exception(message);
