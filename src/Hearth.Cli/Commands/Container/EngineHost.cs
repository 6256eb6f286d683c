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
            var queries = new EngineQueries(start.Progress, start.Query);
            var session = EngineSession.Open(new EngineOptions { Conf = start.Conf, Listener = queries });
            return new Running(session, queries, EngineServer.Listen(start.SocketPath, session));
        },
        ct);

    private sealed class Running : IEngineSession
    {
        private const int DefaultPartitions = 200;
        private readonly EngineSession _session;
        private readonly EngineQueries _queries;
        private readonly EngineServer _server;
        private readonly CancellationTokenSource _ending = new();
        private readonly Task _serving;

        public Running(EngineSession session, EngineQueries queries, EngineServer server)
        {
            (_session, _queries, _server) = (session, queries, server);
            _serving = server.RunAsync(_ending.Token);
        }

        public EngineLoad Load => new(_queries.TasksLeft(Partitions()), _session.KeepsRows);

        public void SetThreads(int threads) => _session.SetThreads(threads);

        public async ValueTask DisposeAsync()
        {
            await _ending.CancelAsync().ConfigureAwait(false);
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await _server.DisposeAsync().ConfigureAwait(false);
            _session.Dispose();
            _ending.Dispose();
        }

        private int Partitions() => int.TryParse(_session.Conf.Get("spark.sql.shuffle.partitions"), out var partitions) && partitions > 0 ? partitions : DefaultPartitions;
    }
}
