using Hearth.Cluster.Store.Log;

namespace Hearth.Cluster.Store;

/// <summary>
/// The one writer: takes what has queued up, judges it, writes it as one frame, flushes, publishes, answers. Writers that come in during a
/// flush share the next one.
/// </summary>
internal sealed class Committer
{
    private const int MaxFrameBytes = 4 << 20;

    private readonly WriteQueue _queue = new();
    private readonly ByteWriter _frame = new();
    private readonly LogWriter _log;
    private readonly TimeProvider _time;
    private readonly string _directory;
    private readonly Action<Batch, long> _publish;
    private readonly Action<long> _written;
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StoreState _state;

    /// <param name="log">Where frames go; rotated by <paramref name="written"/> on the committer's thread.</param>
    /// <param name="state">The state to go on from.</param>
    /// <param name="options">Directory (for messages) and clock.</param>
    /// <param name="publish">Called with a durable batch and its time; makes it visible.</param>
    /// <param name="written">Called with the size of each frame after its writers were answered.</param>
    public Committer(LogWriter log, StoreState state, StoreOptions options, Action<Batch, long> publish, Action<long> written)
    {
        (_log, _state, _time, _directory, _publish, _written) = (log, state, options.Time, options.Directory, publish, written);
        new Thread(Run) { IsBackground = true, Name = "hearth-store" }.Start();
    }

    public async ValueTask<TransactionResult> CommitAsync(IReadOnlyList<Mutation> mutations, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        var write = new PendingWrite(mutations, ct);
        ObjectDisposedException.ThrowIf(!_queue.TryAdd(write), typeof(ObjectStore));
        return await write.Answer.Task.ConfigureAwait(false);
    }

    /// <summary>Commits what is queued, then ends.</summary>
    public Task CloseAsync()
    {
        _queue.Close();
        return _finished.Task;
    }

    private void Run()
    {
        var writes = new List<PendingWrite>();
        while ((writes = _queue.TakeAll(Emptied(writes))).Count > 0)
        {
            for (var next = 0; next < writes.Count;)
            {
                next = CommitSome(writes, next);
            }
        }

        _finished.SetResult();
    }

    private static List<PendingWrite> Emptied(List<PendingWrite> writes)
    {
        writes.Clear();
        return writes;
    }

    /// <summary>Commits as many writes as fit in one frame; returns the index of the first that is left.</summary>
    private int CommitSome(List<PendingWrite> writes, int first)
    {
        var batch = new Batch(_state);
        var next = first;
        for (var size = 0L; next < writes.Count && (size < MaxFrameBytes || next == first); next++)
        {
            var write = writes[next];
            if (write.Cancellation.IsCancellationRequested)
            {
                write.Answer.TrySetCanceled(write.Cancellation);
                continue;
            }

            write.Judged = batch.Apply(write.Mutations);
            size += write.Mutations.Sum(ChangeRecords.SizeOf);
        }

        Finish(batch, writes, first, next);
        return next;
    }

    private void Finish(Batch batch, List<PendingWrite> writes, int first, int next)
    {
        Exception? failure = null;
        var size = 0;
        try
        {
            size = MakeDurable(batch);
        }
        catch (Exception e)
        {
            failure = new StoreWriteException(
                $"The write was refused because the disk did not take it: {e.Message}. Reads go on working; free space or repair the disk of {_directory}, then try again.", e);
        }

        for (var i = first; i < next; i++)
        {
            Answer(writes[i], failure);
        }

        if (size > 0)
        {
            _written(size);
        }
    }

    private static void Answer(PendingWrite write, Exception? failure)
    {
        if (write.Judged is null)
        {
            return;
        }

        if (failure is null)
        {
            write.Answer.TrySetResult(write.Judged);
        }
        else
        {
            write.Answer.TrySetException(failure);
        }
    }

    /// <summary>Returns the bytes written; 0 when the batch only had conflicts.</summary>
    private int MakeDurable(Batch batch)
    {
        if (batch.Changes.Count == 0)
        {
            return 0;
        }

        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _frame.Clear();
        ChangeRecords.Write(_frame, batch.Changes, now);
        var frame = _frame.Seal(batch.FirstRevision, _log.Salt);
        _log.Append(frame);
        _state = batch.Result;
        _publish(batch, now);
        return frame.Length;
    }
}
