using Hearth.Cli.Commands.Test;

namespace Hearth.Cli.Tests;

public class CompilerServerTests
{
    private const string Sdks = "9.0.101 [/opt/dotnet/sdk]\n10.0.100 [/usr/share/dotnet/sdk]\r\n10.0.1001 [/elsewhere/sdk]\n";

    [Theory]
    [InlineData("10.0.100", "/usr/share/dotnet/sdk/10.0.100/Roslyn/bincore/VBCSCompiler.dll")]
    [InlineData("9.0.101", "/opt/dotnet/sdk/9.0.101/Roslyn/bincore/VBCSCompiler.dll")]
    [InlineData("10.0.10", null)]
    [InlineData("", null)]
    public void The_server_is_found_in_the_SDK_that_builds(string version, string? server) => CompilerServer.Find(Sdks, version).ShouldBe(server);
}
