using System.CommandLine;
using System.Net;
using Hearth.Cli.CommandLine;
using Hearth.Cli.Hosting;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Up;

/// <summary><c>hearth up</c>: starts the embedded platform and stays with it, or leaves it running with <c>--detach</c>.</summary>
internal sealed class UpCommand
{
    private readonly CliContext _context;
    private readonly Option<string?> _dataDir = SharedOptions.DataDirectory();
    private readonly Option<string> _blueprint = SharedOptions.Blueprint();
    private readonly Option<int> _kubernetesPort = SharedOptions.Port("--kubernetes-port", 6443, "the Kubernetes API");
    private readonly Option<int> _awsPort = SharedOptions.Port("--aws-port", 4566, "the AWS APIs");
    private readonly Option<int> _consolePort = SharedOptions.Port("--console-port", 8080, "the web console");
    private readonly Option<string> _sandbox = SharedOptions.Sandbox();
    private readonly Option<bool> _detach = new("--detach", "-d") { Description = "Leave it running in the background once it is ready." };
    private readonly Option<bool> _realistic = new("--realistic") { Description = "Let simulated nodes take 30 to 60 seconds to start, as on EC2, and gather pods as long as Karpenter does." };
    private readonly Option<bool> _child = new(DetachedRun.ChildOption) { Hidden = true };

    private readonly Option<string> _listen = new("--listen")
    {
        Description = "The address to listen on. Anything but loopback lets other machines in; they still need keys.",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private UpCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var up = new UpCommand(context);
        var command = new Command("up", "Start the embedded platform; Ctrl-C stops it.")
        {
            up._blueprint, up._dataDir, up._kubernetesPort, up._awsPort, up._consolePort, up._listen, up._sandbox, up._realistic, up._detach, up._child,
        };
        command.SetAction(up.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(_child))
        {
            Signals.LeaveTerminal();
        }

        var data = DataDirectory.Resolve(parsed.GetValue(_dataDir), _context);
        var options = Options(parsed, data);
        if (parsed.GetValue(_detach))
        {
            var ready = await DetachedRun.StartAsync(_context, data, ChildArguments(parsed, data), cancellation);
            UpBanner.Write(_context, ready, data, detached: true);
            return ExitCodes.Success;
        }

        return await ForegroundRun.RunAsync(_context, data, options, (endpoints, ending) => StayAsync(endpoints, data, ending), cancellation);
    }

    /// <summary>Ctrl-C and SIGTERM are the normal end.</summary>
    private async Task<int> StayAsync(PlatformEndpoints endpoints, DataDirectory data, CancellationToken ending)
    {
        UpBanner.Write(_context, endpoints, data, detached: false);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ending.Register(() => ended.TrySetResult());
        await ended.Task;

        _context.Say("stopping ...");
        return ExitCodes.Success;
    }

    private PlatformOptions Options(ParseResult parsed, DataDirectory data)
    {
        var source = parsed.GetValue(_blueprint) ?? PlatformLoader.DefaultBlueprint;
        var listen = parsed.GetValue(_listen) ?? string.Empty;
        return new PlatformOptions
        {
            Platform = PlatformLoader.Load(source),
            Source = source,
            DataDirectory = data.Path,
            Address = IPAddress.TryParse(listen, out var address) ? address : throw CliException.BadInput($"--listen {listen}: not an IP address"),
            KubernetesPort = parsed.GetValue(_kubernetesPort),
            AwsPort = parsed.GetValue(_awsPort),
            ConsolePort = parsed.GetValue(_consolePort),
            Sandbox = string.Equals(parsed.GetValue(_sandbox), "none", StringComparison.Ordinal) ? SandboxMode.None : SandboxMode.Bubblewrap,
            Realistic = parsed.GetValue(_realistic),
            Home = _context.Home,
        };
    }

    private List<string> ChildArguments(ParseResult parsed, DataDirectory data)
    {
        return
        [
            "--data-dir", data.Path,
            _blueprint.Name, parsed.GetValue(_blueprint)!,
            _kubernetesPort.Name, Text(_kubernetesPort),
            _awsPort.Name, Text(_awsPort),
            _consolePort.Name, Text(_consolePort),
            _listen.Name, parsed.GetValue(_listen)!,
            _sandbox.Name, parsed.GetValue(_sandbox)!,
            .. parsed.GetValue(_realistic) ? [_realistic.Name] : Array.Empty<string>(),
        ];

        string Text(Option<int> option) => parsed.GetValue(option).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
