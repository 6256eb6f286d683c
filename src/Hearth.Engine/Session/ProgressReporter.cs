using System.Diagnostics;
using Hearth.Engine.Duck;

namespace Hearth.Engine.Session;

/// <summary>Tells the session's listener how a query goes, four times a second.</summary>
internal sealed class ProgressReporter : IDisposable
{
    private static readonly AsyncLocal<string?> Request = new();

    private readonly IEngineListener? _listener;
    private readonly DuckConnection _connection;
    private readonly string _kind;
    private readonly Stopwatch _watch;
    private readonly string _id;
    private readonly Timer? _timer;
    private bool _done;

    public ProgressReporter(EngineSession session, DuckConnection connection, string kind, Stopwatch watch)
    {
        _listener = session.Listener;
        _connection = connection;
        _kind = kind;
        _watch = watch;
        _id = Request.Value ?? Guid.NewGuid().ToString("N");
        Tell("running", _listener is null ? null : connection.Progress(), 0, 0);
        _timer = _listener is null ? null : new Timer(_ => Tell("running", _connection.Progress(), 0, 0), null, 250, 250);
    }

    /// <summary>Names the request that the current flow of control serves.</summary>
    public static string? CurrentRequest
    {
        get => Request.Value;
        set => Request.Value = value;
    }

    public void Done(long read, long written)
    {
        if (!_done)
        {
            _done = true;
            Tell("succeeded", 100, read, written);
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        if (!_done)
        {
            Tell("failed", null, 0, 0);
        }
    }

    private void Tell(string state, double? percent, long read, long written) =>
        _listener?.OnQuery(new QueryProgress(_id, _kind, state, percent, read, written, _watch.Elapsed));
}
