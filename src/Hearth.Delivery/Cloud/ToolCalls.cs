using Hearth.Delivery.Charts;

namespace Hearth.Delivery.Cloud;

/// <summary>Command lines of the programs that do the work. Pure.</summary>
internal static class ToolCalls
{
    private const string ChartDeadline = "15m";

    /// <summary>Deploys one stack of a finished cloud assembly; dependencies are the plan's business.</summary>
    public static ToolCall DeployStack(string assembly, string stack) =>
        new("cdk", ["deploy", stack, "--app", assembly, "--exclusively", "--require-approval", "never", "--progress", "events", "--ci"]) { OutputIsProgress = true };

    /// <summary>Server-side, so that what others set in the same objects stays.</summary>
    public static ToolCall Apply(string kubeconfig, string documents) =>
        new("kubectl", ["--kubeconfig", kubeconfig, "apply", "--server-side", "--force-conflicts", "--field-manager", "hearth", "--filename", "-"], documents);

    public static ToolCall Kubectl(string kubeconfig, params string[] arguments) => new("kubectl", ["--kubeconfig", kubeconfig, .. arguments]);

    /// <summary>Installs or updates and waits until its pods are ready; an installation that fails the first time is taken back.</summary>
    public static ToolCall InstallChart(string kubeconfig, Chart chart, string version, string values) => new("helm", ["--kubeconfig", kubeconfig, .. Chart(chart, version, values)]);

    /// <summary>The same for a script that people run.</summary>
    public static string InstallLine(Chart chart, string version, string values) => $"helm {string.Join(' ', Chart(chart, version, values))}";

    private static string[] Chart(Chart chart, string version, string values) =>
    [
        "upgrade", "--install", chart.Release, chart.IsOci ? $"{chart.Repository}/{chart.Name}" : chart.Name,
        .. chart.IsOci ? (string[])[] : ["--repo", chart.Repository],
        "--version", version, "--namespace", chart.Entry.Namespace, "--create-namespace", "--values", values, "--wait", "--atomic", "--timeout", ChartDeadline,
    ];

    public static ToolCall ChartStatus(string kubeconfig, Chart chart) => new("helm", ["--kubeconfig", kubeconfig, "status", chart.Release, "--namespace", chart.Entry.Namespace, "--output", "json"]);

    /// <summary>Back to the revision before one that was broken off.</summary>
    public static ToolCall RollBackChart(string kubeconfig, Chart chart) =>
        new("helm", ["--kubeconfig", kubeconfig, "rollback", chart.Release, "--namespace", chart.Entry.Namespace, "--wait", "--timeout", ChartDeadline]);

    public static ToolCall RemoveChart(string kubeconfig, Chart chart) =>
        new("helm", ["--kubeconfig", kubeconfig, "uninstall", chart.Release, "--namespace", chart.Entry.Namespace, "--ignore-not-found", "--wait", "--timeout", ChartDeadline]);
}
