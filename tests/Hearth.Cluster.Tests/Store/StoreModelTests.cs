using System.Globalization;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.Tests.Store;

/// <summary>Random operations beside a model that keeps every state ever reached.</summary>
public class StoreModelTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_store_behaves_like_a_list_of_states(int seed)
    {
        var random = new Random(seed);
        await using var f = new StoreFixture(o => o with
        {
            SnapshotAfterBytes = random.Next(300, 20_000),
            History = o.History with { MaxChanges = random.Next(5, 300) },
        });
        var model = new Model();
        for (var step = 0; step < 250; step++)
        {
            await Step(f, model, random);
            Compare(f, model, random);
        }

        await f.Reopen();
        Compare(f, model, random);
        await CompareWatch(f, model, "", f.Store.CompactedRevision);
    }

    private static async Task Step(StoreFixture f, Model model, Random random)
    {
        switch (random.Next(100))
        {
            case < 4:
                await f.Reopen();
                break;
            case < 12:
                await CompareWatch(f, model, RandomPrefix(random), random.NextInt64(f.Store.CompactedRevision, f.Store.Revision + 1));
                break;
            default:
                var mutations = Enumerable.Range(0, random.Next(8) == 0 ? random.Next(2, 6) : 1).Select(_ => RandomMutation(model, random)).ToList();
                var result = await f.Store.CommitAsync(mutations, default);
                model.Apply(mutations).ShouldBe(result.Committed);
                break;
        }
    }

    private static Mutation RandomMutation(Model model, Random random)
    {
        var key = $"{(char)('a' + random.Next(3))}/{random.Next(40)}";
        var current = model.Now.TryGetValue(key, out var value) ? value.Mod : 0;
        long? expected = random.Next(4) switch { 0 => null, 1 => random.Next(0, 50), _ => current };
        return random.Next(3) == 0
            ? Mutation.Delete(key, expected)
            : Mutation.Put(key, StoreFixture.Bytes(new string((char)('A' + random.Next(26)), random.Next(0, 200))), expected);
    }

    private static string RandomPrefix(Random random) => random.Next(5) switch { 0 => "", 1 => "a", 2 => "b/1", 3 => "nothing", _ => "c/" };

    private static void Compare(StoreFixture f, Model model, Random random)
    {
        f.Store.Revision.ShouldBe(model.Revision);
        var prefix = RandomPrefix(random);
        var at = random.NextInt64(f.Store.CompactedRevision, f.Store.Revision + 1);
        var limit = random.Next(1, 30);
        var after = random.Next(2) == 0 ? null : $"b/{random.Next(40)}";
        var expected = model.States[(int)at]
            .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(pair.Key, after) > 0))
            .Select(pair => Show(pair.Key, pair.Value)).ToList();
        var slice = f.Store.List(prefix, after, limit, at);
        slice.Items.Select(Show).ShouldBe(expected.Take(limit));
        slice.Remaining.ShouldBe(Math.Max(0, expected.Count - limit));
        slice.Revision.ShouldBe(at);
        foreach (var (key, value) in model.Now.Take(3))
        {
            Show(f.Store.Get(key)!.Value).ShouldBe(Show(key, value));
        }
    }

    private static async Task CompareWatch(StoreFixture f, Model model, string prefix, long after)
    {
        using var watch = f.Store.Watch(prefix, after);
        var expected = model.Changes.Skip((int)after).Where(change => change.Key.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        if (expected.Count == 0)
        {
            watch.Revision.ShouldBe(model.Revision);
            return;
        }

        var changes = await watch.ReadAsync(default);
        changes.Select(change => (change.Type, change.Current.Key, change.Revision)).ShouldBe(expected);
        foreach (var change in changes)
        {
            var before = model.States[(int)change.Revision - 1];
            (change.Previous is { } previous ? Show(previous) : null)
                .ShouldBe(before.TryGetValue(change.Current.Key, out var value) ? Show(change.Current.Key, value) : null);
        }
    }

    private static string Show(StoredValue value) => Show(value.Key, new Entry(StoreFixture.Text(value), value.CreateRevision, value.ModRevision));

    private static string Show(string key, Entry entry) => string.Create(CultureInfo.InvariantCulture, $"{key} {entry.Value} {entry.Create} {entry.Mod}");

    private sealed record Entry(string Value, long Create, long Mod);

    private sealed class Model
    {
        public List<SortedDictionary<string, Entry>> States { get; } = [new(StringComparer.Ordinal)];

        public List<(ChangeType Type, string Key, long Revision)> Changes { get; } = [];

        public SortedDictionary<string, Entry> Now => States[^1];

        public long Revision => States.Count - 1;

        public bool Apply(List<Mutation> mutations)
        {
            var (states, changes) = (States.Count, Changes.Count);
            foreach (var mutation in mutations)
            {
                var current = Now.GetValueOrDefault(mutation.Key);
                if ((mutation.ExpectedModRevision is { } expected && expected != (current?.Mod ?? 0)) || (mutation.Type == ChangeType.Delete && current is null))
                {
                    States.RemoveRange(states, States.Count - states);
                    Changes.RemoveRange(changes, Changes.Count - changes);
                    return false;
                }

                var next = new SortedDictionary<string, Entry>(Now, StringComparer.Ordinal);
                if (mutation.Type == ChangeType.Put)
                {
                    next[mutation.Key] = new Entry(System.Text.Encoding.UTF8.GetString(mutation.Value.Span), current?.Create ?? States.Count, States.Count);
                }
                else
                {
                    next.Remove(mutation.Key);
                }

                Changes.Add((mutation.Type, mutation.Key, States.Count));
                States.Add(next);
            }

            return true;
        }
    }
}
