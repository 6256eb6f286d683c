using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.Logs.Storage;

namespace Hearth.Aws.Logs.Api;

/// <summary>Amazon CloudWatch Logs (2014-03-28): groups, streams, events, filters. Queries of Logs Insights are not there.</summary>
internal sealed class LogsService(LogSettings settings) : IAwsService
{
    private static readonly Dictionary<string, Func<LogCall, Task>> Operations = new(StringComparer.Ordinal)
    {
        ["CreateLogGroup"] = GroupOperations.CreateAsync,
        ["DeleteLogGroup"] = GroupOperations.DeleteAsync,
        ["DescribeLogGroups"] = GroupOperations.DescribeAsync,
        ["ListLogGroups"] = GroupOperations.ListAsync,
        ["PutRetentionPolicy"] = GroupOperations.PutRetentionAsync,
        ["DeleteRetentionPolicy"] = GroupOperations.DeleteRetentionAsync,
        ["ListTagsLogGroup"] = TagOperations.ListAsync,
        ["TagLogGroup"] = TagOperations.AddAsync,
        ["UntagLogGroup"] = TagOperations.RemoveAsync,
        ["ListTagsForResource"] = TagOperations.ListAsync,
        ["TagResource"] = TagOperations.AddAsync,
        ["UntagResource"] = TagOperations.RemoveAsync,
        ["CreateLogStream"] = StreamOperations.CreateAsync,
        ["DeleteLogStream"] = StreamOperations.DeleteAsync,
        ["DescribeLogStreams"] = StreamOperations.DescribeAsync,
        ["PutLogEvents"] = PutEvents.HandleAsync,
        ["GetLogEvents"] = GetEvents.HandleAsync,
        ["FilterLogEvents"] = FilterEvents.HandleAsync,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["logs"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.JsonRpc;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var call = JsonCall.Of(request, body);
        return Operations.TryGetValue(call.Operation, out var handle)
            ? handle(new LogCall(call, settings))
            : throw AwsException.NotImplemented($"the CloudWatch Logs operation {call.Operation}", call.Operation is "StartQuery" ? "FilterLogEvents searches too." : null);
    }
}

/// <summary>What the operations of CloudWatch Logs share.</summary>
internal sealed record LogSettings(LogStorage Storage, Authorizer Authorizer, string Region, string AccountId, TimeProvider Time);
