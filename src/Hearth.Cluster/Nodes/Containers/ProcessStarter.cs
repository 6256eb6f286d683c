using System.Collections.Concurrent;
using System.Diagnostics;

namespace Hearth.Cluster.Nodes.Containers;

/// <summary>
/// Starts processes from one thread that lives as long as the node agent. The kernel ties "die with parent" to the thread that started a
/// process, so starting containers from pool threads would kill them when the pool retires a thread.
/// </summary>
public sealed class ProcessStarter : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Done)> _wanted = [];
    private readonly Thread _thread;

    /// <summary>Starts the thread.</summary>
    public ProcessStarter()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "container-starter" };
        _thread.Start();
    }

    /// <summary>Starts a process; fails as <see cref="Process.Start(ProcessStartInfo)"/> does.</summary>
    public Task<Process> StartAsync(ProcessStartInfo info)
    {
        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _wanted.Add((info, done));
        return done.Task;
    }

    /// <summary>Ends the thread, and with it every sandbox it started.</summary>
    public void Dispose()
    {
        _wanted.CompleteAdding();
        _thread.Join(TimeSpan.FromSeconds(2));
        _wanted.Dispose();
    }

    private void Run()
    {
        foreach (var (info, done) in _wanted.GetConsumingEnumerable())
        {
            try
            {
                done.SetResult(Process.Start(info) ?? throw new InvalidOperationException("no process was started"));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }
    }
}
