namespace Hearth.Jobs.Spark;

/// <summary>
/// Reads options as <c>spark-submit</c> does: the line is split like a shell splits it, <c>--opt value</c> and <c>--opt=value</c> are the same,
/// an unknown option is an error. Source: Spark 3.5.3, SparkSubmitOptionParser and SparkSubmitArguments.
/// </summary>
public sealed class SubmitParametersParser
{
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["--archives"] = "spark.archives",
        ["--driver-class-path"] = "spark.driver.extraClassPath",
        ["--driver-cores"] = "spark.driver.cores",
        ["--driver-java-options"] = "spark.driver.extraJavaOptions",
        ["--driver-library-path"] = "spark.driver.extraLibraryPath",
        ["--driver-memory"] = "spark.driver.memory",
        ["--exclude-packages"] = "spark.jars.excludes",
        ["--executor-cores"] = "spark.executor.cores",
        ["--executor-memory"] = "spark.executor.memory",
        ["--files"] = "spark.files",
        ["--jars"] = "spark.jars",
        ["--keytab"] = "spark.kerberos.keytab",
        ["--name"] = "spark.app.name",
        ["--num-executors"] = "spark.executor.instances",
        ["--packages"] = "spark.jars.packages",
        ["--principal"] = "spark.kerberos.principal",
        ["--py-files"] = "spark.submit.pyFiles",
        ["--repositories"] = "spark.jars.repositories",
    };

    private static readonly HashSet<string> WithoutEffect = new(StringComparer.Ordinal) { "--queue", "--total-executor-cores" };

    private static readonly HashSet<string> SetByService = new(StringComparer.Ordinal) { "--master", "--deploy-mode" };

    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["--kill"] = "cancel the job run instead",
        ["--status"] = "describe the job run instead",
        ["--remote"] = "a job run starts its own driver; leave it out",
        ["--proxy-user"] = "the execution role decides what a job may do; leave it out",
        ["--help"] = "leave it out",
        ["-h"] = "leave it out",
        ["--version"] = "leave it out",
        ["--usage-error"] = "leave it out",
    };

    private readonly SubmitTool _tool;
    private readonly Dictionary<string, string> _conf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _variables = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private string? _mainClass;
    private string? _propertiesFile;

    private SubmitParametersParser(SubmitTool tool) => _tool = tool;

    /// <summary>Reads a line; null or blank is no options.</summary>
    /// <exception cref="SubmitParametersException">An option is unknown, incomplete, or cannot be honoured.</exception>
    public static SubmitParameters Parse(string? line, SubmitTool tool = SubmitTool.SparkSubmit)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return SubmitParameters.None;
        }

        try
        {
            return new SubmitParametersParser(tool).Read(ShellWords.Split(line));
        }
        catch (FormatException e)
        {
            throw new SubmitParametersException(e.Message);
        }
    }

    private SubmitParameters Read(IReadOnlyList<string> words)
    {
        for (var at = 0; at < words.Count; at++)
        {
            var (name, value) = Option(words[at]);
            if (IsSwitch(name))
            {
                continue;
            }

            if (Refused.TryGetValue(name, out var way))
            {
                throw new SubmitParametersException($"the option {name} is not possible in a job run: {way}");
            }

            value ??= ++at < words.Count ? words[at] : throw new SubmitParametersException($"Missing argument for option '{name}'.");
            Take(name, value);
        }

        var conf = SparkConf.Of(_conf).With(_options);
        Check(conf);
        return new SubmitParameters(conf, _mainClass, _variables, _warnings) { PropertiesFile = _propertiesFile };
    }

    // Source: Spark 3.5.3, SparkSubmitArguments.validateSubmitArguments.
    private static void Check(SparkConf conf)
    {
        Positive(conf, "spark.driver.memory", "Driver memory", IsSize);
        Positive(conf, "spark.executor.memory", "Executor memory", IsSize);
        Positive(conf, "spark.executor.cores", "Executor cores", IsNumber);
        if (!string.Equals(conf.Get("spark.dynamicAllocation.enabled"), "true", StringComparison.OrdinalIgnoreCase))
        {
            Positive(conf, "spark.executor.instances", "Number of executors", IsNumber);
        }
    }

    private static void Positive(SparkConf conf, string key, string what, Func<string, string, bool> holds)
    {
        if (conf.Get(key) is { } value && !holds(key, value))
        {
            throw new SubmitParametersException($"{what} must be a positive number, but {key} is {value}");
        }
    }

    private static bool IsNumber(string key, string text) => int.TryParse(text.Trim(), out var number) && number > 0;

    private static bool IsSize(string key, string text)
    {
        try
        {
            return SparkUnits.Mebibytes(key, text) > 0;
        }
        catch (Exception e) when (e is SparkConfException or OverflowException)
        {
            return false;
        }
    }

    private static (string Name, string? Value) Option(string word)
    {
        if (!word.StartsWith('-'))
        {
            throw new SubmitParametersException($"'{word}' is not an option; the program goes into entryPoint, its arguments into entryPointArguments");
        }

        var equals = word.StartsWith("--", StringComparison.Ordinal) ? word.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (word, null) : (word[..equals], word[(equals + 1)..]);
    }

    private bool IsSwitch(string name)
    {
        switch (name)
        {
            case "--verbose" or "-v":
                return true;
            case "-S" or "--silent" when _tool == SubmitTool.SparkSql:
                return true;
            case "--supervise":
                _warnings.Add("--supervise has no effect on Kubernetes");
                return true;
            default:
                return false;
        }
    }

    private void Take(string name, string value)
    {
        if (name is "--conf" or "-c")
        {
            Setting(value);
        }
        else if (name == "--properties-file")
        {
            _propertiesFile = value;
        }
        else if (name == "--class")
        {
            _mainClass = value;
        }
        else if (Keys.TryGetValue(name, out var key))
        {
            _options[key] = value;
        }
        else if (WithoutEffect.Contains(name))
        {
            _warnings.Add($"{name} has no effect on Kubernetes");
        }
        else if (SetByService.Contains(name))
        {
            _warnings.Add($"{name} is set by the service; {value} is ignored");
        }
        else if (_tool != SubmitTool.SparkSql || !TakeSql(name, value))
        {
            throw new SubmitParametersException($"Unrecognized option '{name}'.{Near(name)}");
        }
    }

    private void Setting(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new SubmitParametersException($"Spark config without '=': {text}");
        }

        var key = text[..equals].Trim();
        if (key.StartsWith("spark.", StringComparison.Ordinal))
        {
            _conf[key] = text[(equals + 1)..];
        }
        else
        {
            _warnings.Add($"Ignoring non-Spark config property: {key}");
        }
    }

    private bool TakeSql(string name, string value)
    {
        switch (name.TrimStart('-'))
        {
            case "hivevar" or "define" or "d":
                var equals = value.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                {
                    throw new SubmitParametersException($"{name} {value}: name=value was expected");
                }

                _variables[value[..equals]] = value[(equals + 1)..];
                return true;
            case "database":
                _options["spark.hearth.sql.database"] = value;
                return true;
            case "hiveconf":
                var at = value.IndexOf('=', StringComparison.Ordinal);
                if (at <= 0)
                {
                    throw new SubmitParametersException($"{name} {value}: name=value was expected");
                }

                _variables["hiveconf:" + value[..at]] = value[(at + 1)..];
                _warnings.Add($"{name} {value[..at]} only names a variable: there is no Hive");
                return true;
            case "e" or "f" or "i":
                throw new SubmitParametersException($"the option {name} is not possible in a job run: entryPoint names the SQL file");
            default:
                return false;
        }
    }

    private static string Near(string name)
    {
        var near = Spelling.Nearest(name, Keys.Keys.Concat(["--conf", "--class", "--properties-file", "--verbose"]));
        return near is null ? "" : $" Did you mean {near}?";
    }
}
