using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Hearth.EndToEnd.Tests.Platform;

namespace Hearth.EndToEnd.Tests.Deploy;

/// <summary>An account: EKS and EMR on EKS are an embedded platform, everything else is a moto server. Clients are real but for Helm, which a script stands in for.</summary>
internal sealed class MotoAws : IAsyncDisposable
{
    public const string Account = "123456789012";

    /// <summary>Types that moto both makes and deletes; networks are not among them: it finds dependencies of a VPC that are gone. <c>CdkDeployTests</c> has those.</summary>
    private const string Types = "AWS::EC2::EIP,AWS::EC2::InternetGateway,AWS::EC2::LaunchTemplate,AWS::Events::Rule,AWS::IAM::ManagedPolicy,AWS::IAM::Role,AWS::Logs::LogGroup,AWS::S3::Bucket,AWS::SQS::Queue";

    /// <summary>A deployment builds and synthesises, too.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _moto;
    private readonly string _directory;
    private readonly Dictionary<string, string> _environment;

    private MotoAws(Process moto, string directory, Dictionary<string, string> environment) => (_moto, _directory, _environment) = (moto, directory, environment);

    /// <summary>What is missing for such tests; null when nothing is.</summary>
    public static string? Missing => ((string[])["moto_server", "kubectl", "node", "python3"]).FirstOrDefault(p => !Tool.Exists(p)) ?? Tool.AwsProblem?["needs ".Length..] ?? (File.Exists(Cdk) ? null : "aws-cdk (npm install in tests/Hearth.Deploy.Tests)");

    /// <summary>Calls of Helm, one a line.</summary>
    public IReadOnlyList<string> HelmCalls => File.Exists(HelmLog) ? File.ReadAllLines(HelmLog) : [];

    private static string Cdk => Path.Combine(Tool.Home, "tests", "Hearth.Deploy.Tests", "node_modules", "aws-cdk", "bin", "cdk");

    private string HelmLog => Path.Combine(_directory, "helm.log");

    public static async Task<MotoAws> StartAsync(RunningHearth hearth, string directory)
    {
        var port = FreePort();
        var moto = Process.Start(Tool.Info("moto_server", ["-H", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture)], null))!;
        _ = moto.StandardOutput.ReadToEndAsync();
        _ = moto.StandardError.ReadToEndAsync();
        await UntilReadyAsync(port);
        var embedded = hearth.Environment["AWS_ENDPOINT_URL"];
        var tools = Path.Combine(Tool.Home, "tests", "Hearth.EndToEnd.Tests", "Deploy", "moto");
        return new MotoAws(moto, directory, new Dictionary<string, string>(hearth.Environment)
        {
            ["PATH"] = $"{tools}:{System.Environment.GetEnvironmentVariable("PATH")}",
            ["AWS_ENDPOINT_URL"] = $"http://localhost:{port}",
            ["AWS_ENDPOINT_URL_S3"] = $"http://127.0.0.1:{port}",
            ["AWS_ENDPOINT_URL_EKS"] = embedded,
            ["AWS_ENDPOINT_URL_EMR_CONTAINERS"] = embedded,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["CDK_DISABLE_CLI_TELEMETRY"] = "true",
            ["HEARTH_TEST_CDK"] = Cdk,
            ["HEARTH_TEST_TYPES"] = Types,
            ["HEARTH_TEST_HELM"] = Path.Combine(directory, "helm.log"),
            ["HEARTH_TEST_FAILS"] = "none",
        });
    }

    /// <summary>Runs a program in this account.</summary>
    /// <param name="program">As <c>hearth</c>'s path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="failing">A chart whose installation fails.</param>
    public async Task<ToolResult> RunAsync(string program, IEnumerable<string> arguments, string failing = "none")
    {
        var path = program == "cdk" ? Path.Combine(Tool.Home, "tests", "Hearth.EndToEnd.Tests", "Deploy", "moto", "cdk") : program;
        using var process = Process.Start(Tool.Info(path, arguments, new Dictionary<string, string>(_environment) { ["HEARTH_TEST_FAILS"] = failing }))!;
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Deadline);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        return new ToolResult(process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        _moto.Kill(entireProcessTree: true);
        await _moto.WaitForExitAsync();
        _moto.Dispose();
    }

    private static async Task UntilReadyAsync(int port)
    {
        var clock = Stopwatch.StartNew();
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                (await http.GetAsync($"http://127.0.0.1:{port}/moto-api/")).EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException) when (clock.Elapsed < Patience)
            {
                await Task.Delay(100);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
