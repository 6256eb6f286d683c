using Microsoft.Extensions.Logging;

namespace Hearth.Cli.Hosting.Embedded;

/// <summary>The platform's long-running parts: started in order, ended together, and never dead in silence.</summary>
internal sealed partial class BackgroundWork(ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<(string Name, Task Task)> _work = [];

    /// <summary>Cancelled when the platform stops.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Starts a part. One that fails is logged and started again: the others go on meanwhile.</summary>
    public void Start(string name, Func<CancellationToken, Task> run) => _work.Add((name, Task.Run(() => KeepAsync(name, run), CancellationToken.None)));

    /// <summary>Ends all parts and waits for them.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (var (name, task) in _work)
        {
            try
            {
                await task.WaitAsync(ct).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                LogStuck(logger, name);
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_ending.IsCancellationRequested)
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
        }

        _ending.Dispose();
    }

    private async Task KeepAsync(string name, Func<CancellationToken, Task> run)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await run(_ending.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_ending.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogFailed(logger, e, name);
                await Task.Delay(TimeSpan.FromSeconds(1), _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Part} failed and is started again")]
    private static partial void LogFailed(ILogger logger, Exception e, string part);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Part} did not end in time")]
    private static partial void LogStuck(ILogger logger, string part);
}
