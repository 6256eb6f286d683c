using System.Text.Json.Nodes;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Output;

namespace Hearth.Cli.Tests;

public sealed class OutputTests
{
    private static readonly Listing People = new(["NAME", "SAYS"], [["Ann", "a,b \"c\""], ["Bartholomew", ""]], new JsonArray("Ann"));

    [Fact]
    public void A_table_in_a_pipe_is_plain_aligned_and_never_wrapped() =>
        Write(OutputFormat.Table).ShouldBe("NAME          SAYS\nAnn           a,b \"c\"\nBartholomew\n");

    [Fact]
    public void On_a_terminal_the_heading_is_bold_and_nothing_else_changes()
    {
        var output = new StringWriter { NewLine = "\n" };
        var context = new CliContext { Out = output, Error = TextWriter.Null, OutIsTerminal = true, Environment = _ => null };

        ListingWriter.Write(context, OutputFormat.Table, People);

        output.ToString().ShouldBe("\e[1mNAME          SAYS\e[0m\nAnn           a,b \"c\"\nBartholomew\n");
    }

    [Fact]
    public void Csv_is_quoted_as_rfc_4180_says() =>
        Write(OutputFormat.Csv).ShouldBe("NAME,SAYS\r\nAnn,\"a,b \"\"c\"\"\"\r\nBartholomew,\r\n");

    [Theory]
    [InlineData(true, null, "xterm", true)]
    [InlineData(true, "1", "xterm", false)]
    [InlineData(true, null, "dumb", false)]
    [InlineData(false, null, "xterm", false)]
    public void Colour_needs_a_terminal_and_nobody_against_it(bool terminal, string? noColour, string term, bool colour) =>
        new CliContext
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            OutIsTerminal = terminal,
            Environment = name => name == "NO_COLOR" ? noColour : name == "TERM" ? term : null,
        }.Colour.ShouldBe(colour);

    private static string Write(OutputFormat format)
    {
        var output = new StringWriter { NewLine = "\n" };
        ListingWriter.Write(new CliContext { Out = output, Error = TextWriter.Null, Environment = _ => null }, format, People);
        return output.ToString();
    }
}
