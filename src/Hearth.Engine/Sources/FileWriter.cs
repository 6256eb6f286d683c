using System.Globalization;
using Hearth.Engine.Binding;
using Hearth.Engine.Duck;
using Hearth.Engine.Plans;
using Hearth.Engine.Printing;
using Hearth.Engine.Session;
using Hearth.Engine.Sql;
using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>Writes relations as directories of files the way Spark does. All files are written to a hidden directory beside the target first
/// and put in place in one step at the end (<see cref="DirectoryCommit"/>); a failed or killed write leaves the target as it was.</summary>
/// <param name="connection">Runs the query.</param>
/// <param name="zone">Session time zone.</param>
/// <param name="conf">Session settings.</param>
internal sealed class FileWriter(DuckConnection connection, TimeZoneInfo zone, Func<string, string?> conf)
{
    /// <summary>Writes.</summary>
    /// <param name="plan">Rows.</param>
    /// <param name="target">Local directory.</param>
    /// <param name="request">Format, mode, partitions, options.</param>
    /// <param name="cancellationToken">Stops; nothing of the target changes then.</param>
    /// <returns>Rows written.</returns>
    public long Write(BoundPlan plan, string target, WriteRequest request, CancellationToken cancellationToken)
    {
        target = Path.TrimEndingDirectorySeparator(target);
        bool exists = Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any();
        if (exists && request.Mode == SaveMode.ErrorIfExists)
        {
            throw new EngineException("PATH_ALREADY_EXISTS", $"Path {target} already exists. Set mode as \"overwrite\" to overwrite the existing path.");
        }

        if (exists && request.Mode == SaveMode.Ignore)
        {
            return 0;
        }

        string format = request.Format ?? conf("spark.sql.sources.default") ?? "parquet";
        Check(plan, format, request.PartitionBy);
        ReaderOptions.CheckWrite(format, request.Options);
        DirectoryCommit.Sweep(target);
        string stage = DirectoryCommit.StageOf(target);
        Directory.CreateDirectory(stage);
        try
        {
            long rows = Stage(plan, stage, format, request, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            bool dynamic = request.Mode == SaveMode.Overwrite && request.PartitionBy.Count > 0
                && string.Equals(request.Options.Get("partitionOverwriteMode") ?? conf("spark.sql.sources.partitionOverwriteMode"), "dynamic", StringComparison.OrdinalIgnoreCase);
            Commit(stage, target, replace: request.Mode == SaveMode.Overwrite && !dynamic, dynamic);
            return rows;
        }
        finally
        {
            if (Directory.Exists(stage))
            {
                Directory.Delete(stage, recursive: true);
            }
        }
    }

    private static void Check(BoundPlan plan, string format, Seq<string> partitions)
    {
        if (format is not ("parquet" or "csv" or "json" or "text"))
        {
            throw Errors.Unsupported($"writing the {format} format", hint: "formats here: parquet, csv, json, text; otherwise run it with `--engine spark`");
        }

        if (plan.Output.GroupBy(a => a.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw new EngineException("COLUMN_ALREADY_EXISTS", $"The column `{twice.Key.ToLowerInvariant()}` already exists. Consider to choose another name or rename the existing column.");
        }

        foreach (string partition in partitions)
        {
            if (!plan.Output.Any(a => Same(a.Name, partition)))
            {
                throw new EngineException("PARTITION_COLUMN_NOT_FOUND_IN_SCHEMA", $"Partition column `{partition}` not found in schema {plan.Schema.SimpleName}.");
            }
        }

        BoundAttribute[] data = [.. plan.Output.Where(a => !partitions.Any(p => Same(p, a.Name)))];
        if (data.Length == 0)
        {
            throw new EngineException("ALL_PARTITION_COLUMNS_NOT_ALLOWED", "Cannot use all columns for partition columns.");
        }

        if (format == "text" && (data.Length != 1 || data[0].Type != SparkType.String))
        {
            throw new EngineException("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", "The text data source supports only a single string column.");
        }

        if (data.FirstOrDefault(a => a.Type == SparkType.Void || a.Type.IsInterval || (format == "csv" && !a.Type.IsAtomic)) is { } bad)
        {
            throw new EngineException("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE", $"The {format} datasource doesn't support the column `{bad.Name}` of the type {Errors.TypeOf(bad.Type)}.");
        }
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private long Stage(BoundPlan plan, string stage, string format, WriteRequest request, CancellationToken cancellationToken)
    {
        int files = plan is BoundRepartition { Partitions: > 1 and var n } ? n : 1;
        FileFormat output = FileFormat.Of(format, request.Options, conf);
        string job = Guid.NewGuid().ToString();
        long most = MostRecords(request.Options);
        bool split = files > 1 || most > 0 || request.PartitionBy.Count > 0;
        string query = Query(plan, output, request.PartitionBy, files, most, out Seq<string> keys);
        string target = split ? stage : Path.Combine(stage, $"part-00000-{job}-c000{output.Extension}");
        string partition = split ? $", PARTITION_BY ({string.Join(", ", keys.Select(DuckTypes.Quote))}), FILENAME_PATTERN 'f{{i}}', OVERWRITE_OR_IGNORE" : "";
        string copy = $"COPY ({query}) TO {DuckTypes.Literal(target)} ({output.CopyOptions}{partition})";
        long rows = 0;
        using (DuckResult result = connection.Query(copy, cancellationToken))
        {
            while (result.NextChunk())
            {
                rows = (long)result.Value(0, 0)!;
            }
        }

        if (split)
        {
            Rename(stage, job, output.Extension, request.PartitionBy.Count > 0, files, counted: most > 0);
        }

        File.WriteAllBytes(Path.Combine(stage, "_SUCCESS"), []);
        if (request.Mark is { } mark)
        {
            File.WriteAllBytes(Path.Combine(stage, mark), []);
        }

        return rows;
    }

    private long MostRecords(Options options)
    {
        string? text = options.Get("maxRecordsPerFile") ?? conf("spark.sql.files.maxRecordsPerFile");
        return text is null ? 0
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long most) ? most
            : throw new EngineException("INVALID_OPTION", $"The option maxRecordsPerFile must be a whole number, but it is '{text}'.", ErrorKind.IllegalArgumentException);
    }

    // Data columns by name; partition columns as Spark's path text; with several files the number of the task, and of the file in it.
    private string Query(BoundPlan plan, FileFormat format, Seq<string> partitions, int files, long most, out Seq<string> keys)
    {
        string rows = SqlPrinter.PrintQuery(plan, zone);
        List<string> data = [], last = [];
        List<string> names = [];
        for (int i = 0; i < plan.Output.Count; i++)
        {
            BoundAttribute column = plan.Output[i];
            string value = string.Create(CultureInfo.InvariantCulture, $"c{i}");
            if (partitions.Any(p => Same(p, column.Name)))
            {
                continue;
            }

            data.Add($"{format.Column(value, column.Type, zone)} AS {DuckTypes.Quote(column.Name)}");
        }

        foreach (string partition in partitions)
        {
            int i = plan.Output.ToList().FindIndex(a => Same(a.Name, partition));
            string text = CastSql.Print(string.Create(CultureInfo.InvariantCulture, $"c{i}"), plan.Output[i].Type, SparkType.String, zone);
            last.Add($"coalesce(nullif({text}, ''), '{FileListing.DefaultPartition}') AS {DuckTypes.Quote(plan.Output[i].Name)}");
            names.Add(plan.Output[i].Name);
        }

        if (files > 1)
        {
            last.Add(string.Create(CultureInfo.InvariantCulture, $"(row_number() OVER () - 1) % {files} AS \"__file\""));
            names.Add("__file");
        }

        if (most > 0)
        {
            string place = files > 1 ? string.Create(CultureInfo.InvariantCulture, $"(row_number() OVER () - 1) // {files}")
                : names.Count > 0 ? $"row_number() OVER (PARTITION BY {string.Join(", ", last.Select(l => l[..l.LastIndexOf(" AS ", StringComparison.Ordinal)]))}) - 1"
                : "row_number() OVER () - 1";
            last.Add(string.Create(CultureInfo.InvariantCulture, $"({place}) // {most} AS \"__part\""));
            names.Add("__part");
        }

        if (format.RowAsLine)
        {
            data = [format.Line(plan, partitions, zone)];
        }

        keys = names.ToSeq();
        return $"SELECT {string.Join(", ", data.Concat(last))} FROM ({rows}) w";
    }

    // DuckDB escapes every special byte of a partition value; Spark only some, and it names the files after the task.
    private static void Rename(string stage, string job, string extension, bool partitioned, int files, bool counted)
    {
        Dictionary<string, int> perDirectory = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(stage, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray())
        {
            string[] parts = Path.GetRelativePath(stage, Path.GetDirectoryName(file)!).Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
            int task = 0, part = 0;
            List<string> kept = [];
            foreach (string step in parts.Where(p => p != "."))
            {
                int equals = step.IndexOf('=', StringComparison.Ordinal);
                string name = Uri.UnescapeDataString(step[..equals]), value = Uri.UnescapeDataString(step[(equals + 1)..]);
                if (name == "__file")
                {
                    task = int.Parse(value, CultureInfo.InvariantCulture);
                }
                else if (name == "__part")
                {
                    part = int.Parse(value, CultureInfo.InvariantCulture);
                }
                else
                {
                    kept.Add($"{PartitionPath.Escape(name)}={PartitionPath.Escape(value)}");
                }
            }

            string directory = Path.Combine([stage, .. kept]);
            Directory.CreateDirectory(directory);
            int count = perDirectory[directory] = perDirectory.GetValueOrDefault(directory, files > 1 ? 0 : -1) + 1;
            int number = files > 1 ? task : counted ? 0 : count;
            int of = counted ? part : files > 1 ? Math.Max(0, count - files) : 0;
            File.Move(file, Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"part-{number:00000}-{job}{(partitioned ? "." : "-")}c{of:000}{extension}")));
        }

        foreach (string directory in Directory.EnumerateDirectories(stage, "*", SearchOption.AllDirectories).OrderByDescending(d => d.Length).ToArray())
        {
            if (!Directory.EnumerateFileSystemEntries(directory).Any())
            {
                Directory.Delete(directory);
            }
        }
    }

