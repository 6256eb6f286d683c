using Hearth.Cluster.Store.Files;
using Hearth.Cluster.Store.Log;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Store;

/// <summary>Writes snapshots in the background, one at a time, and deletes files that the history no longer needs.</summary>
internal sealed class Snapshotter(IStoreFiles files, LogWriter log, StoreOptions options, long bytesSinceSnapshot)
{
    private readonly CancellationTokenSource _stop = new();
    private long _bytes = bytesSinceSnapshot;
    private long _lastSize;
    private Task _running = Task.CompletedTask;

    /// <summary>Called on the committer's thread after a frame; starts a snapshot when it is time.</summary>
    public void Written(long bytes, StoreState state, Func<long> compacted)
    {
        _bytes += bytes;
        if (_bytes < Math.Max(options.SnapshotAfterBytes, Interlocked.Read(ref _lastSize)) || !_running.IsCompleted)
        {
            return;
        }

        try
        {
            log.Rotate(state.Revision + 1);
            _bytes = 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not the writer's trouble: the old segment goes on. Try again after as many bytes.
            _bytes = 0;
            options.Logger.LogWarning(e, "The store could not start a new log segment in {Directory}; it goes on with the old one.", files.Directory);
            return;
        }

        _running = Task.Factory.StartNew(() => Write(state, compacted), _stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Deletes what recovery no longer needs; a failure is only logged.</summary>
    public void CleanUp(long compacted)
    {
        try
        {
            Retention.Apply(files, compacted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.Logger.LogWarning(e, "The store could not delete old files in {Directory}; it tries again after the next snapshot.", files.Directory);
        }
    }

    /// <summary>Abandons a snapshot that is being written.</summary>
    public async Task CloseAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Write(StoreState state, Func<long> compacted)
    {
        try
        {
            Interlocked.Exchange(ref _lastSize, SnapshotFile.Write(files, state, _stop.Token));
            CleanUp(compacted());
        }
        catch (OperationCanceledException)
        {
            // The store closes; the log has everything.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            options.Logger.LogWarning(e, "The store could not write a snapshot in {Directory}; its log keeps everything and grows meanwhile.", files.Directory);
        }
    }
}
