using System.Threading.Channels;

namespace Hearth.Aws.S3.Storage;

/// <summary>
/// A few threads for work that waits for the disk. The thread pool has as many threads as there are cores and is slow to add more: a handful
/// of writers in fsync would hold up every other request.
/// </summary>
internal sealed class DiskThreads : IDisposable
{
    private readonly Channel<Action> work = Channel.CreateUnbounded<Action>();
    private readonly int most;
    private int started;
    private int waiting;

    public DiskThreads(int most) => this.most = most;

    /// <summary>Runs work on one of the threads.</summary>
    public Task<T> RunAsync<T>(Func<T> action)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Writer.TryWrite(() =>
        {
            try
            {
                result.SetResult(action());
            }
            catch (Exception e)
            {
                result.SetException(e);
            }
        });
        if (Volatile.Read(ref waiting) == 0 && Interlocked.Increment(ref started) is var number && number <= most)
        {
            new Thread(Work) { IsBackground = true, Name = $"s3-disk-{number}" }.Start();
        }
        return result.Task;
    }

    /// <inheritdoc/>
    public void Dispose() => work.Writer.TryComplete();

    private void Work()
    {
        while (true)
        {
            if (work.Reader.TryRead(out var action))
            {
                action();
                continue;
            }
            Interlocked.Increment(ref waiting);
            var more = work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult();
            Interlocked.Decrement(ref waiting);
            if (!more)
            {
                return;
            }
        }
    }
}
