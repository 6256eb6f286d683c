using System.Diagnostics;
using System.Text;

namespace Hearth.EndToEnd.Tests;

/// <summary>One kubectl on this machine.</summary>
public sealed record KubectlBinary(string Path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The ones to test with: those that HEARTH_KUBECTLS lists (separated by colons), else the one on PATH, and of the versioned ones beside it
    /// (<c>kubectl.1.NN</c>) the oldest and the newest: protobuf bodies came in between.
    /// </summary>
    public static IReadOnlyList<KubectlBinary> All { get; } = Find();

    public string Name => System.IO.Path.GetFileName(Path);

    public override string ToString() => Name;

    /// <summary>Runs a command; standard error follows standard output in the answer.</summary>
    public async Task<(int Code, string Output)> RunAsync(string kubeconfig, string home, IEnumerable<string> arguments, string? input, CancellationToken ct)
    {
        using var process = Start(kubeconfig, home, arguments);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Name} {string.Join(' ', arguments)} did not end");
        }
    }

    /// <summary>Starts a command that goes on until it is killed.</summary>
    public Process Start(string kubeconfig, string home, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["KUBECONFIG"] = kubeconfig;
        start.Environment["HOME"] = home;
        start.Environment["KUBECACHEDIR"] = System.IO.Path.Combine(home, "cache", Name);
        start.Environment["KUBE_EDITOR"] = "true";
        start.Environment.Remove("HTTPS_PROXY");
        start.Environment.Remove("https_proxy");
        return Process.Start(start)!;
    }

    private static List<KubectlBinary> Find()
    {
        if (Environment.GetEnvironmentVariable("HEARTH_KUBECTLS") is { Length: > 0 } listed)
        {
            return [.. listed.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(p => new KubectlBinary(p))];
        }

        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Select(d => System.IO.Path.Combine(d, "kubectl")).FirstOrDefault(File.Exists);
        if (onPath is null)
        {
            return [];
        }

        var real = new FileInfo(onPath).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? onPath;
        var versioned = Directory.GetFiles(System.IO.Path.GetDirectoryName(real)!, "kubectl.1.*").OrderBy(f => Version.Parse(f[(f.LastIndexOf("kubectl.", StringComparison.Ordinal) + 8)..])).ToList();
        List<KubectlBinary> found = [new(onPath)];
        if (versioned.Count > 0)
        {
            found.AddRange(versioned.Count == 1 ? [new(versioned[0])] : [new(versioned[0]), new(versioned[^1])]);
        }

        return found;
    }
}
