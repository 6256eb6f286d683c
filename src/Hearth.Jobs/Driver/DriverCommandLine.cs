namespace Hearth.Jobs.Driver;

/// <summary>A driver container that was started with the wrong words, or whose settings cannot be used.</summary>
public sealed class DriverException(string message) : Exception(message);

/// <summary>Arguments of a driver container, as Spark's submission writes them: <c>[driver] --properties-file F --class C RESOURCE ARGS…</c>.</summary>
/// <param name="PropertiesFile">Settings.</param>
/// <param name="MainClass">What kind of program it is.</param>
/// <param name="Resource">The program.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record DriverCommandLine(string PropertiesFile, string MainClass, string Resource, IReadOnlyList<string> Arguments)
{
    /// <summary>Class of Python programs.</summary>
    public const string PythonRunner = "org.apache.spark.deploy.PythonRunner";

    /// <summary>Class of SQL files.</summary>
    public const string SqlDriver = "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver";

    /// <summary>Reads arguments.</summary>
    /// <exception cref="DriverException">They are not those of a driver.</exception>
    public static DriverCommandLine Parse(IReadOnlyList<string> args)
    {
        string? properties = null;
        string? main = null;
        var at = args.Count > 0 && args[0] == "driver" ? 1 : 0;
        for (; at < args.Count && args[at].StartsWith("--", StringComparison.Ordinal); at += 2)
        {
            var value = at + 1 < args.Count ? args[at + 1] : throw new DriverException($"{args[at]} has no value");
            switch (args[at])
            {
                case "--properties-file":
                    properties = value;
                    break;
                case "--class":
                    main = value;
                    break;
                default:
                    throw new DriverException($"a driver does not know the option {args[at]}");
            }
        }

        return at >= args.Count || properties is null || main is null
            ? throw new DriverException("usage: driver --properties-file FILE --class CLASS RESOURCE [ARGUMENTS]")
            : new DriverCommandLine(properties, main, args[at], [.. args.Skip(at + 1)]);
    }
}
