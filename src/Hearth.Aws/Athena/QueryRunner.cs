using System.Collections.Concurrent;
using Hearth.Aws.S3.Storage;
using Hearth.Aws.Tables;
using Microsoft.Extensions.Logging;

namespace Hearth.Aws.Athena;

/// <summary>Runs executions in the background, a few at a time and the others in the order of their arrival, and puts their results into S3.</summary>
/// <param name="store">Remembers them.</param>
/// <param name="engine">Runs statements.</param>
/// <param name="objects">Takes results.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told of faults of ours.</param>
public sealed partial class QueryRunner(AthenaStore store, IQueryEngine engine, ObjectStorage objects, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private const int AtOnce = 4;
    private readonly SemaphoreSlim places = new(AtOnce, AtOnce);
    private readonly ConcurrentDictionary<string, (CancellationTokenSource Cancel, Task Work)> running = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();

    internal AthenaStore Store => store;

    internal IQueryEngine Engine => engine;

    internal ObjectStorage Objects => objects;

    /// <summary>Queues an execution that is stored already.</summary>
    internal void Start(QueryExecution execution, QueryRequest request)
    {
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = Task.Run(async () =>
        {
            await begun.Task.ConfigureAwait(false);
            await RunAsync(execution, request, cancel.Token).ConfigureAwait(false);
            running.TryRemove(execution.Id, out _);
            cancel.Dispose();
        }, CancellationToken.None);
        running[execution.Id] = (cancel, work);
        begun.SetResult();
    }

    /// <summary>Ends an execution that still waits or runs; it is CANCELLED at once.</summary>
    internal void Stop(string id)
    {
        End(id, e => e with { State = QueryState.Cancelled, Reason = "Query cancelled by user" });
        if (running.TryGetValue(id, out var found))
        {
            try
            {
                found.Cancel.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }
    }

    /// <summary>Stops everything; what still runs has failed.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running.Values.Select(r => r.Work)).ConfigureAwait(false);
        stopping.Dispose();
        places.Dispose();
    }

    private async Task RunAsync(QueryExecution execution, QueryRequest request, CancellationToken ct)
    {
        try
        {
            await places.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                if (store.Executions.Change(execution.Id, e => QueryState.IsFinal(e.State) ? null : e with { State = QueryState.Running, Started = time.GetUtcNow() }) is { } started)
                {
                    await ExecuteAsync(started, request, ct).ConfigureAwait(false);
                }
            }
            finally
            {
                places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            End(execution.Id, e => e with { State = QueryState.Failed, Reason = "The platform stopped while the query ran. Start it again: nothing of its result was written." });
        }
        catch (QueryException e)
        {
            End(execution.Id, x => x with { State = QueryState.Failed, Reason = e.Message, IsUsersFault = e.IsUsers });
        }
        catch (Exception e) when (e is CatalogException or ObjectWriteException)
        {
            End(execution.Id, x => x with { State = QueryState.Failed, Reason = e.Message, IsUsersFault = true });
        }
        catch (Exception e)
        {
            LogFault(logger, e, execution.Id);
            End(execution.Id, x => x with { State = QueryState.Failed, Reason = $"An internal error occurred. The platform's log has more about query {execution.Id}." });
        }
    }

    private async Task ExecuteAsync(QueryExecution execution, QueryRequest request, CancellationToken ct)
    {
        var (bucket, key) = S3Uri.Parse(execution.Output)!.Value;
        var staged = Path.Combine(store.Staging, execution.Id);
        try
        {
            using var query = engine.Run(request, ct);
            long rows;
            await using var file = new FileStream(staged, FileMode.Create, FileAccess.ReadWrite);
            rows = ResultFile.Write(file, query.Columns, query.Rows(), execution.HasRows, ct);
            file.Position = 0;
            await objects.PutAsync(bucket, key, file, execution.HasRows ? "text/csv" : "text/plain", condition: null, ct).ConfigureAwait(false);
            if (execution.HasRows)
            {
                await using var columns = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Concat(query.Columns.Select(c => $"{c.Name}\t{c.Type}\n"))));
                await objects.PutAsync(bucket, key + ".metadata", columns, "text/plain", condition: null, ct).ConfigureAwait(false);
            }

            End(execution.Id, e => e with { State = QueryState.Succeeded, Columns = query.Columns, UpdateCount = query.UpdateCount, ScannedBytes = query.ScannedBytes, OutputRows = rows, OutputBytes = file.Length });
        }
        finally
        {
            File.Delete(staged);
        }
    }

    private void End(string id, Func<QueryExecution, QueryExecution> change) =>
        store.Executions.Change(id, e => QueryState.IsFinal(e.State) ? null : change(e) with { Completed = time.GetUtcNow() });

    [LoggerMessage(Level = LogLevel.Error, Message = "Query {Id} of Athena failed unexpectedly")]
    private static partial void LogFault(ILogger logger, Exception error, string id);
}
