using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Hearth.Cli.Commands.Check;
using Hearth.Cli.Commands.Completion;
using Hearth.Cli.Commands.Demo;
using Hearth.Cli.Commands.Deploy;
using Hearth.Cli.Commands.Down;
using Hearth.Cli.Commands.Engine;
using Hearth.Cli.Commands.Env;
using Hearth.Cli.Commands.Job;
using Hearth.Cli.Commands.Lint;
using Hearth.Cli.Commands.Plan;
using Hearth.Cli.Commands.Platform;
using Hearth.Cli.Commands.Query;
using Hearth.Cli.Commands.Status;
using Hearth.Cli.Commands.Tables;
using Hearth.Cli.Commands.Test;
using Hearth.Cli.Commands.Up;

namespace Hearth.Cli.CommandLine;

/// <summary>The whole command tree; one folder of <c>Commands/</c> a branch.</summary>
internal static class CommandTree
{
    public const string Name = "hearth";

    public static RootCommand Build(CliContext context)
    {
        var root = new RootCommand("A Spark data platform on one machine: Kubernetes, EMR on EKS, node provisioning and an engine, declared once.")
        {
            UpCommand.Create(context),
            DownCommand.Create(context),
            EnvCommand.Create(context),
            StatusCommand.Create(context),
            DemoCommand.Create(context),
            JobCommand.Create(context),
            LintCommand.Create(context),
            CheckCommand.Create(context),
            PlanCommand.Create(context),
            QueryCommand.Create(context),
            TablesCommand.Create(context),
            PlatformCommand.Create(context),
            DeployCommand.Create(context),
            DestroyCommand.Create(context),
            RenderCommand.Create(context),
            EngineCommand.Create(context),
            TestCommand.Create(context),
            CompletionCommand.Create(context),
        };
        foreach (var option in root.Options.OfType<VersionOption>())
        {
            option.Action = new PrintVersion(context);
        }

        return root;
    }

    /// <summary>The product's version, as <c>0.1.0</c>; the commit it was built from follows when known.</summary>
    public static string Version
    {
        get
        {
            var text = typeof(CommandTree).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
            var plus = text.IndexOf('+', StringComparison.Ordinal);
            return plus < 0 ? text : $"{text[..plus]} ({text[(plus + 1)..Math.Min(text.Length, plus + 8)]})";
        }
    }

    private sealed class PrintVersion(CliContext context) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            context.Out.WriteLine($"{Name} {Version}");
            return ExitCodes.Success;
        }
    }
}
