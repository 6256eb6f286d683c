using System.Diagnostics;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Hosting;

/// <summary>Starts <c>hearth up</c> again as a process of its own and waits until it is ready or has failed.</summary>
internal static class DetachedRun
{
    /// <summary>Marks the child; it leaves the terminal's session first thing.</summary>
    public const string ChildOption = "--detached-child";

    private const int LogLinesShown = 20;
    private static readonly TimeSpan ReadyDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Ready endpoints of the new process. Its output goes to <c>DIR/logs/hearth.log</c>.</summary>
    public static async Task<PlatformEndpoints> StartAsync(
        CliContext context, DataDirectory data, IReadOnlyList<string> upArguments, CancellationToken cancellation)
    {
        data.Prepare();
        if (DataDirectoryLock.IsHeld(data))
        {
            using var refused = DataDirectoryLock.Take(data); // throws, naming the holder
        }

        data.RemoveEndpoints();
        var logStart = File.Exists(data.LogFile) ? new FileInfo(data.LogFile).Length : 0;
        using var child = Launch(data, upArguments);
        return await WaitUntilReadyAsync(context, data, child, logStart, cancellation);
    }

    private static Process Launch(DataDirectory data, IReadOnlyList<string> upArguments)
    {
        // The shell only redirects; `exec` keeps the process id, and no pipe of ours is left open in the child.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("exec \"$@\" >>\"$HEARTH_DETACHED_LOG\" 2>&1 </dev/null");
        start.ArgumentList.Add("hearth");
        foreach (var word in Self())
        {
            start.ArgumentList.Add(word);
        }

        start.ArgumentList.Add("up");
        start.ArgumentList.Add(ChildOption);
        foreach (var argument in upArguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["HEARTH_DETACHED_LOG"] = data.LogFile;
        return Process.Start(start) ?? throw new CliException("the platform's process could not be started");
    }

    /// <summary>How this program was started: by itself, or as <c>dotnet hearth.dll</c>.</summary>
    private static IReadOnlyList<string> Self()
    {
        var program = Environment.ProcessPath ?? throw new CliException("the path of the hearth program is unknown");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];
    }

    private static async Task<PlatformEndpoints> WaitUntilReadyAsync(
        CliContext context, DataDirectory data, Process child, long logStart, CancellationToken cancellation)
    {
        var started = context.Clock.GetTimestamp();
        using var poll = new PeriodicTimer(PollInterval, context.Clock);
        try
        {
            do
            {
                if (data.ReadEndpoints() is { } endpoints && endpoints.Pid == child.Id)
                {
                    return endpoints;
                }

                if (child.HasExited)
                {
                    throw new CliException($"the platform did not start:\n{LogTail(data, logStart)}", $"The whole log: {data.LogFile}");
                }

                if (context.Clock.GetElapsedTime(started) > ReadyDeadline)
                {
                    throw new CliException($"the platform was not ready within {ReadyDeadline.TotalSeconds:0} s and was stopped", $"See {data.LogFile}");
                }
            }
            while (await poll.WaitForNextTickAsync(cancellation));
            throw new OperationCanceledException(cancellation);
        }
        catch
        {
            if (!child.HasExited)
            {
                Signals.Send(child.Id, Signals.Terminate);
            }

            throw;
        }
    }

    private static string LogTail(DataDirectory data, long from)
    {
        try
        {
            using var log = new FileStream(data.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Seek(Math.Min(from, log.Length), SeekOrigin.Begin);
            using var reader = new StreamReader(log);
            var lines = reader.ReadToEnd().TrimEnd().Split('\n');
            return string.Join('\n', lines.TakeLast(LogLinesShown));
        }
        catch (IOException)
        {
            return "(it wrote no log)";
        }
    }
}
