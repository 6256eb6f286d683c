using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Hearth.Aws.Http;
using Hearth.Jobs.Service;

namespace Hearth.Aws.EmrContainers;

/// <summary>One call of an operation: what it was sent, and who sent it.</summary>
/// <param name="Operation">Name of the operation.</param>
/// <param name="Request">The request.</param>
/// <param name="RawBody">Its body.</param>
/// <param name="Labels">Labels of its path in their order, decoded.</param>
internal sealed record EmrCall(string Operation, AwsRequest Request, ReadOnlyMemory<byte> RawBody, IReadOnlyList<string> Labels)
{
    public CancellationToken Aborted => Request.Aborted;

    public QueryParameters Query => Request.Query;

    /// <summary>The caller in the words of the service.</summary>
    public JobCaller Caller => new(Request.Caller.PrincipalArn);

    /// <summary>The body as a request of the service.</summary>
    public T Body<T>(JsonTypeInfo<T> type) => WireValues.Body(RawBody, type);

    /// <summary>A page as an answer.</summary>
    public static JsonObject Page(string name, IEnumerable<JsonNode> items, string? nextToken)
    {
        var answer = new JsonObject { [name] = new JsonArray([.. items]) };
        if (nextToken is not null)
        {
            answer["nextToken"] = nextToken;
        }

        return answer;
    }
}
