using Hearth.Delivery.Cloud;
using Hearth.Delivery.Install;

namespace Hearth.Delivery.Tests;

/// <summary>Programs that answer from a table and remember how they were called.</summary>
internal sealed class FakeTools : ITools
{
    private readonly List<(Func<ToolCall, bool> When, Func<ToolCall, ToolResult> Then)> _answers = [];

    public List<ToolCall> Calls { get; } = [];

    public HashSet<string> Missing { get; } = new(StringComparer.Ordinal);

    /// <summary>Later answers win.</summary>
    public FakeTools Answer(string beginning, string output, int exitCode = 0, string error = "")
    {
        _answers.Insert(0, (c => Text(c).Contains(beginning, StringComparison.Ordinal), _ => new ToolResult(exitCode, output, error)));
        return this;
    }

    /// <summary>Answers that change from call to call.</summary>
    public FakeTools Answer(string beginning, Func<ToolCall, ToolResult> answer)
    {
        _answers.Insert(0, (c => Text(c).Contains(beginning, StringComparison.Ordinal), answer));
        return this;
    }

    public bool Has(string program) => !Missing.Contains(program);

    public Task<ToolResult> RunAsync(ToolCall call, Action<string>? line, CancellationToken cancellation)
    {
        Calls.Add(call);
        var answer = _answers.Find(a => a.When(call)).Then;
        return Task.FromResult(answer?.Invoke(call) ?? new ToolResult(0, "{}", ""));
    }

    public static string Text(ToolCall call) => $"{call.Program} {string.Join(' ', call.Arguments)}";
}

internal sealed class Silence : IDeliveryProgress
{
    public List<string> Skipped { get; } = [];

    public void Starting(Step step, int number, int of)
    {
    }

    public List<string> Lines { get; } = [];

    public void Line(string text) => Lines.Add(text);

    public void Finished(Step step, bool skipped)
    {
        if (skipped)
        {
            Skipped.Add(step.Id);
        }
    }
}
