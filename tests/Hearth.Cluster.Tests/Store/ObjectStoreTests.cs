using Hearth.Cluster.Store;
using static Hearth.Cluster.Tests.Store.StoreFixture;

namespace Hearth.Cluster.Tests.Store;

public class ObjectStoreTests
{
    [Fact]
    public async Task A_written_value_is_read_back_with_its_revisions()
    {
        await using var f = new StoreFixture();
        f.Store.Revision.ShouldBe(0);
        (await f.Put("a", "1")).ShouldBe(1);
        (await f.Put("a", "2")).ShouldBe(2);
        var value = f.Store.Get("a")!.Value;
        Text(value).ShouldBe("2");
        value.CreateRevision.ShouldBe(1);
        value.ModRevision.ShouldBe(2);
        f.Store.Get("b").ShouldBeNull();
    }

    [Fact]
    public async Task A_conflict_says_what_stands_there_and_writes_nothing()
    {
        await using var f = new StoreFixture();
        await f.Put("a", "1", 0);
        var exists = await f.TryPut("a", "2", 0);
        exists.Committed.ShouldBeFalse();
        Text(exists.Current).ShouldBe("1");
        (await f.TryPut("a", "2", 7)).Committed.ShouldBeFalse();
        (await f.TryPut("missing", "2", 7)).ShouldBe(new WriteResult(false, 1, null));
        (await f.Delete("a", 9)).Committed.ShouldBeFalse();
        (await f.Delete("missing")).ShouldBe(new WriteResult(false, 1, null));
        f.Store.Revision.ShouldBe(1);
        (await f.TryPut("a", "2", 1)).Committed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_deleted_key_is_created_anew()
    {
        await using var f = new StoreFixture();
        await f.Put("a", "1");
        var deleted = await f.Delete("a", 1);
        deleted.Revision.ShouldBe(2);
        Text(deleted.Current).ShouldBe("1");
        deleted.Current!.Value.ModRevision.ShouldBe(2);
        await f.Put("a", "3", 0);
        f.Store.Get("a")!.Value.CreateRevision.ShouldBe(3);
    }

    [Fact]
    public async Task A_list_is_ordered_by_ordinal_key_and_pages_without_gap()
    {
        await using var f = new StoreFixture();
        foreach (var key in new[] { "p/b", "p/a/z", "p/a", "p-x", "q", "p/ä", "P/a" })
        {
            await f.Put(key, "v");
        }

        f.Store.List("p/").Items.Select(item => item.Key).ShouldBe(["p/a", "p/a/z", "p/b", "p/ä"]);
        f.Store.List("").Items.Count.ShouldBe(7);
        var first = f.Store.List("p/", limit: 3);
        first.Remaining.ShouldBe(1);
        first.More.ShouldBeTrue();
        var second = f.Store.List("p/", startAfter: first.Items[^1].Key, limit: 3);
        second.Items.Select(item => item.Key).ShouldBe(["p/ä"]);
        second.More.ShouldBeFalse();
        f.Store.List("p/", startAfter: "z").Items.ShouldBeEmpty();
        f.Store.List("p/b", startAfter: "a").Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_list_at_an_earlier_revision_shows_that_state()
    {
        await using var f = new StoreFixture();
        await f.Put("k/a", "1");
        await f.Put("k/b", "1");
        await f.Put("other", "1");
        await f.Put("k/a", "2");
        await f.Delete("k/b");
        await f.Put("k/c", "1");
        f.Keys("k/").ShouldBe("k/a=2 k/c=1");
        f.Keys("k/", 5).ShouldBe("k/a=2");
        f.Keys("k/", 4).ShouldBe("k/a=2 k/b=1");
        f.Keys("k/", 3).ShouldBe("k/a=1 k/b=1");
        f.Keys("k/", 0).ShouldBe("");
        f.Store.List("k/", atRevision: 3).Revision.ShouldBe(3);
        Should.Throw<FutureRevisionException>(() => f.Store.List("k/", atRevision: 7)).Current.ShouldBe(6);
    }

    [Fact]
    public async Task A_transaction_is_all_or_nothing_and_sees_its_own_writes()
    {
        await using var f = new StoreFixture();
        await f.Put("a", "1");
        var refused = await f.Store.CommitAsync([Mutation.Put("b", Bytes("1")), Mutation.Put("b", Bytes("2"), 0)], default);
        refused.Committed.ShouldBeFalse();
        refused.ConflictIndex.ShouldBe(1);
        refused.Results.ShouldBe([new WriteResult(false, 1, null)]);
        f.Store.Get("b").ShouldBeNull();
        var done = await f.Store.CommitAsync([Mutation.Put("b", Bytes("1"), 0), Mutation.Delete("a", 1), Mutation.Put("b", Bytes("2"), 2)], default);
        done.Committed.ShouldBeTrue();
        done.Results.Select(result => result.Revision).ShouldBe([2, 3, 4]);
        f.Keys("").ShouldBe("b=2");
    }

    [Fact]
    public async Task A_cancelled_write_is_not_written()
    {
        await using var f = new StoreFixture();
        await Should.ThrowAsync<OperationCanceledException>(async () => await f.Store.PutAsync("a", Bytes("1"), null, new CancellationToken(true)));
        f.Store.Revision.ShouldBe(0);
    }

    [Fact]
    public async Task A_key_that_cannot_be_stored_is_refused()
    {
        await using var f = new StoreFixture();
        foreach (var key in new[] { "", new string((char)0xD800, 1), new string('k', ObjectStore.MaxKeyBytes + 1) })
        {
            await Should.ThrowAsync<ArgumentException>(async () => await f.TryPut(key, "1"));
        }
    }

    [Fact]
    public async Task A_closed_store_refuses_writes_but_has_kept_the_queued_ones()
    {
        await using var f = new StoreFixture();
        var writes = Enumerable.Range(0, 50).Select(i => f.Put($"k{i}", "v")).ToList();
        await f.Store.DisposeAsync();
        await Task.WhenAll(writes);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await f.TryPut("a", "1"));
        await f.Reopen();
        f.Store.List("k").Items.Count.ShouldBe(50);
    }

    [Fact]
    public async Task Concurrent_increments_of_one_counter_lose_none()
    {
        await using var f = new StoreFixture();
        await f.Put("n", "0");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 50;)
            {
                var current = f.Store.Get("n")!.Value;
                var next = (int.Parse(Text(current)) + 1).ToString();
                done += (await f.TryPut("n", next, current.ModRevision)).Committed ? 1 : 0;
            }
        })));
        Text(f.Store.Get("n")).ShouldBe("400");
    }
}
