using System.CommandLine;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Plan;

/// <summary>What a trace is played with.</summary>
/// <param name="File">The trace.</param>
/// <param name="Seed">Of everything that chance decides.</param>
/// <param name="SpotInterruptions">How often a spot node is taken back, on average an hour.</param>
internal sealed record TraceSettings(string File, int Seed, double SpotInterruptions);

/// <summary>Options of <c>hearth plan</c> that are about traces.</summary>
internal sealed record TraceOptions(Option<string?> Trace, Option<int?> Seed, Option<double?> SpotInterruptions)
{
    public static TraceOptions Create()
    {
        var options = new TraceOptions(
            new Option<string?>("--trace") { Description = "Play a trace of submissions in place of one request: a file with one JSON object a line.", HelpName = "FILE" },
            new Option<int?>("--seed") { Description = "Of what chance decides in a trace [default: the declaration's].", HelpName = "N" },
            new Option<double?>("--spot-interruptions") { Description = "How often a spot node is taken back in a trace, on average an hour [default: as declared].", HelpName = "N" });
        options.SpotInterruptions.Validators.Add(r =>
        {
            if (r.GetValueOrDefault<double?>() is not (null or >= 0 and <= 60))
            {
                r.AddError("--spot-interruptions: a number from 0 to 60 was expected");
            }
        });
        return options;
    }

    public void AddTo(Command command)
    {
        command.Add(Trace);
        command.Add(Seed);
        command.Add(SpotInterruptions);
    }

    /// <summary>Null when no trace was given.</summary>
    public TraceSettings? Read(ParseResult parsed, SimulationSettings declared) => parsed.GetValue(Trace) is { } file
        ? new TraceSettings(file, parsed.GetValue(Seed) ?? declared.Seed, parsed.GetValue(SpotInterruptions) ?? declared.Spot.InterruptionsPerHour)
        : null;
}
