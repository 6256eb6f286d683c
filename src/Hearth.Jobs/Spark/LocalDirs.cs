using System.Globalization;
using System.Text.Json.Nodes;

namespace Hearth.Jobs.Spark;

/// <summary>Shuffle and spill directories of a container. Source: Spark 3.5.3, LocalDirsFeatureStep.</summary>
internal static class LocalDirs
{
    private const string Marker = "spark-local-dir-";

    /// <summary>
    /// Sets <c>SPARK_LOCAL_DIRS</c>: the mounts whose volumes are named <c>spark-local-dir-*</c>, else an emptyDir for each wanted path. A path at which
    /// something else is mounted already is used as it is: a second mount there would make the pod invalid.
    /// </summary>
    /// <param name="draft">The pod, all other mounts already in it.</param>
    /// <param name="conf">Settings.</param>
    /// <param name="inherited">Directories that win over <c>spark.local.dir</c>: those of the driver, for executors.</param>
    /// <param name="fallback">The path when nothing is said, for example <c>/var/data/spark-…</c>.</param>
    public static void Apply(PodDraft draft, SparkConf conf, string? inherited, string fallback)
    {
        var dirs = draft.Mounts.Where(m => m.Volume.StartsWith(Marker, StringComparison.Ordinal)).Select(m => m.Path).ToArray();
        if (dirs.Length == 0)
        {
            dirs = (inherited ?? conf.Get("spark.local.dir", fallback)).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            AddEmptyDirs(draft, dirs, conf.Flag("spark.kubernetes.local.dirs.tmpfs", false));
        }

        draft.Env("SPARK_LOCAL_DIRS", string.Join(',', dirs));
    }

    private static void AddEmptyDirs(PodDraft draft, string[] dirs, bool inMemory)
    {
        var taken = draft.Mounts.Select(m => m.Path.TrimEnd('/')).ToHashSet(StringComparer.Ordinal);
        var defined = (draft.Spec["volumes"] as JsonArray ?? []).Select(v => v?["name"]?.ToString() ?? "").ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < dirs.Length; i++)
        {
            if (taken.Contains(dirs[i].TrimEnd('/')))
            {
                continue;
            }

            var name = Marker + (i + 1).ToString(CultureInfo.InvariantCulture);
            if (defined.Add(name))
            {
                draft.Volume(name, "emptyDir", inMemory ? new JsonObject { ["medium"] = "Memory" } : []);
            }

            draft.Mount(name, dirs[i]);
        }
    }
}
