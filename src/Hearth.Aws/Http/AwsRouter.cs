using System.Security.Cryptography;
using Hearth.Aws.Signing;
using Hearth.Kube.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Hearth.Aws.Http;

/// <summary>Checks the signature of each request and hands it to the service that its credential scope names.</summary>
internal sealed partial class AwsRouter
{
    private const int LargestBody = 8 * 1024 * 1024;
    private const int DiskFull = 28;
    private const int QuotaExceeded = 122;
    private readonly Dictionary<string, IAwsService> services = new(StringComparer.Ordinal);
    private readonly SigV4Verifier verifier;
    private readonly SigV2Verifier oldVerifier;
    private readonly string region;
    private readonly ILogger logger;

    public AwsRouter(IEnumerable<IAwsService> services, ICredentialStore credentials, string region, TimeProvider time, ILogger logger)
    {
        verifier = new SigV4Verifier(credentials, region, time);
        oldVerifier = new SigV2Verifier(credentials, region, time);
        (this.region, this.logger) = (region, logger);
        foreach (var service in services)
        {
            foreach (var name in service.SigningNames)
            {
                this.services[name] = service;
            }
        }
    }

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var request = AwsRequest.From(http);
        var service = ServiceNamed(request);
        var protocol = services.TryGetValue(service, out var known) ? known.Protocol : OperationNames.GuessProtocol(request, service);
        ErrorWriter.WriteRequestId(http.Response, protocol, request.RequestId);
        try
        {
            if (!request.Query.IsUtf8)
            {
                throw NotText(protocol);
            }
            await AnswerAsync(request, known, service).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            await FailAsync(request, protocol, service, e).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(AwsRequest request, IAwsService? service, string name)
    {
        if (service is { StreamsBody: true } && service.Authenticates(request, default))
        {
            await service.HandleAsync(request, default).ConfigureAwait(false);
            return;
        }
        if (service is { Protocol: AwsProtocol.RestXml } && SigV2Verifier.IsPresigned(request.Query))
        {
            request.Signature = oldVerifier.Verify(Signed(request), S3.Api.S3Address.BucketOfHost(request));
            await service.HandleAsync(request, default).ConfigureAwait(false);
            return;
        }
        var found = SignatureParser.Parse(request.Header, request.Query);
        if (found is null && service is { StreamsBody: false })
        {
            var unsigned = await ReadBodyAsync(request).ConfigureAwait(false);
            if (service.Authenticates(request, unsigned))
            {
                await service.HandleAsync(request, unsigned).ConfigureAwait(false);
                return;
            }
        }
        var claim = found
            ?? throw new SignatureException(SignatureFault.Missing, string.Equals(name, "s3", StringComparison.Ordinal) ? "Access Denied" : "Missing Authentication Token");
        ReadOnlyMemory<byte> body = default;
        string payloadHash;
        if (service is { StreamsBody: true })
        {
            payloadHash = DeclaredHash(request, claim);
        }
        else
        {
            body = await ReadBodyAsync(request).ConfigureAwait(false);
            payloadHash = CanonicalRequest.Hex(SHA256.HashData(body.Span));
        }
        request.Signature = verifier.Verify(Signed(request), claim, payloadHash);
        if (service is null)
        {
            throw AwsException.NotImplemented($"the operation {OperationNames.Operation(request, body)} of the service {name}");
        }
        await service.HandleAsync(request, body).ConfigureAwait(false);
    }

    /// <summary>Each protocol has its own word for a query string that cannot be read.</summary>
    private static AwsException NotText(AwsProtocol protocol) => new(400, protocol switch
    {
        AwsProtocol.RestXml => "InvalidURI",
        AwsProtocol.Query or AwsProtocol.Ec2Query => "MalformedQueryString",
        _ => "SerializationException",
    }, "A query parameter is not UTF-8 text.");

    private static SignedRequest Signed(AwsRequest request) =>
        new(request.Method, request.RawPath, request.Query, request.Header, request.Http.Request.Headers.Keys);

    private static string ServiceNamed(AwsRequest request)
    {
        try
        {
            return SignatureParser.Parse(request.Header, request.Query)?.Service ?? OperationNames.GuessService(request);
        }
        catch (SignatureException)
        {
            return OperationNames.GuessService(request);
        }
    }

    private static string DeclaredHash(AwsRequest request, SignatureClaim claim)
    {
        var declared = request.Header("x-amz-content-sha256") ?? request.Query["X-Amz-Content-Sha256"];
        if (claim.IsPresigned)
        {
            return declared ?? PayloadMarkers.Unsigned;
        }
        if (declared is null)
        {
            throw new AwsException(400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256");
        }
        return declared is PayloadMarkers.Unsigned || PayloadMarkers.IsChunked(declared) || PayloadMarkers.IsDigest(declared)
            ? declared
            : throw new AwsException(
                400, "InvalidArgument", "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD or a valid sha256 value.");
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(AwsRequest request)
    {
        var http = request.Http.Request;
        if (http.ContentLength > LargestBody)
        {
            throw TooLarge();
        }
        var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await http.Body.ReadAsync(buffer, request.Aborted).ConfigureAwait(false)) > 0)
        {
            await body.WriteAsync(buffer.AsMemory(0, read), request.Aborted).ConfigureAwait(false);
            if (body.Length > LargestBody)
            {
                throw TooLarge();
            }
        }
        return body.ToArray();

        static AwsException TooLarge() => new(413, "RequestEntityTooLarge", $"The request is larger than {LargestBody} bytes.");
    }

    private async Task FailAsync(AwsRequest request, AwsProtocol protocol, string service, Exception error)
    {
        if (request.Aborted.IsCancellationRequested || request.Http.Response.HasStarted)
        {
            if (!request.Aborted.IsCancellationRequested)
            {
                LogCutOff(logger, error, request.Method, request.RawPath);
            }
            request.Http.Abort();
            return;
        }
        var answer = error switch
        {
            AwsException known => known,
            SignatureException unbelieved => SignatureErrors.Translate(unbelieved, protocol, request.Query.Has("X-Amz-Algorithm") || SigV2Verifier.IsPresigned(request.Query), region),
            BadHttpRequestException bad => new AwsException(bad.StatusCode, "BadRequest", bad.Message),
            IOException { HResult: DiskFull or QuotaExceeded } => new AwsException(
                507, "InsufficientStorage", "The disk of the data directory is full. Remove objects or move the data directory to a larger disk."),
            KubeException { Code: 507 } full => new AwsException(507, "InsufficientStorage", full.Message),
            _ => Unexpected(request, protocol, error),
        };
        await ErrorWriter.WriteAsync(request.Http, protocol, service, request.RequestId, answer).ConfigureAwait(false);
    }

    private AwsException Unexpected(AwsRequest request, AwsProtocol protocol, Exception error)
    {
        LogUnexpected(logger, error, request.Method, request.RawPath, request.RequestId);
        return protocol switch
        {
            AwsProtocol.RestJson => new AwsException(500, "InternalServerException", $"An internal error occurred. Request id {request.RequestId} is in the platform's log."),
            AwsProtocol.JsonRpc or AwsProtocol.Query or AwsProtocol.Ec2Query => new AwsException(500, "InternalFailure", "An internal error occurred."),
            _ => new AwsException(500, "InternalError", "We encountered an internal error. Please try again."),
        };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly (request {RequestId})")]
    private static partial void LogUnexpected(ILogger logger, Exception error, string method, string path, string requestId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was cut off after its answer had begun")]
    private static partial void LogCutOff(ILogger logger, Exception error, string method, string path);
}
