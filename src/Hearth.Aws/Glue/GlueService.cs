using Hearth.Aws.Http;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Glue;

/// <summary>AWS Glue (2017-03-31): the Data Catalog over the tables of Spark's jobs. Crawlers, jobs, connections and the rest of Glue are not there.</summary>
internal sealed class GlueService(CatalogAccess access, TimeProvider time) : IAwsService
{
    private static readonly Dictionary<string, Func<GlueCall, Task>> Operations = new(StringComparer.Ordinal)
    {
        ["GetDatabases"] = DatabaseOperations.ListAsync,
        ["GetDatabase"] = DatabaseOperations.GetAsync,
        ["CreateDatabase"] = DatabaseOperations.CreateAsync,
        ["UpdateDatabase"] = DatabaseOperations.UpdateAsync,
        ["DeleteDatabase"] = DatabaseOperations.DeleteAsync,
        ["GetTables"] = TableOperations.ListAsync,
        ["GetTable"] = TableOperations.GetAsync,
        ["GetTableVersions"] = TableOperations.VersionsAsync,
        ["SearchTables"] = TableOperations.SearchAsync,
        ["CreateTable"] = TableOperations.CreateAsync,
        ["UpdateTable"] = TableOperations.UpdateAsync,
        ["DeleteTable"] = TableOperations.DeleteAsync,
        ["BatchDeleteTable"] = TableOperations.DeleteManyAsync,
        ["GetPartitions"] = PartitionOperations.ListAsync,
        ["GetPartition"] = PartitionOperations.GetAsync,
        ["BatchGetPartition"] = PartitionOperations.GetManyAsync,
        ["CreatePartition"] = PartitionOperations.CreateAsync,
        ["BatchCreatePartition"] = PartitionOperations.CreateManyAsync,
        ["UpdatePartition"] = PartitionOperations.UpdateAsync,
        ["DeletePartition"] = PartitionOperations.DeleteAsync,
        ["BatchDeletePartition"] = PartitionOperations.DeleteManyAsync,
        ["GetPartitionIndexes"] = c => { _ = c.RequireTable("TableName"); return c.Json.AnswerPageAsync("PartitionIndexDescriptorList", [], null); },
        ["GetUserDefinedFunctions"] = c => { c.Authorize(c.Json.Text("DatabaseName")); return c.Json.AnswerPageAsync("UserDefinedFunctions", [], null); },
        ["GetTags"] = TagOperations.GetAsync,
        ["TagResource"] = TagOperations.AddAsync,
        ["UntagResource"] = TagOperations.RemoveAsync,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["glue"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.JsonRpc;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public async Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var call = JsonCall.Of(request, body, "InvalidInputException");
        if (!Operations.TryGetValue(call.Operation, out var handle))
        {
            throw AwsException.NotImplemented($"the operation {call.Operation} of the service glue", "The Data Catalog is there: databases, tables and partitions.");
        }

        try
        {
            await handle(new GlueCall(call, access, time)).ConfigureAwait(false);
        }
        catch (CatalogException e)
        {
            throw GlueCall.Invalid(e.Message);
        }
    }
}
