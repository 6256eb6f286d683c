using FsCheck;
using FsCheck.Fluent;
using Hearth.Jobs.Controllers.Queueing;

namespace Hearth.Jobs.Tests.Controllers.Queueing;

public sealed class RunSlotsTests
{
    private const string Cluster = "vc1";

    [Fact]
    public void Without_a_limit_everybody_has_a_slot_at_once()
    {
        var slots = new RunSlots();
        slots.Observe(Cluster, "a", At(1), RunPlace.Waiting).ShouldBe(["a"]);
        slots.Observe(Cluster, "b", At(2), RunPlace.Waiting).ShouldBe(["b"]);
        slots.Holds("b").ShouldBeTrue();
    }

    [Fact]
    public void With_a_limit_the_next_begins_when_one_ends_first_come_first_served()
    {
        var slots = new RunSlots();
        slots.Limit(Cluster, 1);
        slots.Observe(Cluster, "first", At(1), RunPlace.Waiting).ShouldBe(["first"]);
        slots.Observe(Cluster, "third", At(3), RunPlace.Waiting).ShouldBeEmpty();
        slots.Observe(Cluster, "second", At(2), RunPlace.Waiting).ShouldBeEmpty();
        slots.Observe(Cluster, "first", At(1), RunPlace.Active).ShouldBeEmpty();
        slots.Observe(Cluster, "first", At(1), RunPlace.Ended).ShouldBe(["second"]);
        slots.Holds("third").ShouldBeFalse();
        slots.Forget("second").ShouldBe(["third"]);
    }

    [Fact]
    public void Lowering_a_limit_ends_nothing_and_raising_it_wakes_the_next()
    {
        var slots = new RunSlots();
        slots.Observe(Cluster, "a", At(1), RunPlace.Active);
        slots.Observe(Cluster, "b", At(2), RunPlace.Active);
        slots.Limit(Cluster, 1).ShouldBeEmpty();
        (slots.Holds("a"), slots.Holds("b")).ShouldBe((true, true));
        slots.Observe(Cluster, "c", At(3), RunPlace.Waiting).ShouldBeEmpty();
        slots.Observe(Cluster, "a", At(1), RunPlace.Ended).ShouldBeEmpty();
        slots.Limit(Cluster, 2).ShouldBe(["c"]);
    }

    [Fact]
    public void One_cluster_does_not_wait_for_another()
    {
        var slots = new RunSlots();
        slots.Limit("x", 1);
        slots.Observe("x", "a", At(1), RunPlace.Active);
        slots.Observe("y", "b", At(2), RunPlace.Waiting).ShouldBe(["b"]);
    }

    /// <summary>Whatever happens in whatever order: nobody is granted a slot above the limit, nobody overtakes, no slot stays empty while somebody waits.</summary>
    [Fact]
    public void Slots_are_neither_lost_nor_given_twice_and_nobody_overtakes()
    {
        var change = Gen.Choose(0, 999).Select(n => (Run: n % 12, Kind: n / 12 % 5, Limit: n / 60 % 5));
        Prop.ForAll(Arb.From(Gen.ListOf(change)), changes => Holds(changes)).QuickCheckThrowOnFailure();
    }

    private static bool Holds(IEnumerable<(int Run, int Kind, int Limit)> changes)
    {
        var slots = new RunSlots();
        int? limit = null;
        var places = new Dictionary<int, RunPlace>();
        foreach (var (run, kind, next) in changes)
        {
            var held = places.Where(p => p.Value != RunPlace.Ended && slots.Holds(Name(p.Key))).Select(p => p.Key).ToHashSet();
            IReadOnlyList<string> granted;
            if (kind == 4)
            {
                limit = next == 0 ? null : next;
                granted = slots.Limit(Cluster, limit);
            }
            else
            {
                var place = Next(places.GetValueOrDefault(run, RunPlace.Waiting), kind);
                places[run] = place;
                granted = slots.Observe(Cluster, Name(run), At(run), place);
            }

            var alive = places.Where(p => p.Value != RunPlace.Ended).Select(p => p.Key).ToArray();
            var holders = alive.Where(r => slots.Holds(Name(r))).ToArray();
            var waiting = alive.Except(holders).ToArray();
            var fresh = granted.Select(g => int.Parse(g, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
            var withinLimit = limit is null || fresh.Length == 0 || holders.Length <= limit;
            var fair = fresh.All(f => waiting.All(w => w > f)) && fresh.SequenceEqual(fresh.Order());
            var busy = waiting.Length == 0 || (limit is not null && holders.Length >= limit);
            var active = places.Where(p => p.Value == RunPlace.Active).All(p => slots.Holds(Name(p.Key)));
            var kept = held.Where(alive.Contains).All(holders.Contains);
            if (!(withinLimit && fair && busy && active && kept))
            {
                return false;
            }
        }

        return true;
    }

    // A run that ended stays ended; one on the cluster does not wait again.
    private static RunPlace Next(RunPlace now, int kind) => now == RunPlace.Ended ? RunPlace.Ended : kind switch
    {
        0 => now,
        1 or 2 => now == RunPlace.Waiting && kind == 2 ? RunPlace.Active : now,
        _ => RunPlace.Ended,
    };

    private static string Name(int run) => run.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static DateTimeOffset At(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);
}
