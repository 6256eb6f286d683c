namespace Hearth.Aws.Client;

/// <summary>An AWS service answered with an error.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">For example <c>ValidationException</c> or <c>NoSuchBucket</c>.</param>
/// <param name="message">The service's words.</param>
public sealed class AwsClientException(int status, string code, string message) : Exception(message)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>The service's error code.</summary>
    public string Code { get; } = code;
}
