using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Hearth.Cluster.Controllers;

/// <summary>
/// Writes that a decision loop does not wait for. Those about one object keep their order, or a pod that was refused and then bound could say at the
/// end that it was refused; those about different objects go side by side. What fails is logged: who cares for a result handles it in the write itself.
/// </summary>
internal sealed partial class BackgroundWrites
{
    private readonly ILogger _logger;
    private readonly Channel<Func<CancellationToken, Task>>[] _lanes;

    /// <param name="lanes">How many writes may be under way at a time.</param>
    /// <param name="logger">Told of writes that failed.</param>
    public BackgroundWrites(int lanes, ILogger logger)
    {
        _logger = logger;
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => Channel.CreateUnbounded<Func<CancellationToken, Task>>(new UnboundedChannelOptions { SingleReader = true }))];
    }

    /// <summary>Has something written after everything that was posted before about the same object.</summary>
    public void Post(string key, Func<CancellationToken, Task> write) =>
        _lanes[(uint)StringComparer.Ordinal.GetHashCode(key) % _lanes.Length].Writer.TryWrite(write);

    /// <summary>Writes until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(_lanes.Select(lane => Task.Run(() => WorkAsync(lane.Reader, ct), ct)));

    private async Task WorkAsync(ChannelReader<Func<CancellationToken, Task>> lane, CancellationToken ct)
    {
        await foreach (var write in lane.ReadAllAsync(ct).ConfigureAwait(false))
        {
            try
            {
                await write(ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException) // one write that fails must not end the lane
            {
                LogFailed(_logger, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "a write failed: {Problem}")]
    private static partial void LogFailed(ILogger logger, string problem);
}
