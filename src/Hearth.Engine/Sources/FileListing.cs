using Hearth.Engine.Types;
using System.Globalization;

namespace Hearth.Engine.Sources;

/// <summary>The data files of a relation, with the partition columns that their directory names declare.</summary>
/// <param name="Files">Absolute paths, sorted.</param>
/// <param name="Partitions">Partition columns in the order of the directories, with inferred types.</param>
internal sealed record FileListing(IReadOnlyList<string> Files, IReadOnlyList<StructField> Partitions)
{
    /// <summary>The column of the files' names where they are asked for.</summary>
    public const string NameColumn = "__hearth_file";

    /// <summary>Whether readers give the name of each row's file as <see cref="NameColumn"/>.</summary>
    public bool Named { get; init; }

    public const string DefaultPartition = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>Lists files as Spark does: names beginning with <c>_</c> or <c>.</c> are hidden, directories are read recursively.</summary>
    /// <exception cref="EngineException">PATH_NOT_FOUND.</exception>
    public static FileListing Of(IEnumerable<string> paths, Func<string, string> resolve, bool inferTypes) => Of(paths, resolve, inferTypes, null);

    /// <summary>Lists the files that a reader's options choose. Without <c>recursiveFileLookup</c> directories that declare no partition are not entered.</summary>
    /// <exception cref="EngineException">PATH_NOT_FOUND.</exception>
    public static FileListing Of(IEnumerable<string> paths, Func<string, string> resolve, bool inferTypes, FileChoice? choice)
    {
        List<string> files = [];
        List<string[]> keys = [];
        HashSet<string> top = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            string local = resolve(path);
            bool objects = ObjectLinks.IsObjectPath(path);
            string[] roots = [.. Expand(local).Where(root => !objects || !ObjectLinks.Leads(Globs.FixedPart(local), root))];
            if (roots.Length == 0)
            {
                throw new EngineException("PATH_NOT_FOUND", $"Path does not exist: {Display(path, local)}.");
            }

            foreach (string root in roots)
            {
                Collect(root, root, objects, files, keys);
                top.Add(root);
                // As the directory of a file in it is written, whatever slashes the path has.
                top.Add(Path.GetDirectoryName(Path.Combine(root, "_"))!);
            }
        }

        return choice is null ? new FileListing(files, Infer(keys, inferTypes)) : Chosen(files, keys, top, inferTypes, choice);
    }

    private static FileListing Chosen(List<string> files, List<string[]> keys, HashSet<string> top, bool inferTypes, FileChoice choice)
    {
        int[] kept = [.. Enumerable.Range(0, files.Count).Where(i => choice.Takes(files[i]))];
        if (!choice.Recursive && kept.All(i => keys[i].Length == 0))
        {
            kept = [.. kept.Where(i => top.Contains(files[i]) || top.Contains(Path.GetDirectoryName(files[i])!))];
        }

        return new FileListing([.. kept.Select(i => files[i])], choice.Recursive ? [] : Infer([.. kept.Select(i => keys[i])], inferTypes));
    }

    /// <summary>A listing of these files; partition values are those in their directories' names.</summary>
    public static FileListing OfFiles(IReadOnlyList<string> files, bool inferTypes) =>
        new([.. files], Infer([.. files.Select(f => PartsOf(f, Path.GetPathRoot(f)))], inferTypes));

    private static string Display(string path, string local) => path.Contains(':', StringComparison.Ordinal) ? path : "file:" + local;

    private static IEnumerable<string> Expand(string path)
    {
        if (!path.AsSpan().ContainsAny("*?[{"))
        {
            return File.Exists(path) || Directory.Exists(path) ? [path] : [];
        }

        return Globs.Expand(path);
    }

    private static void Collect(string root, string path, bool objects, List<string> files, List<string[]> keys)
    {
        if (File.Exists(path))
        {
            files.Add(path);
            keys.Add(path == root ? PartsOf(path, null) : PartsOf(path, root));
            return;
        }

        foreach (string entry in Directory.EnumerateFileSystemEntries(path).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(entry);
            bool hidden = name[0] is '.' || (name[0] == '_' && !name.Contains('=', StringComparison.Ordinal)) || name.EndsWith("._COPYING_", StringComparison.Ordinal);
            if (!hidden && !(objects && ObjectLinks.Is(entry)))
            {
                Collect(root, entry, objects, files, keys);
            }
        }
    }

    // `name=value` directories between the root and the file.
    private static string[] PartsOf(string file, string? root) => root is null
        ? []
        : [.. Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar).Where(p => p.IndexOf('=', StringComparison.Ordinal) > 0)];

    private static List<StructField> Infer(List<string[]> keys, bool inferTypes)
    {
        string[]? first = keys.FirstOrDefault(k => k.Length > 0);
        if (first is null)
        {
            return [];
        }

        string[] names = [.. first.Select(Name)];
        if (keys.Any(k => !k.Select(Name).SequenceEqual(names, StringComparer.Ordinal)))
        {
            throw new EngineException("CONFLICTING_PARTITION_COLUMN_NAMES", $"Conflicting partition column names detected: {string.Join(" and ", keys.Select(k => string.Join("/", k.Select(Name))).Distinct(StringComparer.Ordinal).Take(2))}.", hint: "read the partitioned directories one by one");
        }

        return [.. names.Select((name, i) => new StructField(name, inferTypes ? TypeOf(keys.Select(k => Value(k[i]))) : SparkType.String))];
    }

    private static string Name(string part) => Uri.UnescapeDataString(part[..part.IndexOf('=', StringComparison.Ordinal)]);

    private static string Value(string part) => Uri.UnescapeDataString(part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    /// <summary>Int, long, double, date, timestamp or string: the narrowest that holds all values.</summary>
    private static SparkType TypeOf(IEnumerable<string> values)
    {
        SparkType? type = null;
        foreach (string value in values.Distinct(StringComparer.Ordinal).Where(v => v != DefaultPartition))
        {
            SparkType own = Narrowest(value);
            type = type is null ? own : Wider(type, own);
        }

        return type ?? SparkType.String;
    }

    private static SparkType Narrowest(string value)
    {
        const NumberStyles Integer = NumberStyles.AllowLeadingSign;
        return int.TryParse(value, Integer, CultureInfo.InvariantCulture, out _) ? SparkType.Int
            : long.TryParse(value, Integer, CultureInfo.InvariantCulture, out _) ? SparkType.Long
            : value.Length > 0 && char.IsAsciiDigit(value[^1]) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? SparkType.Double
            : value.Length == 10 && Formatting.DateTimeReader.Date(value) is not null ? SparkType.Date
            : value.Length > 10 && Formatting.DateTimeReader.LocalMicros(value) is not null ? SparkType.Timestamp
            : SparkType.String;
    }

    private static SparkType Wider(SparkType a, SparkType b)
    {
        if (a == b)
        {
            return a;
        }

        if (a.IsNumeric && b.IsNumeric)
        {
            return a == SparkType.Double || b == SparkType.Double ? SparkType.Double : SparkType.Long;
        }

        return (a == SparkType.Date || a == SparkType.Timestamp) && (b == SparkType.Date || b == SparkType.Timestamp) ? SparkType.Timestamp : SparkType.String;
    }
}
