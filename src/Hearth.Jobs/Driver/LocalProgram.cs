using Hearth.Jobs.Spark;

namespace Hearth.Jobs.Driver;

/// <summary>A program that has been brought into the container.</summary>
internal sealed record LocalProgram
{
    public required string Path { get; init; }
    public required IReadOnlyList<string> Arguments { get; init; }
    public required bool IsSql { get; init; }

    /// <summary>Interpreter that the settings name, or null.</summary>
    public string? Python { get; init; }

    /// <summary>Directories and archives that Python searches first.</summary>
    public IReadOnlyList<string> PythonPath { get; init; } = [];

    /// <summary>Variables of a SQL file.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A Python script with its py-files, files and archives.</summary>
    public static LocalProgram OfPython(DriverCommandLine command, SparkConf conf, DriverPaths paths)
    {
        var files = DriverPaths.List(conf.Get("spark.submit.pyFiles")).Select(paths.Localize).ToArray();
        paths.Provide(conf, Directory.GetCurrentDirectory());
        return new LocalProgram
        {
            Path = paths.Localize(command.Resource),
            Arguments = command.Arguments,
            IsSql = false,
            Python = conf.Get("spark.pyspark.driver.python") ?? conf.Get("spark.pyspark.python"),
            PythonPath = [.. files.Select(f => f.EndsWith(".py", StringComparison.Ordinal) ? System.IO.Path.GetDirectoryName(f)! : f).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>A SQL file: <c>-f FILE [--hivevar NAME=VALUE]… [--hiveconf NAME=VALUE]…</c>.</summary>
    public static LocalProgram OfSql(DriverCommandLine command, SparkConf conf, DriverPaths paths)
    {
        paths.Provide(conf, Directory.GetCurrentDirectory());
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        string? file = null;
        for (var at = 0; at + 1 < command.Arguments.Count; at += 2)
        {
            var value = command.Arguments[at + 1];
            var equals = value.IndexOf('=', StringComparison.Ordinal);
            switch (command.Arguments[at])
            {
                case "-f":
                    file = value;
                    break;
                case "--hivevar" when equals > 0:
                    variables[value[..equals]] = value[(equals + 1)..];
                    break;
                case "--hiveconf" when equals > 0:
                    variables["hiveconf:" + value[..equals]] = value[(equals + 1)..];
                    break;
                default:
                    throw new DriverException($"a SQL program does not know {command.Arguments[at]} {value}");
            }
        }

        return new LocalProgram
        {
            Path = paths.Localize(file ?? throw new DriverException("a SQL program needs -f FILE")),
            Arguments = [],
            IsSql = true,
            Variables = variables,
        };
    }
}
