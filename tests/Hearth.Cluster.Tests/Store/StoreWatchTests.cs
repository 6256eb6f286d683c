using Hearth.Cluster.Store;

namespace Hearth.Cluster.Tests.Store;

public class StoreWatchTests
{
    [Fact]
    public async Task A_watch_gets_history_and_live_changes_of_its_prefix_in_order()
    {
        await using var f = new StoreFixture();
        await f.Put("k/a", "1");
        await f.Put("other", "1");
        await f.Put("k/a", "2");
        using var watch = f.Store.Watch("k/", 1);
        var first = await watch.ReadAsync(default);
        first.ShouldHaveSingleItem().Revision.ShouldBe(3);
        first[0].Previous!.Value.ModRevision.ShouldBe(1);
        var waiting = watch.ReadAsync(default).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        await f.Put("other", "2");
        await f.Delete("k/a");
        var deleted = (await waiting).ShouldHaveSingleItem();
        deleted.Type.ShouldBe(ChangeType.Delete);
        deleted.Current.ModRevision.ShouldBe(5);
        StoreFixture.Text(deleted.Current).ShouldBe("2");
    }

    [Fact]
    public async Task The_revision_of_a_watch_advances_with_changes_of_other_keys()
    {
        await using var f = new StoreFixture();
        using var watch = f.Store.Watch("k/", 0);
        await f.Put("other", "1");
        watch.Revision.ShouldBe(1);
        await f.Put("k/a", "1");
        await f.Put("other", "2");
        watch.Revision.ShouldBe(0, "the change of k/a has not been read");
        (await watch.ReadAsync(default)).Count.ShouldBe(1);
        watch.Revision.ShouldBe(3);
    }

    [Fact]
    public async Task A_watch_from_before_the_history_is_refused_with_what_is_held()
    {
        await using var f = new StoreFixture(o => o with { History = o.History with { MaxChanges = 3 } });
        for (var i = 0; i < 10; i++)
        {
            await f.Put("k", $"{i}");
        }

        f.Store.CompactedRevision.ShouldBe(7);
        var e = Should.Throw<CompactedException>(() => f.Store.Watch("", 6));
        (e.Requested, e.Compacted, e.Current).ShouldBe((6, 7, 10));
        Should.Throw<CompactedException>(() => f.Store.List("", atRevision: 6));
        using var watch = f.Store.Watch("", 7);
        (await watch.ReadAsync(default)).Select(change => change.Revision).ShouldBe([8, 9, 10]);
        Should.Throw<FutureRevisionException>(() => f.Store.Watch("", 11));
    }

    [Fact]
    public async Task History_is_bounded_by_age_and_bytes_too()
    {
        var time = new ManualTime();
        await using var f = new StoreFixture(o => o with { Time = time, History = new HistoryWindow(TimeSpan.FromMinutes(5), 1000, 10_000) });
        await f.Put("a", "1");
        time.Advance(TimeSpan.FromMinutes(4));
        await f.Put("b", "1");
        f.Store.CompactedRevision.ShouldBe(0);
        time.Advance(TimeSpan.FromMinutes(2));
        await f.Put("c", "1");
        f.Store.CompactedRevision.ShouldBe(1);
        await f.Put("d", new string('x', 20_000));
        f.Store.CompactedRevision.ShouldBe(4);
    }

    [Fact]
    public async Task A_watch_that_is_not_read_ends_and_says_so_while_others_go_on()
    {
        await using var f = new StoreFixture(o => o with { WatchBuffer = 5 });
        using var slow = f.Store.Watch("", 0);
        using var other = f.Store.Watch("other", 0);
        for (var i = 0; i < 7; i++)
        {
            await f.Put("k", $"{i}");
        }

        var e = await Should.ThrowAsync<CompactedException>(async () => await slow.ReadAsync(default));
        e.Message.ShouldContain("list again");
        await f.Put("other", "1");
        (await other.ReadAsync(default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Disposing_or_closing_ends_a_waiting_read_and_cancelling_does_not_end_the_watch()
    {
        await using var f = new StoreFixture();
        var watch = f.Store.Watch("", 0);
        using var stop = new CancellationTokenSource();
        var cancelled = watch.ReadAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        await f.Put("a", "1");
        (await watch.ReadAsync(default)).Count.ShouldBe(1);
        var waiting = watch.ReadAsync(default).AsTask();
        watch.Dispose();
        (await waiting).ShouldBeEmpty();

        using var second = f.Store.Watch("", 1);
        var closing = second.ReadAsync(default).AsTask();
        await f.Store.DisposeAsync();
        (await closing).ShouldBeEmpty();
        await f.Reopen();
    }

    [Fact]
    public async Task Watches_started_under_load_see_every_revision_once()
    {
        await using var f = new StoreFixture();
        const int Writes = 2000;
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < Writes / 4; i++)
            {
                await f.Put($"{w}/{i % 7}", $"{i}");
            }
        })));
        var watchers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            var from = f.Store.Revision;
            var expected = from;
            using var watch = f.Store.Watch("", from);
            while (expected < Writes)
            {
                foreach (var change in await watch.ReadAsync(default))
                {
                    change.Revision.ShouldBe(++expected);
                }
            }
        })).ToList();
        await writers;
        await Task.WhenAll(watchers).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private sealed class ManualTime : TimeProvider
    {
        private DateTimeOffset _now = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan by) => _now += by;
    }
}