    private static void Commit(string stage, string target, bool replace, bool dynamic)
    {
        if (replace)
        {
            DirectoryCommit.Replace(stage, target);
            return;
        }

        string[] files = [.. Directory.EnumerateFiles(stage, "part-*", SearchOption.AllDirectories)];
        if (dynamic)
        {
            HashSet<string> leaves = [.. files.Select(f => Path.GetRelativePath(stage, Path.GetDirectoryName(f)!))];
            DirectoryCommit.Merge(stage, target, path => !leaves.Any(leaf => path == leaf || path.StartsWith(leaf + Path.DirectorySeparatorChar, StringComparison.Ordinal)));
        }
        else if (files.Length > 1 || !Directory.Exists(target))
        {
            DirectoryCommit.Merge(stage, target, _ => true);
        }
        else
        {
            Append(stage, target);
        }
    }

    // One file is there or not: it needs no directory of its own. The data comes before the mark of success.
    private static void Append(string stage, string target)
    {
        foreach (string file in Directory.EnumerateFiles(stage, "*", SearchOption.AllDirectories).OrderBy(f => Path.GetFileName(f)[0] == '_').ToArray())
        {
            string final = Path.Combine(target, Path.GetRelativePath(stage, file));
            Directory.CreateDirectory(Path.GetDirectoryName(final)!);
            File.Move(file, final, overwrite: true);
        }
    }
}

/// <summary>Partition values in directory names.</summary>
internal static class PartitionPath
{
    private const string Special = "\"#%'*/:=?\\{[]^\u007F";

    /// <summary>Escapes as Spark's ExternalCatalogUtils does: control characters and a fixed set of signs.</summary>
    public static string Escape(string value)
    {
        System.Text.StringBuilder text = new(value.Length);
        foreach (char c in value)
        {
            _ = c < ' ' || Special.Contains(c, StringComparison.Ordinal) ? text.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}") : text.Append(c);
        }

        return text.ToString();
    }
}
