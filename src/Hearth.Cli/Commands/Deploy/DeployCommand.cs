using System.CommandLine;
using Hearth.Cli.CommandLine;
using Hearth.Delivery.Charts;
using Hearth.Delivery.Cloud;
using Hearth.Delivery.Install;
using Hearth.Delivery.Manifests;
using Hearth.Delivery.Plan;
using Hearth.Platform;

namespace Hearth.Cli.Commands.Deploy;

/// <summary><c>hearth deploy</c>: the declared platform on AWS; with <c>--plan</c> what would change, with <c>--synth-only</c> only the files.</summary>
internal sealed class DeployCommand
{
    private const int LongOutput = 100;

    private readonly CliContext _context;
    private readonly DeclarationOptions _declaration = new();
    private readonly Option<bool> _synthOnly = new("--synth-only") { Description = "Only write templates and rendered objects; needs no account." };
    private readonly Option<bool> _plan = new("--plan") { Description = "Show what would change and what it costs a month; changes nothing." };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask." };
    private readonly Option<string[]> _admins = new("--admin") { Description = "ARN of a further administrator of the cluster; may be repeated.", HelpName = "ARN" };

    private readonly Option<bool> _noCharts = new("--no-charts") { Description = "Leave charts and what needs them to somebody else, as Argo CD with `hearth render`; needs no Helm." };

    private DeployCommand(CliContext context) => _context = context;

    public static Command Create(CliContext context)
    {
        var deploy = new DeployCommand(context);
        var command = new Command("deploy", "Realise the platform on AWS, with Amazon EKS and EMR on EKS.") { deploy._synthOnly, deploy._plan, deploy._yes, deploy._admins, deploy._noCharts };
        deploy._declaration.AddTo(command);
        command.SetAction(deploy.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var platform = _declaration.Load(parsed);
        var directory = _declaration.Directory(parsed, platform, _context);
        var admins = parsed.GetValue(_admins) ?? [];
        return parsed.GetValue(_synthOnly) ? await SynthesiseAsync(platform, directory, admins, cancellation)
            : parsed.GetValue(_plan) ? await PlanAsync(platform, directory, admins, cancellation)
            : await DeployAsync(parsed, platform, directory, admins, cancellation);
    }

    private async Task<int> SynthesiseAsync(PlatformDeclaration platform, string directory, string[] admins, CancellationToken cancellation)
    {
        var stacks = await new CdkApp(_context).SynthesiseAsync(platform, directory, admins, cancellation);
        var files = Rendering.Of(platform, StackOutputs.None);
        RenderedFolder.Write(Path.Combine(directory, "manifests"), files);
        _context.Print($"{stacks.Count} stacks in {Path.Combine(directory, "assembly")}");
        foreach (var stack in stacks)
        {
            _context.Print($"  {stack}");
        }

        _context.Print($"{files.Count} files in {Path.Combine(directory, "manifests")}");
        return ExitCodes.Success;
    }

    private async Task<int> PlanAsync(PlatformDeclaration platform, string directory, string[] admins, CancellationToken cancellation)
    {
        var tools = _context.Tools;
        var caller = await CallerAsync(platform, tools, cancellation);
        if (caller is null)
        {
            _context.Say("no AWS credentials: nothing is compared, everything counts as new");
        }

        var known = caller is null ? platform : DeclarationOptions.ForAccount(platform, caller.Value.Account);
        var stacks = await new CdkApp(_context).SynthesiseAsync(known, directory, caller is null ? admins : [Principal(caller.Value.Arn), .. admins], cancellation);
        var aws = new AwsCalls(tools, platform.Region);
        var plans = new List<StackPlan>();
        foreach (var stack in stacks)
        {
            var deployed = caller is null ? null : await aws.TemplateAsync(stack, cancellation);
            plans.Add(new StackPlan(stack, deployed is not null, TemplateDiff.Of(deployed, CloudAssembly.Template(Path.Combine(directory, "assembly"), stack))));
        }

        if (caller is not null)
        {
            foreach (var gone in (await aws.StacksAsync(known.Name, cancellation)).Except(stacks, StringComparer.Ordinal))
            {
                plans.Add(new StackPlan(gone, true, TemplateDiff.Of(await aws.TemplateAsync(gone, cancellation), null)));
            }
        }

        foreach (var line in PlanText.Lines(plans, CostEstimate.Of(known, Today)))
        {
            _context.Print(line);
        }

        return ExitCodes.Success;
    }

    private async Task<int> DeployAsync(ParseResult parsed, PlatformDeclaration platform, string directory, string[] admins, CancellationToken cancellation)
    {
        var tools = _context.Tools;
        var charts = !parsed.GetValue(_noCharts);
        var arn = await new Prerequisites(tools, _context.Clock).CheckAsync(platform, charts, cancellation);
        var known = DeclarationOptions.ForAccount(platform, arn.Split(':')[4]);
        var cost = CostEstimate.Of(known, Today);
        Confirmation.Ask(_context, parsed.GetValue(_yes), $"Deploys {known.Name} to account {known.AccountId} in {known.Region}; {cost.Summary} before any job runs.");
        var stacks = await new CdkApp(_context).SynthesiseAsync(known, directory, [Principal(arn), .. admins], cancellation);
        var outputs = await Progress.ShowAsync(_context, "hearth deploy", async progress =>
        {
            var run = new InstallRun(known, directory, tools, progress, _context.Clock);
            await run.RunAsync(InstallPlan.Of(known, stacks, charts), cancellation);
            return run.Outputs;
        }, cancellation);
        var manifests = Path.Combine(directory, "manifests");
        RenderedFolder.Write(manifests, Rendering.Of(known, StackOutputs.Of(outputs)));
        Tell(known, outputs, charts ? null : manifests);
        return ExitCodes.Success;
    }

    private DateOnly Today => DateOnly.FromDateTime(_context.Clock.GetUtcNow().UtcDateTime);

    /// <summary>What people need next.</summary>
    private void Tell(PlatformDeclaration platform, IReadOnlyDictionary<string, string> outputs, string? left)
    {
        foreach (var (name, value) in outputs.Where(o => !o.Key.StartsWith("Exports", StringComparison.Ordinal)).OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            _context.Print($"{name,-32} {(value.Length > LongOutput ? $"{value[..LongOutput]}..." : value)}");
        }

        _context.Print($"{platform.Name} is deployed. {StackNames.KubectlCommand(platform)}");
        if (left is not null)
        {
            _context.Print($"Charts, and what needs them (node pools, file systems, the Studio), are left to you: {left} holds them with this platform's values.");
            _context.Print("  with Helm: run install-charts.sh there; with GitOps: see charts.yaml. Then run hearth deploy again, which makes the rest.");
        }
    }

    private static async Task<(string Account, string Arn)?> CallerAsync(PlatformDeclaration platform, ITools tools, CancellationToken cancellation)
    {
        try
        {
            return tools.Has("aws") ? await new AwsCalls(tools, platform.Region).IdentityAsync(cancellation) : null;
        }
        catch (DeliveryException)
        {
            return null;
        }
    }

    /// <summary>Access entries are for roles and users, not for sessions of a role.</summary>
    internal static string Principal(string caller)
    {
        var parts = caller.Split(':', 6);
        return parts.Length == 6 && parts[2] == "sts" && parts[5].Split('/') is ["assumed-role", var role, ..]
            ? $"arn:{parts[1]}:iam::{parts[4]}:role/{role}"
            : caller;
    }
}
