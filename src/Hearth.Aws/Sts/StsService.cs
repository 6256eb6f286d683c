using System.Text;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Api;

namespace Hearth.Aws.Sts;

/// <summary>AWS Security Token Service: who am I.</summary>
internal sealed class StsService : IAwsService
{
    private const string Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["sts"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.Query;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var operation = OperationNames.Operation(request, body);
        if (operation is not "GetCallerIdentity")
        {
            throw AwsException.NotImplemented($"the STS operation {operation}", "Use the keys that the platform wrote, one profile a team.");
        }
        var xml = new XmlText().Open("GetCallerIdentityResponse", Namespace)
            .Open("GetCallerIdentityResult")
            .Add("Arn", request.Caller.PrincipalArn).Add("UserId", request.Caller.UserId).Add("Account", request.Caller.AccountId)
            .Close("GetCallerIdentityResult")
            .Open("ResponseMetadata").Add("RequestId", request.RequestId).Close("ResponseMetadata").Close("GetCallerIdentityResponse");
        var bytes = Encoding.UTF8.GetBytes(xml.ToString());
        request.Http.Response.ContentType = "text/xml";
        request.Http.Response.ContentLength = bytes.Length;
        return request.Http.Response.Body.WriteAsync(bytes, request.Aborted).AsTask();
    }
}
