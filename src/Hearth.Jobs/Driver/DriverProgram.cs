using System.Globalization;
using Hearth.Jobs.Driver.Events;
using Hearth.Jobs.Driver.Scaling;
using Hearth.Jobs.Driver.Sql;
using Hearth.Jobs.Emr;
using Hearth.Jobs.Spark;
using Hearth.Kube.Client;

namespace Hearth.Jobs.Driver;

/// <summary>
/// What runs in a driver container: settings, the engine, executors, then the program, and everything put away at the end.
/// Cancelling is SIGTERM.
/// </summary>
public sealed class DriverProgram(DriverHost host)
{
    /// <summary>Exit code after SIGTERM.</summary>
    public const int Terminated = 143;

    private const int TooManyFailures = 11;
    private readonly DriverLog _log = new(host.Error, host.Time);

    /// <summary>Runs a driver.</summary>
    /// <param name="args">The container's arguments.</param>
    /// <param name="ct">Asks it to stop.</param>
    /// <returns>The program's exit code.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken ct)
    {
        try
        {
            return await StartAsync(DriverCommandLine.Parse(args), ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Terminated;
        }
        catch (Exception e) when (e is DriverException or SparkConfException or KubeException or IOException or HttpRequestException)
        {
            Fail($"Error: {e.Message}");
            return 1;
        }
    }

    private async Task<int> StartAsync(DriverCommandLine command, CancellationToken ct)
    {
        var conf = Properties(command.PropertiesFile);
        var app = DriverApplication.Of(conf, command.MainClass == DriverCommandLine.PythonRunner, host.Variable("SPARK_USER") ?? "hadoop");
        _log.Info("SparkContext", $"Running Spark version {app.Version} (Hearth's embedded engine)");
        _log.Info("SparkContext", $"Submitted application: {app.Name}");
        using var heartbeat = Heartbeat();
        var scratch = Directory.CreateTempSubdirectory("spark-").FullName;
        var progress = new ProgressReporter(host.Client, app.Namespace, conf.Get("spark.kubernetes.driver.pod.name", ""), host.Time);
        await using (progress.ConfigureAwait(false))
        {
            try
            {
                var paths = new DriverPaths(conf.Get("spark.hearth.s3.root"), host.Home, scratch);
                var program = Program(command, conf, paths);
                using var events = new EventLog(EventLogFile.Open(app, paths, scratch, _log, host.Time), app, host.Time);
                var code = await RunAsync(program, app, scratch, progress, events, ct).ConfigureAwait(false);
                events.End(code);
                progress.Update(p => p with { Phase = "finished", Message = null });
                _log.Info("ShutdownHookManager", string.Create(CultureInfo.InvariantCulture, $"Shutdown hook called; exit code {code}"));
                return code;
            }
            finally
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }

    private async Task<int> RunAsync(LocalProgram program, SparkApplication app, string scratch, ProgressReporter progress, EventLog events, CancellationToken ct)
    {
        var wanted = host.Client is null ? null : ExecutorPlan.Of(app.Conf);
        progress.Update(p => p with { Phase = "starting", ExecutorsRequested = wanted?.Allocation.Instances ?? 0 });
        var socket = Path.Combine(scratch, "engine.sock");
        var starting = host.Engine.StartAsync(new EngineStart(socket, EngineConf(app), p => Report(progress, p), events.OnQuery), ct);
        var executors = wanted is null ? null : await DriverExecutors.StartAsync(app, wanted, host, events, _log, progress, ct).ConfigureAwait(false);
        try
        {
            var engine = await starting.ConfigureAwait(false);
            await using (engine.ConfigureAwait(false))
            {
                if (executors is null)
                {
                    engine.SetThreads(DriverExecutors.Threads(app.Conf.Int("spark.driver.cores", 1)));
                }
                else
                {
                    await executors.ReadyAsync(engine, ct).ConfigureAwait(false);
                }

                progress.Update(p => p with { Phase = "running", Message = null });
                return await ProgramAsync(program, app, socket, executors, ct).ConfigureAwait(false);
            }
        }
        finally
        {
            if (executors is not null)
            {
                await executors.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<int> ProgramAsync(LocalProgram program, SparkApplication app, string socket, DriverExecutors? executors, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var running = program.IsSql ? SqlAsync(program, app, socket, stop.Token) : PythonAsync(program, app, socket, stop.Token);
        if (executors is not null && await Task.WhenAny(running, executors.Failed).ConfigureAwait(false) == executors.Failed)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Fail($"Error: {executors.Failed.Exception?.InnerException?.Message}");
            return TooManyFailures;
        }

        var code = await running.ConfigureAwait(false);
        return ct.IsCancellationRequested ? Terminated : code;
    }

    // Sidecars of a pod template end themselves when this file becomes stale. Source: EMR on EKS Development Guide, pod templates.
    private IDisposable? Heartbeat() => host.Variable("SIDECAR_SIGNAL_FILE") is not { Length: > 0 } path
        ? null
        : host.Time.CreateTimer(
            _ =>
            {
                try
                {
                    File.WriteAllText(host.LocalPath(path), "");
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // No sidecar shares the directory.
                }
            },
            null, TimeSpan.Zero, TimeSpan.FromSeconds(2));

    private Task<int> PythonAsync(LocalProgram program, SparkApplication app, string socket, CancellationToken ct)
    {
        var python = program.Python ?? host.Variable("PYSPARK_DRIVER_PYTHON") ?? host.Variable("PYSPARK_PYTHON") ?? "python3";
        var path = program.PythonPath.Append(host.Variable("PYTHONPATH") ?? "").Where(p => p.Length > 0);
        Dictionary<string, string> environment = new(StringComparer.Ordinal)
        {
            ["HEARTH_ENGINE_SOCKET"] = socket,
            ["HEARTH_S3_ROOT"] = app.Conf.Get("spark.hearth.s3.root", ""),
            ["HEARTH_SPARK_VERSION"] = app.Version,
            ["PYTHONPATH"] = string.Join(':', path),
            ["PYTHONUNBUFFERED"] = "1",
        };
        return ChildProcess.RunAsync(python, [program.Path, .. program.Arguments], environment, ct);
    }

    private async Task<int> SqlAsync(LocalProgram program, SparkApplication app, string socket, CancellationToken ct)
    {
        var engine = await EngineClient.ConnectAsync(socket, app.Name, app.Id, ct).ConfigureAwait(false);
        await using (engine.ConfigureAwait(false))
        {
            var text = await File.ReadAllTextAsync(program.Path, ct).ConfigureAwait(false);
            var start = app.Conf.Get("spark.hearth.sql.database") is { } database ? $"USE `{database.Replace("`", "``", StringComparison.Ordinal)}`;\n" : "";
            return await new SqlProgram(engine, host.Output, host.Error, _log).RunAsync(start + text, program.Variables, ct).ConfigureAwait(false);
        }
    }

    private static LocalProgram Program(DriverCommandLine command, SparkConf conf, DriverPaths paths) => command.MainClass switch
    {
        DriverCommandLine.PythonRunner => LocalProgram.OfPython(command, conf, paths),
        DriverCommandLine.SqlDriver => LocalProgram.OfSql(command, conf, paths),
        _ => throw new DriverException($"{command.MainClass} needs Apache Spark: the embedded engine runs Python and SQL programs"),
    };

    private SparkConf Properties(string file) => File.Exists(file)
        ? SparkConf.Of(PropertiesText.Read(File.ReadAllText(file)).Select(p => KeyValuePair.Create(p.Key, host.LocalPath(p.Value))))
        : throw new DriverException($"the properties file {file} does not exist");

    private Dictionary<string, string> EngineConf(SparkApplication app)
    {
        var heap = app.Conf.Mebibytes("spark.driver.memory") ?? 1024;
        var machine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * 8 / 10 >> 20;
        var spill = (host.Variable("SPARK_LOCAL_DIRS") ?? Path.GetTempPath()).Split(',')[0];
        var conf = new Dictionary<string, string>(app.Conf.Values, StringComparer.Ordinal) { [Releases.SparkVersionKey] = app.Version };
        conf.TryAdd("spark.hearth.memory", FormattableString.Invariant($"{Math.Min(heap, machine)}m"));
        conf.TryAdd("spark.hearth.temp.dir", Path.Combine(spill, $"hearth-{Guid.NewGuid():N}"));
        return conf;
    }

    private static void Report(ProgressReporter progress, EngineProgress seen) =>
        progress.Update(p => p with { Message = seen.Message, RowsRead = seen.RowsRead, RowsWritten = seen.RowsWritten });

    private void Fail(string message)
    {
        host.Error.WriteLine(message);
        host.Error.Flush();
        if (host.Variable("TERMINATION_ERROR_LOG_FILE_PATH") is { Length: > 0 } file)
        {
            try
            {
                File.WriteAllText(file, message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // stderr has it.
            }
        }
    }
}
