using FsCheck;
using FsCheck.Fluent;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.Tests.S3;

public sealed class ListingTests : IDisposable
{
    private readonly TemporaryStorage s3 = new();

    [Fact]
    public void Pages_of_any_size_give_what_a_sorted_list_of_keys_gives()
    {
        var segments = Gen.Elements("a", "b", "a-", "a.", "", "..", "ab", "é", "😀", new string('l', 260));
        var keys = segments.NonEmptyListOf().Select(s => string.Join('/', s.Take(4))).Where(k => k.Length is > 0 and < 900);
        var cases = from all in keys.NonEmptyListOf()
                    from prefix in Gen.Elements("", "a", "a/", "a/a", "b/", "a//", "/", "nothing")
                    from delimiter in Gen.Elements<string?>(null, "/", "a", "/a")
                    from size in Gen.Choose(1, 4)
                    select (Keys: all.Take(12).Distinct().ToArray(), prefix, delimiter, size);
        Prop.ForAll(cases.ToArbitrary(), c => Same(c.Keys, c.prefix, c.delimiter, c.size)).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public async Task A_large_directory_is_listed_in_pages_without_reading_it_again()
    {
        for (var i = 0; i < 3000; i++)
        {
            File.WriteAllText(Path.Combine(s3.Bucket, $"k{i:D5}"), "");
        }
        await Task.Delay(150);
        var seen = new List<string>();
        string? after = null;
        while (true)
        {
            var page = s3.Storage.List("data", new ListQuery { After = after });
            seen.AddRange(page.Objects.Select(o => o.Key));
            if (!page.IsTruncated)
            {
                break;
            }
            after = page.Last;
        }
        seen.ShouldBe(Enumerable.Range(0, 3000).Select(i => $"k{i:D5}"));
        File.WriteAllText(Path.Combine(s3.Bucket, "k00000a"), "");
        s3.Keys("k00000").ShouldBe(["k00000", "k00000a"]);
    }

    [Fact]
    public void Empty_directories_are_no_prefixes()
    {
        Directory.CreateDirectory(Path.Combine(s3.Bucket, "empty/er"));
        s3.Storage.List("data", new ListQuery { Delimiter = "/" }).CommonPrefixes.ShouldBeEmpty();
    }

    private static bool Same(string[] keys, string prefix, string? delimiter, int size)
    {
        using var fresh = new TemporaryStorage();
        foreach (var key in keys)
        {
            fresh.PutAsync(key).GetAwaiter().GetResult();
        }
        var given = new List<string>();
        var query = new ListQuery { Prefix = prefix, Delimiter = delimiter, MaxKeys = size };
        while (true)
        {
            var page = fresh.Storage.List("data", query);
            given.AddRange(page.Objects.Select(o => o.Key).Concat(page.CommonPrefixes).Order(Utf8Order.Instance));
            if (!page.IsTruncated)
            {
                break;
            }
            query = query with { After = page.Last, AfterIsPrefix = page.LastIsPrefix };
        }
        given.ShouldBe(Model(keys, prefix, delimiter));
        return true;
    }

    private static IReadOnlyList<string> Model(string[] keys, string prefix, string? delimiter) =>
    [
        .. keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k =>
        {
            var at = delimiter is null ? -1 : k.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
            return at < 0 ? k : k[..(at + delimiter!.Length)];
        }).Distinct().Order(Utf8Order.Instance),
    ];

    public void Dispose() => s3.Dispose();
}
