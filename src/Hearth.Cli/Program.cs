using Hearth.Cli;
using Hearth.Cli.CommandLine;

using var build = BuildInUse.Hold();
return await HearthCli.RunAsync(args, CliContext.FromProcess(), CancellationToken.None);
