namespace Hearth.Aws.S3.Storage;

/// <summary>Lists the keys of a bucket page by page.</summary>
/// <param name="tree">Where the files are.</param>
/// <param name="reader">Reads directories.</param>
/// <param name="describe">An object from bucket, key, size and time of its file.</param>
internal sealed class ObjectListing(ObjectTree tree, DirectoryReader reader, Func<string, string, long, DateTime, ObjectInfo> describe)
{
    /// <summary>One page of the keys of a bucket.</summary>
    public ListPage Page(string bucket, ListQuery query)
    {
        var walker = new KeyWalker(tree, reader, bucket, query.Prefix, query.After);
        if (query is { AfterIsPrefix: true, After: not null })
        {
            walker.Skip(query.After);
        }
        using var directory = new CurrentDirectory(tree);
        var objects = new List<ObjectInfo>();
        var prefixes = new List<string>();
        var (last, lastIsPrefix) = ((string?)null, false);
        while (query.MaxKeys > 0 && walker.MoveNext())
        {
            if (directory.Stat(walker.FilePath) is not { IsRegular: true } file)
            {
                continue;
            }
            var common = CommonPrefix(walker.Key, query);
            if (objects.Count + prefixes.Count == query.MaxKeys)
            {
                return new ListPage(objects, prefixes, true, last, lastIsPrefix);
            }
            if (common is null)
            {
                objects.Add(describe(bucket, walker.Key, file.Size, file.Modified));
                (last, lastIsPrefix) = (walker.Key, false);
            }
            else
            {
                walker.Skip(common);
                prefixes.Add(common);
                (last, lastIsPrefix) = (common, true);
            }
        }
        return new ListPage(objects, prefixes, false, last, lastIsPrefix);
    }

    private static string? CommonPrefix(string key, ListQuery query)
    {
        if (string.IsNullOrEmpty(query.Delimiter))
        {
            return null;
        }
        var at = key.IndexOf(query.Delimiter, query.Prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + query.Delimiter.Length)];
    }
}
