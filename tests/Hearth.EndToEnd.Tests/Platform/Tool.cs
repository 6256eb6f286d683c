using System.Diagnostics;

namespace Hearth.EndToEnd.Tests.Platform;

/// <summary>What a command said.</summary>
public sealed record ToolResult(int Code, string Output, string Error)
{
    /// <summary>Standard output, when the command succeeded.</summary>
    public string Succeeded()
    {
        Code.ShouldBe(0, $"stdout: {Output}\nstderr: {Error}");
        return Output.Trim();
    }
}

/// <summary>Runs programs as a user at a terminal would, with a deadline.</summary>
public static class Tool
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    /// <summary>The repository.</summary>
    public static string Home { get; } = FindHome();

    /// <summary>The command as users have it, when these tests run by <c>hearth test</c> (compiled ahead of time: each start is three times as fast); otherwise the one that they were built with.</summary>
    public static string Hearth { get; } = Environment.GetEnvironmentVariable("HEARTH_COMMAND") ?? Path.Combine(AppContext.BaseDirectory, "hearth");

    /// <summary>Whether a program is on PATH.</summary>
    public static bool Exists(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, name)));

    /// <summary>Why the AWS CLI that is here cannot be used, or null. It must know AWS_ENDPOINT_URL, which came with 1.29 and 2.13.</summary>
    public static string? AwsProblem { get; } = FindAwsProblem();

    public static ProcessStartInfo Info(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var info = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = Path.GetTempPath() };
        info.Environment["HEARTH_HOME"] = Home;
        info.Environment["NO_COLOR"] = "1";
        info.Environment["AWS_PAGER"] = "";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        return info;
    }

    public static async Task<ToolResult> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Process.Start(Info(program, arguments, environment))!;
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Deadline);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
            return new ToolResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in {Deadline.TotalSeconds} s");
        }
    }

    private static string? FindAwsProblem()
    {
        if (!Exists("aws"))
        {
            return "needs aws";
        }

        using var process = Process.Start(Info("aws", ["--version"], null))!;
        var said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        var text = said.Split(' ', '/') is ["aws-cli", { } number, ..] ? number : "";
        return Version.TryParse(text, out var version) && version >= (version.Major == 1 ? new Version(1, 29) : new Version(2, 13)) ? null
            : $"needs an AWS CLI that knows AWS_ENDPOINT_URL (1.29, or 2.13 or newer); this one is {said.Trim()}";
    }

    private static string FindHome()
    {
        for (var directory = AppContext.BaseDirectory; directory is not null; directory = Path.GetDirectoryName(directory))
        {
            if (File.Exists(Path.Combine(directory, "Hearth.slnx")))
            {
                return directory;
            }
        }

        throw new InvalidOperationException("these tests run inside the repository");
    }
}
