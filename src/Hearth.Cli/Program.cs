using Hearth.Cli;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Commands.Container;

if (await ContainerPrograms.TryRunAsync(args) is { } code)
{
    return code;
}

using var build = BuildInUse.Hold();
return await HearthCli.RunAsync(args, CliContext.FromProcess(), CancellationToken.None);
