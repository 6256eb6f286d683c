using System.Diagnostics;
using Hearth.Cli.Hosting;

namespace Hearth.Cli.Tests;

public sealed class EnvTests
{
    [Fact]
    public async Task Without_a_platform_env_says_how_to_start_one()
    {
        using var directory = new TemporaryDirectory();

        var outcome = await CliHarness.Run("env", "--data-dir", directory.Path);

        outcome.ShouldBe(new CliOutcome(
            1, string.Empty, $"hearth: no platform runs on {directory.Path}\nStart one with `hearth up`, or name its directory with --data-dir DIR.\n"));
    }

    [Fact]
    public async Task The_lines_survive_a_real_shell_whatever_the_directory_is_called()
    {
        const string odd = "/tmp/it's $HOME `date` \"x\" \\ \n end";
        var lines = string.Join('\n', EnvironmentExports.Lines(FakePlatform.Endpoints(odd), odd, "sh"));
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(lines + "\nprintf %s \"$HEARTH_DATA_DIR/kubeconfig\"");

        using var shell = Process.Start(start)!;
        var seen = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();

        seen.ShouldBe(Path.Combine(odd, "kubeconfig"));
    }

    [Theory]
    [InlineData("sh", "export AWS_CONFIG_FILE='/a b'\\''c/aws/config'")]
    [InlineData("fish", "set -gx AWS_CONFIG_FILE '/a b\\'c/aws/config';")]
    [InlineData("powershell", "$env:AWS_CONFIG_FILE = '/a b''c/aws/config'")]
    public void Each_shell_gets_its_own_quotes(string shell, string line) =>
        EnvironmentExports.Lines(FakePlatform.Endpoints("/a b'c"), "/a b'c", shell).ShouldContain(line);

    [Fact]
    public void Every_variable_that_clients_need_is_there() =>
        EnvironmentExports.Variables(FakePlatform.Endpoints("/d"), "/d").Select(v => v.Key).ShouldBe(
            ["AWS_ENDPOINT_URL", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE", "AWS_REGION", "KUBECONFIG", "HEARTH_DATA_DIR"]);

    [Fact]
    public async Task The_data_directory_comes_from_the_environment_when_not_given()
    {
        using var directory = new TemporaryDirectory();
        var harness = new CliHarness { ["HEARTH_DATA_DIR"] = directory.Path };

        (await harness.RunAsync(CancellationToken.None, "status")).Out.ShouldContain(directory.Path);
    }
}
