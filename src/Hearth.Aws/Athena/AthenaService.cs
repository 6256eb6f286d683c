using Hearth.Aws.Http;
using Hearth.Aws.Tables;

namespace Hearth.Aws.Athena;

/// <summary>
/// Amazon Athena (2017-05-18): queries over the tables of Spark's jobs, in Spark's dialect of SQL. Notebooks, capacity reservations and federated catalogs are not there.
/// </summary>
internal sealed class AthenaService(AthenaSettings settings) : IAwsService
{
    private static readonly Dictionary<string, Func<AthenaCall, Task>> Operations = new(StringComparer.Ordinal)
    {
        ["StartQueryExecution"] = StartOperation.HandleAsync,
        ["GetQueryExecution"] = ExecutionOperations.GetAsync,
        ["BatchGetQueryExecution"] = ExecutionOperations.GetManyAsync,
        ["ListQueryExecutions"] = ExecutionOperations.ListAsync,
        ["StopQueryExecution"] = ExecutionOperations.StopAsync,
        ["GetQueryRuntimeStatistics"] = ExecutionOperations.StatisticsAsync,
        ["GetQueryResults"] = ResultOperation.HandleAsync,
        ["CreateWorkGroup"] = WorkGroupOperations.CreateAsync,
        ["GetWorkGroup"] = WorkGroupOperations.GetAsync,
        ["ListWorkGroups"] = WorkGroupOperations.ListAsync,
        ["UpdateWorkGroup"] = WorkGroupOperations.UpdateAsync,
        ["DeleteWorkGroup"] = WorkGroupOperations.DeleteAsync,
        ["ListTagsForResource"] = WorkGroupOperations.TagsAsync,
        ["TagResource"] = WorkGroupOperations.TagAsync,
        ["UntagResource"] = WorkGroupOperations.UntagAsync,
        ["ListEngineVersions"] = WorkGroupOperations.EnginesAsync,
        ["CreateNamedQuery"] = NamedQueryOperations.CreateAsync,
        ["GetNamedQuery"] = NamedQueryOperations.GetAsync,
        ["BatchGetNamedQuery"] = NamedQueryOperations.GetManyAsync,
        ["ListNamedQueries"] = NamedQueryOperations.ListAsync,
        ["UpdateNamedQuery"] = NamedQueryOperations.UpdateAsync,
        ["DeleteNamedQuery"] = NamedQueryOperations.DeleteAsync,
        ["CreatePreparedStatement"] = PreparedOperations.CreateAsync,
        ["GetPreparedStatement"] = PreparedOperations.GetAsync,
        ["ListPreparedStatements"] = PreparedOperations.ListAsync,
        ["UpdatePreparedStatement"] = PreparedOperations.UpdateAsync,
        ["DeletePreparedStatement"] = PreparedOperations.DeleteAsync,
        ["ListDataCatalogs"] = MetadataOperations.CatalogsAsync,
        ["GetDataCatalog"] = MetadataOperations.CatalogAsync,
        ["ListDatabases"] = MetadataOperations.DatabasesAsync,
        ["GetDatabase"] = MetadataOperations.DatabaseAsync,
        ["ListTableMetadata"] = MetadataOperations.TablesAsync,
        ["GetTableMetadata"] = MetadataOperations.TableAsync,
    };

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["athena"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.JsonRpc;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public async Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var call = JsonCall.Of(request, body, "InvalidRequestException");
        if (!Operations.TryGetValue(call.Operation, out var handle))
        {
            throw AwsException.NotImplemented($"the operation {call.Operation} of the service athena");
        }

        try
        {
            await handle(new AthenaCall(call, settings)).ConfigureAwait(false);
        }
        catch (CatalogException e)
        {
            throw AthenaCall.Invalid(e.Message);
        }
    }
}
