namespace Hearth.Engine.Duck;

/// <summary>Interrupts a connection's statement once its token is cancelled, and again until the statement has ended:
/// libduckdb forgets an interrupt that comes before the statement starts.</summary>
internal sealed class InterruptOnCancel : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(20);

    private readonly Timer _timer;
    private readonly CancellationTokenRegistration _registration;

    public InterruptOnCancel(DuckConnection connection, CancellationToken cancellationToken)
    {
        _timer = new Timer(_ => connection.Interrupt(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = cancellationToken.Register(() => _timer.Change(TimeSpan.Zero, Again));
    }

    public void Dispose()
    {
        _registration.Dispose();
        _timer.Dispose();
    }
}
