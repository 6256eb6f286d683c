using System.Threading.Channels;

namespace Hearth.Kube.Informers;

/// <summary>
/// Keys waiting for a controller. A key waits at most once however often it is added; a key added while it is worked on comes again
/// afterwards; a failed key comes again after a growing delay (100 ms doubling to 30 s), a wanted later look at a chosen time.
/// </summary>
public sealed class WorkQueue(TimeProvider? time = null) : IDisposable
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>();
    private readonly Lock _lock = new();
    private readonly HashSet<string> _waiting = new(StringComparer.Ordinal);
    private readonly HashSet<string> _working = new(StringComparer.Ordinal);
    private readonly HashSet<string> _again = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly HashSet<ITimer> _timers = [];

    /// <summary>Adds a key unless it waits already.</summary>
    public void Add(string key)
    {
        lock (_lock)
        {
            if (_working.Contains(key))
            {
                _again.Add(key);
            }
            else if (_waiting.Add(key))
            {
                _ready.Writer.TryWrite(key);
            }
        }
    }

    /// <summary>Adds a key after a delay.</summary>
    public void AddAfter(string key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
            return;
        }

        ITimer? timer = null;
        lock (_lock)
        {
            timer = _time.CreateTimer(
                _ =>
                {
                    lock (_lock)
                    {
                        _timers.Remove(timer!);
                        timer!.Dispose();
                    }

                    Add(key);
                },
                null, delay, Timeout.InfiniteTimeSpan);
            _timers.Add(timer);
        }
    }

    /// <summary>
    /// Works on keys one after another in each of <paramref name="workers"/> tasks until cancelled. What <paramref name="reconcile"/> throws is given to
    /// <paramref name="onError"/> and the key is tried again; a returned delay asks for another look.
    /// </summary>
    public Task RunAsync(int workers, Func<string, CancellationToken, Task<TimeSpan?>> reconcile, Action<string, Exception> onError, CancellationToken ct) =>
        Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(reconcile, onError, ct)));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var timer in _timers)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }

        _ready.Writer.TryComplete();
    }

    private async Task WorkAsync(Func<string, CancellationToken, Task<TimeSpan?>> reconcile, Action<string, Exception> onError, CancellationToken ct)
    {
        await foreach (var key in _ready.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            lock (_lock)
            {
                _waiting.Remove(key);
                _working.Add(key);
            }

            TimeSpan? again = null;
            try
            {
                again = await reconcile(key, ct).ConfigureAwait(false);
                lock (_lock)
                {
                    _failures.Remove(key);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e)
            {
                onError(key, e);
                again = NextDelay(key);
            }
            finally
            {
                Done(key);
            }

            if (again is { } delay)
            {
                AddAfter(key, delay);
            }
        }
    }

    private TimeSpan NextDelay(string key)
    {
        lock (_lock)
        {
            var failures = _failures.GetValueOrDefault(key);
            _failures[key] = failures + 1;
            var delay = FirstDelay * Math.Pow(2, Math.Min(failures, 20));
            return delay < LastDelay ? delay : LastDelay;
        }
    }

    private void Done(string key)
    {
        lock (_lock)
        {
            _working.Remove(key);
            if (_again.Remove(key) && _waiting.Add(key))
            {
                _ready.Writer.TryWrite(key);
            }
        }
    }
}
