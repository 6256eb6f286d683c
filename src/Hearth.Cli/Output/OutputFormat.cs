using System.CommandLine;

namespace Hearth.Cli.Output;

/// <summary>How a listing is written.</summary>
public enum OutputFormat
{
    Table,
    Json,
    Yaml,
    Csv,
}

/// <summary>The <c>--output</c> option, the same on every command that lists something.</summary>
internal static class OutputOption
{
    public static Option<string> Create(string defaultFormat = "table", bool csv = false)
    {
        string[] formats = csv ? ["table", "json", "csv"] : ["table", "json", "yaml"];
        var option = new Option<string>("--output", "-o")
        {
            Description = "How to print the result.",
            HelpName = string.Join('|', formats),
            DefaultValueFactory = _ => defaultFormat,
        };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    public static OutputFormat Read(ParseResult parsed, Option<string> option) => parsed.GetValue(option) switch
    {
        "json" => OutputFormat.Json,
        "yaml" => OutputFormat.Yaml,
        "csv" => OutputFormat.Csv,
        _ => OutputFormat.Table,
    };
}
