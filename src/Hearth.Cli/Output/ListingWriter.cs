using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Platform.Yaml;
using Spectre.Console;

namespace Hearth.Cli.Output;

/// <summary>Writes a <see cref="Listing"/> to standard output in the format asked for.</summary>
internal static class ListingWriter
{
    private const int UnlimitedWidth = 4096;
    private const string Bold = "\e[1m";
    private const string Plain = "\e[0m";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(CliContext context, OutputFormat format, Listing listing)
    {
        switch (format)
        {
            case OutputFormat.Json:
                WriteJson(context, listing.Document);
                break;
            case OutputFormat.Yaml:
                context.Out.Write(YamlWriter.Write(listing.Document));
                break;
            case OutputFormat.Csv:
                WriteCsv(context, listing);
                break;
            default:
                WriteTable(context, listing);
                break;
        }
    }

    public static void WriteJson(CliContext context, JsonNode document) =>
        context.Out.WriteLine(document.ToJsonString(Indented));

    /// <summary>A terminal console for live progress; plain text when the output is a pipe or a file.</summary>
    public static IAnsiConsole Console(CliContext context)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(context.Out),
            Ansi = context.OutIsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = context.Colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = context.OutIsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!context.OutIsTerminal)
        {
            console.Profile.Width = UnlimitedWidth;
        }

        return console;
    }

    /// <summary>
    /// Aligned by spaces and never cut or wrapped, on a terminal too: what <c>awk</c>, <c>grep</c> and a person's mouse expect,
    /// and what kubectl does.
    /// </summary>
    private static void WriteTable(CliContext context, Listing listing)
    {
        var widths = listing.Columns.Select((c, i) => listing.Rows.Select(r => r[i].Length).Append(c.Length).Max()).ToArray();
        var heading = Line(listing.Columns);
        context.Print(context.Colour ? $"{Bold}{heading}{Plain}" : heading);
        foreach (var row in listing.Rows)
        {
            context.Print(Line(row));
        }

        string Line(IReadOnlyList<string> cells) => string.Join("   ", cells.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd();
    }

    private static void WriteCsv(CliContext context, Listing listing)
    {
        foreach (var row in listing.Rows.Prepend(listing.Columns))
        {
            CsvLine.Write(context.Out, row);
        }
    }
}
