using System.Globalization;
using Hearth.Cli.CommandLine;
using Hearth.Delivery.Install;

namespace Hearth.Cli.Commands.Deploy;

/// <summary>Progress as lines: one when a step begins, what its program says indented, one when it was already done.</summary>
internal sealed class StepLines(CliContext context) : IDeliveryProgress
{
    private readonly Lock _lines = new();

    public void Starting(Step step, int number, int of) => Say(string.Create(CultureInfo.InvariantCulture, $"[{number}/{of}] {step.Title}"));

    public void Line(string text) => Say($"        {text}");

    public void Finished(Step step, bool skipped)
    {
        if (skipped)
        {
            Say("        already done");
        }
    }

    private void Say(string line)
    {
        lock (_lines)
        {
            context.Say(line);
        }
    }
}
