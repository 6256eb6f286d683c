using System.Diagnostics;
using System.Globalization;
using Hearth.Engine.CrashHost;
using Hearth.Engine.Session;

namespace Hearth.Engine.Tests;

/// <summary>
/// Kills a process that changes tables with SIGKILL at random moments, again and again on the same warehouse. After each kill every table is as it was before
/// the step that was under way, or as after it. The number of kills is HEARTH_CRASH_KILLS (default 6).
/// </summary>
public sealed class TableCrashTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _warehouse = Directory.CreateTempSubdirectory("hearth-table-crash-").FullName;
    private readonly Dictionary<string, int> _done = Workload.Kinds.ToDictionary(k => k, _ => -1, StringComparer.Ordinal);
    private readonly SortedSet<int> _appended = [], _added = [];
    private int _next;

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("HEARTH_CRASH_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out int kills) ? kills : 6;

    public void Dispose() => Directory.Delete(_warehouse, recursive: true);

    [Fact]
    public async Task A_killed_writer_leaves_every_table_as_before_its_step_or_as_after_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs SIGKILL");
        using (EngineSession session = EngineSession.Open(Workload.Options(_warehouse)))
        {
            Workload.Prepare(session);
        }

        int seed = Environment.TickCount, kept = 0;
        Random random = new(seed);
        for (int kill = 0; kill < Kills; kill++)
        {
            int? under = await KillAsync(random);
            kept += Check(under) ? 1 : 0;
        }

        output.WriteLine($"seed {seed}: {Kills} kills, {_next} steps, {kept} of the steps under way had happened");
        _next.ShouldBeGreaterThan(0);
    }

    /// <summary>Lets the writer do some steps and kills it.</summary>
    /// <returns>The step that was under way, or null.</returns>
    private async Task<int?> KillAsync(Random random)
    {
        ProcessStartInfo start = new(Path.Combine(AppContext.BaseDirectory, "Hearth.Engine.CrashHost"), [_warehouse, _next.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process host = Process.Start(start)!;
        Task<string> errors = host.StandardError.ReadToEndAsync();
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(2));
        await using CancellationTokenRegistration registration = deadline.Token.Register(host.Kill);
        int steps = random.Next(1, Workload.Kinds.Count + 3);
        int? under = null;
        while (await host.StandardOutput.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            if (words[0] == "begin")
            {
                under = Number(words[1]);
                if (--steps == 0)
                {
                    // Anywhere inside of the step: most take a few milliseconds to a few dozens.
                    Thread.SpinWait(random.Next(1, 2_000_000));
                    host.Kill();
                }
            }
            else if (words[0] == "ack")
            {
                Did(under!.Value);
                under = null;
            }
        }

        await host.WaitForExitAsync(CancellationToken.None);
        (await errors).ShouldBeEmpty();
        return under;
    }

    private void Did(int step)
    {
        _done[Workload.KindOf(step)] = step;
        _ = Workload.KindOf(step) == "append" ? _appended.Add(step) : Workload.KindOf(step) == "delta-append" && _added.Add(step);
        _next = step + 1;
    }

    /// <returns>Whether the step under way has happened.</returns>
    private bool Check(int? under)
    {
        using EngineSession session = EngineSession.Open(Workload.Options(_warehouse));
        string kind = under is { } step ? Workload.KindOf(step) : "";
        bool happened = false;
        void One(string of, string query)
        {
            int[] found = [.. Rows(session, query).Select(r => Number(r))];
            found.Length.ShouldBe(1, $"{of}: one step's rows, not a mixture: {string.Join(", ", found)}");
            happened |= kind == of && found[0] == under;
            (found[0] == _done[of] || (kind == of && found[0] == under)).ShouldBeTrue($"{of}: rows of step {found[0]}, done {_done[of]}, under way {under}");
        }

        void Many(string of, string query, SortedSet<int> done, int rows)
        {
            Dictionary<int, int> found = Rows(session, query).Select(r => r.Split(',')).ToDictionary(r => Number(r[0]), r => Number(r[1]));
            found.Values.ShouldAllBe(n => n == rows, $"{of}: whole appends only");
            happened |= kind == of && found.ContainsKey(under!.Value);
            string.Join(',', found.Keys.Where(k => !(kind == of && k == under)).Order()).ShouldBe(string.Join(',', done), of);
        }

        One("overwrite", "SELECT DISTINCT v FROM overwritten");
        Rows(session, "SELECT count(*), count(DISTINCT id) FROM overwritten").ShouldBe(["60,60"]);
        One("dynamic", "SELECT DISTINCT v FROM dynamically WHERE part < 3");
        Rows(session, "SELECT count(*) FROM dynamically WHERE part >= 3 AND v = -1").ShouldBe(["40"]);
        Rows(session, "SELECT count(*) FROM dynamically WHERE part < 3").ShouldBe(["60"]);
        Many("append", "SELECT v, count(*) FROM appended GROUP BY v", _appended, 30);
        One("delta-merge", "SELECT DISTINCT v FROM delta WHERE id < 1000");
        Rows(session, "SELECT count(*) FROM delta WHERE id < 1000").ShouldBe(["100"]);
        Many("delta-append", "SELECT v, count(*) FROM delta WHERE id >= 1000 GROUP BY v", _added, 10);
        One("view", "SELECT v FROM seen");
        One("property", "SHOW TBLPROPERTIES appended ('step')");
        Follow(under, happened);
        return happened;
    }

    // The writer goes on after the step that was under way.
    private void Follow(int? under, bool happened)
    {
        if (under is { } step)
        {
            if (happened)
            {
                Did(step);
            }

            _next = step + 1;
        }
    }

    private static int Number(string text) => int.Parse(text.Split(',')[^1], CultureInfo.InvariantCulture);

    private static string[] Rows(EngineSession session, string sql)
    {
        using QueryResult result = session.Run(session.Execute(sql).Relation);
        return [.. result.Rows().Select(r => string.Join(',', r.Select(v => v is null ? "NULL" : string.Create(CultureInfo.InvariantCulture, $"{v}"))))];
    }
}
