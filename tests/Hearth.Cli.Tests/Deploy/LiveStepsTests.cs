using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Deploy;
using Hearth.Delivery.Install;

namespace Hearth.Cli.Tests.Deploy;

/// <summary>The view of a deployment on a terminal.</summary>
public sealed class LiveStepsTests
{
    private const string Event = "p-network |  3/25 | 12:00:01 PM | CREATE_IN_PROGRESS   | AWS::EC2::VPC | Network/Vpc (NetworkVpc1)";
    private static readonly DateTimeOffset Begin = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly LiveStep Step = new("[2/17] Network", Begin, null, "");

    [Fact]
    public void A_line_says_step_time_resources_and_what_happens()
    {
        Step.Text(Begin.AddSeconds(7), 120).ShouldBe("[2/17] Network  7 s");
        (Step with { Event = StackEvent.Parse(Event) }).Text(Begin.AddSeconds(75), 120).ShouldBe("[2/17] Network  1 min 15 s  3 of 25 resources  CREATE_IN_PROGRESS AWS::EC2::VPC");
        (Step with { Last = "waiting for pods" }).Text(Begin, 120).ShouldBe("[2/17] Network  0 s  waiting for pods");
    }

    [Theory]
    [InlineData(80)]
    [InlineData(10)]
    [InlineData(2)]
    public void A_line_fits_the_terminal(int width) => (Step with { Last = new string('x', 300) }).Text(Begin, width).Length.ShouldBeLessThan(width);

    [Fact]
    public void Steps_that_have_ended_stay_as_lines_and_failed_resources_too()
    {
        var (error, clock) = (new StringWriter(), new Still());
        using (var view = new LiveSteps(new CliContext { Out = TextWriter.Null, Error = error, Environment = _ => null, Clock = clock }, () => 120))
        {
            var step = Hearth.Delivery.Install.Step.Stack("p-network", "Network");
            view.Starting(step, 1, 2);
            view.Line(Event);
            view.Line(Event.Replace("CREATE_IN_PROGRESS", "CREATE_FAILED", StringComparison.Ordinal));
            clock.Now += TimeSpan.FromMinutes(2);
            view.Finished(step, skipped: false);
            view.Starting(step, 2, 2);
        }

        Kept(error).ShouldBe(
        [
            "        p-network |  3/25 | 12:00:01 PM | CREATE_FAILED   | AWS::EC2::VPC | Network/Vpc (NetworkVpc1)",
            "[1/2] Network  done in 2 min 00 s, 3 of 25 resources",
            "[2/2] Network  not done, after 0 s",
        ]);
    }

    [Fact]
    public async Task What_is_stopped_says_how_to_go_on()
    {
        using var stop = new CancellationTokenSource();
        var context = new CliContext { Out = TextWriter.Null, Error = new StringWriter(), Environment = _ => null };
        var stopped = await Should.ThrowAsync<CliException>(() => Progress.ShowAsync<int>(context, "hearth deploy", async _ =>
        {
            await stop.CancelAsync();
            stop.Token.ThrowIfCancellationRequested();
            return 0;
        }, stop.Token));

        stopped.ExitCode.ShouldBe(ExitCodes.Interrupted);
        stopped.Hint.ShouldBe("What is done stays done, and CloudFormation ends what it has begun. Run hearth deploy again: it waits for that and goes on.");
    }

    [Fact]
    public async Task Without_a_terminal_there_are_plain_lines()
    {
        var error = new StringWriter();
        var context = new CliContext { Out = TextWriter.Null, Error = error, Environment = _ => null };
        await Progress.ShowAsync(context, "hearth deploy", progress =>
        {
            progress.Starting(Hearth.Delivery.Install.Step.Stack("p-network", "Network"), 1, 2);
            return Task.FromResult(0);
        }, CancellationToken.None);

        error.ToString().ShouldBe($"[1/2] Network{Environment.NewLine}");
    }

    /// <summary>What a person still sees: of each line, what was last written to it.</summary>
    private static string[] Kept(StringWriter error) =>
        [.. error.ToString().Split('\n').Select(l => l.Split("\r\u001b[K")[^1]).Where(l => l.Length > 0)];

    private sealed class Still : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Begin;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
