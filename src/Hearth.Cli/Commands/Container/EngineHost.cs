using System.Collections.Concurrent;
using Hearth.Engine.Protocol;
using Hearth.Engine.Session;
using Hearth.Jobs.Driver;

namespace Hearth.Cli.Commands.Container;

/// <summary>Brings the engine into a driver: the session lives in the driver's own process.</summary>
internal sealed class EngineHost : IEngineHost
{
    public Task<IEngineSession> StartAsync(EngineStart start, CancellationToken ct) => Task.Run<IEngineSession>(
        () =>
        {
            var session = EngineSession.Open(new EngineOptions { Conf = start.Conf, Listener = new Listener(start.Progress) });
            return new Running(session, EngineServer.Listen(start.SocketPath, session));
        },
        ct);

    private sealed class Running : IEngineSession
    {
        private readonly EngineSession _session;
        private readonly EngineServer _server;
        private readonly CancellationTokenSource _ending = new();
        private readonly Task _serving;

        public Running(EngineSession session, EngineServer server)
        {
            (_session, _server) = (session, server);
            _serving = server.RunAsync(_ending.Token);
        }

        public void SetThreads(int threads) => _session.SetThreads(threads);

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync().ConfigureAwait(false);
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _server.DisposeAsync().ConfigureAwait(false);
            _session.Dispose();
            _ending.Dispose();
        }
    }

    /// <summary>Adds up the queries of a session.</summary>
    private sealed class Listener(Action<EngineProgress> tell) : IEngineListener
    {
        private readonly ConcurrentDictionary<string, (long Read, long Written)> _queries = new(StringComparer.Ordinal);

        public void OnQuery(QueryProgress progress)
        {
            _queries[progress.Id] = (progress.RowsRead, progress.RowsWritten);
            var message = progress.State == "running" ? $"{progress.Kind}{(progress.Percent is { } p ? $" {p:0} %" : "")}" : null;
            tell(new EngineProgress(message, _queries.Values.Sum(q => q.Read), _queries.Values.Sum(q => q.Written)));
        }
    }
}
