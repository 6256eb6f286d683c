using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hearth.Aws.Http;

/// <summary>A request of JSON 1.1: the operation is in <c>X-Amz-Target</c>, its members in the body.</summary>
internal sealed class JsonCall : JsonMembers
{
    private const string UsualCode = "InvalidParameterException";

    private JsonCall(AwsRequest http, string operation, JsonObject body, string invalidCode)
        : base(body, "", invalidCode) => (Http, Operation) = (http, operation);

    /// <summary>The HTTP request.</summary>
    public AwsRequest Http { get; }

    /// <summary>For example <c>GetLogEvents</c>.</summary>
    public string Operation { get; }

    /// <summary>Reads the body.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its body.</param>
    /// <param name="invalidCode">The service's code for a member that breaks a constraint.</param>
    /// <exception cref="AwsException">SerializationException: it is no JSON object.</exception>
    public static JsonCall Of(AwsRequest request, ReadOnlyMemory<byte> body, string invalidCode = UsualCode)
    {
        try
        {
            var members = body.IsEmpty ? [] : JsonNode.Parse(body.Span) as JsonObject;
            return new JsonCall(request, OperationNames.Operation(request, body), members ?? throw Wrong("The body must be a JSON object."), invalidCode);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Wrong("The body is not valid JSON.");
        }
    }

    /// <summary>Answers.</summary>
    public Task AnswerAsync(JsonObject? answer = null)
    {
        var bytes = answer is null ? "{}"u8.ToArray() : JsonAnswer.Bytes(answer);
        Http.Http.Response.ContentType = "application/x-amz-json-1.1";
        Http.Http.Response.ContentLength = bytes.Length;
        return Http.Http.Response.Body.WriteAsync(bytes, Http.Aborted).AsTask();
    }

    /// <summary>The error of a member that breaks a constraint, with the code of CloudWatch Logs.</summary>
    public static AwsException Invalid(string name, string value, string constraint) => new(400, UsualCode, Sentence(name, value, constraint));
}
