using System.Globalization;
using System.Text;
using Hearth.Cluster.Store;

namespace Hearth.Store.CrashHost;

/// <summary>
/// Writes from several tasks until it is killed. Arguments: the directory, then the next step of each writer. Output, one line each, written at once:
/// <c>open REVISION</c>, <c>ack WRITER STEP REVISION</c> after the store acknowledged, <c>seen REVISION</c> after a watch delivered,
/// <c>error TEXT</c>.
/// </summary>
public static class Program
{
    private static readonly Lock OutputLock = new();
    private static readonly Stream Output = Console.OpenStandardOutput();

    /// <summary>The options that the host and the test share: small bounds, so that snapshots and clean-up happen all the time.</summary>
    public static StoreOptions Options(string directory) => new(directory)
    {
        SnapshotAfterBytes = 200_000,
        History = HistoryWindow.Default with { MaxChanges = 3000 },
    };

    public static async Task Main(string[] args)
    {
        var store = ObjectStore.Open(Options(args[0]));
        Say($"open {store.Revision}");
        var watching = WatchAsync(store);
        var writers = args[1..].Select((step, writer) => WriteAsync(store, writer, int.Parse(step, CultureInfo.InvariantCulture)));
        await Task.WhenAll([watching, .. writers]);
    }

    private static async Task WriteAsync(ObjectStore store, int writer, int step)
    {
        for (; ; step++)
        {
            var result = await store.CommitAsync(Workload.Step(writer, step), CancellationToken.None);
            Say($"ack {writer} {step} {result.Results[^1].Revision}");
        }
    }

    private static async Task WatchAsync(ObjectStore store)
    {
        var expected = store.Revision;
        using var watch = store.Watch("", expected);
        while (true)
        {
            foreach (var change in await watch.ReadAsync(CancellationToken.None))
            {
                if (change.Revision != ++expected)
                {
                    Say($"error the watch delivered {change.Revision} instead of {expected}");
                    return;
                }
            }

            Say($"seen {expected}");
        }
    }

    private static void Say(string line)
    {
        var bytes = Encoding.ASCII.GetBytes(line + "\n");
        lock (OutputLock)
        {
            try
            {
                Output.Write(bytes);
                Output.Flush();
            }
            catch (IOException)
            {
                // The test is gone.
                Environment.Exit(1);
            }
        }
    }
}
