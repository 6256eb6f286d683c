using Hearth.Cluster.Store;

namespace Hearth.Cluster.Tests.Store;

public class KeyTreeTests
{
    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 3_000)]
    [InlineData(3, 20_000)]
    public void The_tree_equals_a_sorted_dictionary_and_old_trees_stay_as_they_were(int seed, int keys)
    {
        var random = new Random(seed);
        var tree = KeyTree.Empty;
        var model = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var old = new List<(KeyTree Tree, List<string> Content)>();
        for (var step = 0; step < 60_000; step++)
        {
            var key = $"{(char)('a' + random.Next(4))}/{random.Next(keys)}";
            var growing = step / 10_000 % 2 == 0;
            if (random.Next(10) < (growing ? 8 : 2))
            {
                tree = tree.Set(new StoredValue(key, default, 0, step));
                model[key] = step;
            }
            else
            {
                tree = tree.Remove(key);
                model.Remove(key);
            }

            if (step % 7_500 == 0)
            {
                old.Add((tree, Content(tree)));
                Content(tree).ShouldBe(model.Select(pair => $"{pair.Key} {pair.Value}"));
                CheckPositions(tree, [.. model.Keys], random);
            }
        }

        foreach (var (was, content) in old)
        {
            Content(was).ShouldBe(content);
        }

        foreach (var key in model.Keys.ToList())
        {
            tree.TryGet(key, out var value).ShouldBeTrue();
            value.ModRevision.ShouldBe(model[key]);
            tree = tree.Remove(key);
        }

        tree.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(10_000)]
    public void A_tree_built_from_sorted_values_holds_them_all(int count)
    {
        var values = Enumerable.Range(0, count).Select(i => new StoredValue($"{i:D6}", default, i, i)).ToList();
        var tree = KeyTree.FromSorted(values);
        tree.Count.ShouldBe(count);
        tree.Range(0, count).ShouldBe(values);
        values.All(value => tree.TryGet(value.Key, out _)).ShouldBeTrue();
    }

    private static List<string> Content(KeyTree tree) => tree.Range(0, tree.Count).Select(value => $"{value.Key} {value.ModRevision}").ToList();

    private static void CheckPositions(KeyTree tree, List<string> keys, Random random)
    {
        for (var i = 0; i < 20; i++)
        {
            var key = $"{(char)('a' + random.Next(5))}/{random.Next(100)}";
            tree.Position(KeyBound.Before(key)).ShouldBe(keys.Count(k => string.CompareOrdinal(k, key) < 0));
            tree.Position(KeyBound.After(key)).ShouldBe(keys.Count(k => string.CompareOrdinal(k, key) <= 0));
            tree.Position(KeyBound.AfterPrefix(key)).ShouldBe(keys.Count(k => string.CompareOrdinal(k, key) < 0 || k.StartsWith(key, StringComparison.Ordinal)));
        }
    }
}
