using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Delivery.Cloud;
using Hearth.Delivery.Teardown;

namespace Hearth.Cli.Commands.Deploy;

/// <summary><c>hearth destroy</c>: everything of a platform on AWS, each thing before what it lives in; ends with what still costs money.</summary>
internal sealed class DestroyCommand
{
    private readonly CliContext _context;
    private readonly DeclarationOptions _declaration = new();
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<bool> _plan = new("--plan") { Description = "Only list the steps." };

    private DestroyCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var destroy = new DestroyCommand(context);
        var command = new Command("destroy", "Take a deployed platform down again, in order; buckets with data are kept.") { destroy._yes, destroy._plan };
        destroy._declaration.AddTo(command);
        command.SetAction(destroy.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var platform = _declaration.Load(parsed);
        string[] missing = [.. ((string[])["aws", "kubectl"]).Where(t => !_context.Tools.Has(t))];
        if (missing.Length > 0)
        {
            throw new CliException($"missing: {string.Join(", ", missing)}", "hearth destroy calls these programs; install them first. Nothing was done.");
        }

        var aws = new AwsCalls(_context.Tools, platform.Region);
        var known = DeclarationOptions.ForAccount(platform, (await aws.IdentityAsync(cancellation)).Account);
        var there = await aws.StacksAsync(known.Name, cancellation);
        if (there.Count == 0)
        {
            throw new CliException($"no stack of {known.Name} is deployed in account {known.AccountId}, {known.Region}", "Look at the account and the region: aws sts get-caller-identity");
        }

        var directory = _declaration.Directory(parsed, known, _context);
        Directory.CreateDirectory(directory);
        var steps = TeardownPlan.Of(known, there);
        if (parsed.GetValue(_plan))
        {
            foreach (var step in steps)
            {
                _context.Print($"- {step.Title} ({step.Target})");
            }

            return ExitCodes.Success;
        }

        Confirmation.Ask(_context, parsed.GetValue(_yes), $"Destroys {known.Name} in account {known.AccountId}, {known.Region}: {there.Count} stacks. Buckets with data are kept.");
        var left = await Progress.ShowAsync(
            _context, "hearth destroy", progress => new TeardownRun(known, directory, _context.Tools, progress, _context.Clock).RunAsync(steps, cancellation), cancellation);
        _context.Print(left.Count == 0 ? $"{known.Name} is gone; nothing of it costs money any more." : $"{known.Name} is gone. What is left and may cost money:");
        foreach (var line in left)
        {
            _context.Print($"  {line}");
        }

        return ExitCodes.Success;
    }
}
