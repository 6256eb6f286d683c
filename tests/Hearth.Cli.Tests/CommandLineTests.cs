using System.CommandLine;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("upp", "hearth: unknown command 'upp'; did you mean 'up'?\nTry 'hearth --help'.\n")]
    [InlineData("up --awsport 3", "hearth up: unknown option '--awsport'; did you mean '--aws-port'?\nhearth up: unknown argument '3'\nTry 'hearth up --help'.\n")]
    [InlineData("up --aws-port many", "hearth up: Cannot parse argument 'many' for option '--aws-port' as expected type 'System.Int32'\nTry 'hearth up --help'.\n")]
    [InlineData("up --aws-port 70000", "hearth up: --aws-port 70000: a port is 0 to 65535\nTry 'hearth up --help'.\n")]
    [InlineData("platform", "hearth platform: say which: show, validate, addons, blueprints, schema\nTry 'hearth platform --help'.\n")]
    [InlineData("query", "hearth query: Required argument missing for command: 'query'\nTry 'hearth query --help'.\n")]
    public async Task A_wrong_command_line_is_explained_and_exits_2(string line, string message)
    {
        var outcome = await CliHarness.Run(line.Split(' '));

        outcome.Error.ShouldBe(message);
        outcome.ExitCode.ShouldBe(ExitCodes.BadInput);
        outcome.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_command_has_help_and_a_description()
    {
        var context = new CliContext { Out = TextWriter.Null, Error = TextWriter.Null, Environment = _ => null };
        foreach (var path in Paths(CommandTree.Build(context), []))
        {
            var outcome = await CliHarness.Run([.. path, "--help"]);

            outcome.ExitCode.ShouldBe(0, string.Join(' ', path));
            outcome.Out.ShouldContain("Usage:");
            outcome.Out.ShouldContain("Description:\n  ", customMessage: string.Join(' ', path));
        }
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var outcome = await CliHarness.Run("--version");

        outcome.ExitCode.ShouldBe(0);
        outcome.Out.ShouldMatch(@"^hearth \d+\.\d+\.\d+( \([0-9a-f]+\))?\n$");
    }

    [Fact]
    public async Task An_unexpected_error_is_a_message_and_a_file_never_a_stack_trace()
    {
        using var directory = new TemporaryDirectory();
        var harness = new CliHarness { Hosts = new FakePlatform { Failure = new InvalidOperationException("boom") } };

        var outcome = await harness.RunAsync(CancellationToken.None, "up", "--data-dir", directory.Path, "--kubernetes-port", "0", "--aws-port", "0", "--console-port", "0");

        outcome.ExitCode.ShouldBe(ExitCodes.Failure);
        outcome.Error.ShouldStartWith("hearth: unexpected InvalidOperationException: boom\n");
        outcome.Error.ShouldNotContain("   at ");
        var log = outcome.Error.Split("The details are in ")[1].Split("; please")[0];
        (await File.ReadAllTextAsync(log)).ShouldContain("   at Hearth.Cli");
        File.Delete(log);
    }

    [Theory]
    [InlineData("hearth plat", "platform")]
    [InlineData("hearth up --kube", "--kubernetes-port")]
    [InlineData("hearth status --output ", "yaml")]
    public async Task Completion_suggests_what_fits(string line, string expected)
    {
        var outcome = await CliHarness.Run($"[suggest:{line.Length}]", line);

        outcome.Out.Split('\n').ShouldContain(expected);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    public async Task Completion_scripts_ask_hearth_itself(string shell) =>
        (await CliHarness.Run("completion", shell)).Out.ShouldContain("[suggest:");

    private static IEnumerable<string[]> Paths(Command command, string[] path) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Paths(c, [.. path, c.Name])).Prepend(path);
}
