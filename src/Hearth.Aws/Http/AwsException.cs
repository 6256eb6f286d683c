namespace Hearth.Aws.Http;

/// <summary>An answer that is an error of the AWS protocol: code and message are for the caller's eyes.</summary>
public sealed class AwsException : Exception
{
    /// <summary>An error with its HTTP status.</summary>
    /// <param name="status">HTTP status, 3xx to 5xx.</param>
    /// <param name="code">The error's code in the words of the service, for example <c>NoSuchKey</c>.</param>
    /// <param name="message">What is wrong and how to go on.</param>
    public AwsException(int status, string code, string message)
        : base(message)
    {
        Status = status;
        Code = code;
    }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>Code in the words of the service.</summary>
    public string Code { get; }

    /// <summary>More elements of an S3 error document, for example <c>BucketName</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Details { get; init; } = [];

    /// <summary>Response headers that go with the error.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>501 with the name of what is missing and the way on.</summary>
    public static AwsException NotImplemented(string what, string? wayOut = null) => new(
        501, "NotImplemented", $"Hearth does not implement {what} yet." + (wayOut is null ? "" : " " + wayOut));
}
