using System.Diagnostics;
using System.Globalization;
using Hearth.Cluster.Store;
using Hearth.Store.CrashHost;

namespace Hearth.Cluster.Tests.Store;

/// <summary>
/// Kills a writing process with SIGKILL at random moments, again and again on the same directory, and checks after each kill what the store holds. The number of
/// kills is HEARTH_CRASH_KILLS (default 40).
/// </summary>
public class CrashTests(ITestOutputHelper output)
{
    private const int Writers = 4;
    private const int Lines = 2;

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("HEARTH_CRASH_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : 40;

    [Fact]
    public async Task Kill_minus_nine_loses_nothing_acknowledged_and_watches_resume()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs SIGKILL");
        var seed = Environment.TickCount;
        var totals = await Task.WhenAll(Enumerable.Range(0, Lines).Select(line => Task.Run(() => new CrashLine(seed + line).RunAsync(Kills / Lines))));
        output.WriteLine($"seed {seed}: {Kills / Lines * Lines} kills, {totals.Sum(t => t.Acknowledged)} acknowledged writes, "
            + $"{totals.Sum(t => t.InFlightKept)} in flight survived, {totals.Sum(t => t.Torn)} torn tails, {totals.Sum(t => t.WhileOpening)} kills while opening");
        totals.Sum(t => t.Acknowledged).ShouldBeGreaterThan(Kills);
    }

    /// <summary>One directory and the processes that were killed on it.</summary>
    private sealed class CrashLine(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly int[] _nextStep = [.. Enumerable.Repeat(1, Writers)];
        private readonly SortedDictionary<string, string>[] _models = [.. Enumerable.Range(0, Writers).Select(_ => new SortedDictionary<string, string>(StringComparer.Ordinal))];

        public int Acknowledged { get; private set; }

        public int InFlightKept { get; private set; }

        public int Torn { get; private set; }

        public int WhileOpening { get; private set; }

        public async Task<CrashLine> RunAsync(int kills)
        {
            var directory = Directory.CreateTempSubdirectory("hearth-crash-").FullName;
            for (var kill = 0; kill < kills; kill++)
            {
                var lines = await KillOneAsync(directory);
                await CheckAsync(directory, lines);
            }

            Directory.Delete(directory, recursive: true);
            return this;
        }

        private async Task<List<string[]>> KillOneAsync(string directory)
        {
            var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Hearth.Store.CrashHost"), [directory, .. _nextStep.Select(step => step.ToString(CultureInfo.InvariantCulture))])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            using var host = Process.Start(start)!;
            var whileOpening = _random.Next(20) == 0;
            if (whileOpening)
            {
                await Task.Delay(_random.Next(30, 150));
                host.Kill();
                WhileOpening++;
            }

            var lines = new List<string[]>();
            var killAfter = _random.Next(1, 120);
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            using var registration = deadline.Token.Register(host.Kill);
            for (var seen = 0; await host.StandardOutput.ReadLineAsync() is { } line; seen++)
            {
                lines.Add(line.Split(' '));
                if (seen == killAfter && !whileOpening)
                {
                    host.Kill();
                }
            }

            await host.WaitForExitAsync();
            deadline.IsCancellationRequested.ShouldBeFalse($"seed {seed}: the process stopped writing after {lines.Count} lines");
            return lines;
        }

        private async Task CheckAsync(string directory, List<string[]> lines)
        {
            lines.Where(line => line[0] == "error").ShouldBeEmpty();
            await using var store = ObjectStore.Open(Program.Options(directory));
            Torn += store.Recovery.CutFile is null ? 0 : 1;
            var acks = lines.Where(line => line[0] == "ack").Select(line => (Writer: Number(line[1]), Step: Number(line[2]), Revision: Number(line[3]))).ToList();
            Acknowledged += acks.Count;
            var seen = lines.Where(line => line[0] is "seen" or "open").Select(line => (long)Number(line[1])).DefaultIfEmpty(store.Revision).Max();
            store.Revision.ShouldBeGreaterThanOrEqualTo(acks.Select(ack => (long)ack.Revision).Append(seen).Max(), "a revision somebody saw was taken back");
            for (var writer = 0; writer < Writers; writer++)
            {
                CheckWriter(store, writer, acks.Where(ack => ack.Writer == writer).Select(ack => ack.Step).DefaultIfEmpty(0).Max());
            }

            await CheckWatchAsync(store, seen);
        }

        /// <summary>The store holds exactly the steps up to the last acknowledged one, or one more that was in flight, as a whole.</summary>
        private void CheckWriter(ObjectStore store, int writer, int acknowledged)
        {
            var model = _models[writer];
            for (; _nextStep[writer] <= acknowledged; _nextStep[writer]++)
            {
                Workload.Apply(model, Workload.Step(writer, _nextStep[writer]));
            }

            var held = string.Join('\n', store.List(Workload.Prefix(writer)).Items.Select(item => $"{item.Key}={StoreFixture.Text(item)}"));
            if (held == Show(model))
            {
                return;
            }

            Workload.Apply(model, Workload.Step(writer, _nextStep[writer]++));
            held.ShouldBe(Show(model), $"seed {seed}: writer {writer} after step {acknowledged}");
            InFlightKept++;
        }

        private static async Task CheckWatchAsync(ObjectStore store, long seen)
        {
            if (seen == store.Revision)
            {
                return;
            }

            using var watch = store.Watch("", seen);
            var changes = await watch.ReadAsync(default);
            changes.Select(change => change.Revision).ShouldBe(Enumerable.Range(1, (int)(store.Revision - seen)).Select(i => seen + i));
            foreach (var last in changes.GroupBy(change => change.Current.Key).Select(group => group.Last()))
            {
                (store.Get(last.Current.Key)?.ModRevision).ShouldBe(last.Type == ChangeType.Put ? last.Revision : null);
            }
        }

        private static string Show(SortedDictionary<string, string> model) => string.Join('\n', model.Select(pair => $"{pair.Key}={pair.Value}"));

        private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }
}
