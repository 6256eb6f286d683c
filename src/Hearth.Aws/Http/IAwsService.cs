namespace Hearth.Aws.Http;

/// <summary>One AWS service behind the endpoint.</summary>
public interface IAwsService
{
    /// <summary>Signing names that select the service, for example <c>s3</c>.</summary>
    IReadOnlyList<string> SigningNames { get; }

    /// <summary>Shape of its errors.</summary>
    AwsProtocol Protocol { get; }

    /// <summary>
    /// Whether the body is handed over unread. Otherwise the endpoint reads it whole, checks its hash against the signature and passes it on.
    /// </summary>
    bool StreamsBody { get; }

    /// <summary>
    /// Whether a request without signature in header or query is handed over all the same, because the service finds the proof elsewhere:
    /// S3's form uploads carry it in the form, AssumeRoleWithWebIdentity is itself the proof.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="body">The whole body, empty when <see cref="StreamsBody"/>.</param>
    bool Authenticates(AwsRequest request, ReadOnlyMemory<byte> body) => false;

    /// <summary>Answers a request whose signature holds.</summary>
    /// <param name="request">The request; <see cref="AwsRequest.Signature"/> is set.</param>
    /// <param name="body">The whole body, empty when <see cref="StreamsBody"/>.</param>
    /// <exception cref="AwsException">The answer is an error.</exception>
    Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body);
}
