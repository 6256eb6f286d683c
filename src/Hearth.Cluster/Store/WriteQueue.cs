namespace Hearth.Cluster.Store;

/// <summary>A transaction that waits for its turn.</summary>
internal sealed class PendingWrite(IReadOnlyList<Mutation> mutations, CancellationToken ct)
{
    public IReadOnlyList<Mutation> Mutations { get; } = mutations;

    public CancellationToken Cancellation { get; } = ct;

    public TaskCompletionSource<TransactionResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the batch said; answered once the batch is durable.</summary>
    public TransactionResult? Judged { get; set; }
}

/// <summary>
/// Hands everything that came in during the last commit to the one committer thread at once. A monitor rather than a channel: the consumer is a
/// thread of its own that blocks in fsync anyway.
/// </summary>
internal sealed class WriteQueue
{
    private readonly object _lock = new();
    private List<PendingWrite> _waiting = [];
    private bool _closed;

    /// <summary>False when the queue is closed.</summary>
    public bool TryAdd(PendingWrite write)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _waiting.Add(write);
            Monitor.Pulse(_lock);
            return true;
        }
    }

    /// <summary>Blocks until there is something; empty once the queue is closed and everything was taken.</summary>
    /// <param name="spare">An empty list to collect the next ones in.</param>
    public List<PendingWrite> TakeAll(List<PendingWrite> spare)
    {
        lock (_lock)
        {
            while (_waiting.Count == 0 && !_closed)
            {
                Monitor.Wait(_lock);
            }

            var taken = _waiting;
            _waiting = spare;
            return taken;
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            Monitor.PulseAll(_lock);
        }
    }
}
