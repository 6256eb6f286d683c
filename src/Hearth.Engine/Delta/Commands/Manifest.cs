using Hearth.Engine.Delta.Log;
using Hearth.Engine.Delta.Read;
using Hearth.Engine.Sources;

namespace Hearth.Engine.Delta.Commands;

/// <summary><c>_symlink_format_manifest</c>: text files that name the live data files, for readers that know no Delta (Athena, Presto).</summary>
internal sealed class Manifest(DeltaTable table)
{
    private string Root => Path.Combine(table.Location.Root, "_symlink_format_manifest");

    /// <summary>GENERATE symlink_format_manifest: all partitions.</summary>
    public void Generate(Snapshot state)
    {
        Check(state);
        Dictionary<string, List<string>> partitions = Group(state, state.Files.Values);
        if (state.Metadata.PartitionColumns.Count == 0)
        {
            partitions.TryAdd("", []);
        }

        Write(partitions);
        if (!Directory.Exists(Root))
        {
            return;
        }

        foreach (string file in Directory.EnumerateFiles(Root, "manifest", SearchOption.AllDirectories).ToArray())
        {
            string directory = Path.GetRelativePath(Root, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '/');
            if (!partitions.ContainsKey(directory == "." ? "" : directory))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>After a commit: the partitions that it touched; all when there is no manifest yet.</summary>
    public void Update(Snapshot state, IReadOnlyList<DeltaAction> actions)
    {
        if (!Directory.Exists(Root) || actions.OfType<Metadata>().Any() || state.Metadata.PartitionColumns.Count == 0)
        {
            Generate(state);
            return;
        }

        Check(state);
        HashSet<string> touched = [.. actions.OfType<AddFile>().Select(a => DirectoryOf(state, a.PartitionValues)), .. actions.OfType<RemoveFile>().Select(r => DirectoryOf(state, r.PartitionValues ?? new Dictionary<string, string?>(StringComparer.Ordinal)))];
        Dictionary<string, List<string>> all = Group(state, state.Files.Values.Where(f => touched.Contains(DirectoryOf(state, f.PartitionValues))));
        Write(all);
        foreach (string gone in touched.Where(t => !all.ContainsKey(t)))
        {
            File.Delete(Path.Combine(Root, gone, "manifest"));
        }
    }

    private static void Check(Snapshot state)
    {
        if (state.Files.Values.Any(f => f.Vector is not null))
        {
            throw DeltaErrors.Unsupported("symlink_format_manifest of a table with deletion vectors");
        }

        if ((state.Metadata.Property("delta.columnMapping.mode") ?? "none") != "none")
        {
            throw DeltaErrors.Unsupported("symlink_format_manifest of a table with column mapping");
        }
    }

    private Dictionary<string, List<string>> Group(Snapshot state, IEnumerable<AddFile> files)
    {
        Dictionary<string, List<string>> partitions = new(StringComparer.Ordinal);
        foreach (AddFile file in files.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            string directory = DirectoryOf(state, file.PartitionValues);
            (partitions.TryGetValue(directory, out List<string>? list) ? list : partitions[directory] = []).Add(table.Location.UriOf(file.Path));
        }

        return partitions;
    }

    private static string DirectoryOf(Snapshot state, IReadOnlyDictionary<string, string?> values)
    {
        IEnumerable<string> parts = DeltaColumn.Of(state.Metadata).Where(c => c.Partition).OrderBy(c => state.Metadata.PartitionColumns.ToList().FindIndex(p => string.Equals(p, c.Field.Name, StringComparison.OrdinalIgnoreCase)))
            .Select(c => $"{PartitionPath.Escape(c.Field.Name)}={(values.GetValueOrDefault(c.Physical) is { Length: > 0 } v ? PartitionPath.Escape(v) : FileListing.DefaultPartition)}");
        return string.Join('/', parts);
    }

    private void Write(Dictionary<string, List<string>> partitions)
    {
        foreach ((string directory, List<string> files) in partitions)
        {
            string target = Path.Combine(Root, directory, "manifest");
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            string temporary = $"{target}.{Guid.NewGuid():N}.tmp";
            File.WriteAllText(temporary, string.Concat(files.Select(f => f + "\n")));
            File.Move(temporary, target, overwrite: true);
        }
    }
}
