namespace Hearth.EndToEnd.Tests.Platform;

/// <summary><c>kubectl exec</c>, <c>cp</c>, <c>port-forward</c> and <c>attach</c> of the oldest and newest kubectl: over SPDY, and over WebSockets.</summary>
public sealed class IntoPodsTests(PlatformFixture fixture) : IClassFixture<PlatformFixture>
{
    private const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: box, namespace: emr-data-team-a}
        spec:
          restartPolicy: Never
          containers:
          - name: main
            image: busybox
            command: [sh, -c, "echo started > /tmp/mark; exec python3 -m http.server 8099 --bind $MY_IP --directory /tmp"]
            env: [{name: MY_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
            resources: {requests: {cpu: 100m, memory: 64Mi}}
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_kubectl_gets_into_a_pod()
    {
        Assert.SkipWhen(PlatformFixture.Missing is not null, PlatformFixture.Missing ?? "");
        var newest = KubectlBinary.All[^1];
        (await KubectlAsync(newest, ["apply", "-f", "-"], Pod)).Code.ShouldBe(0);
        (await KubectlAsync(newest, ["wait", "--for=condition=Ready", "pod/box", "--timeout=60s"])).Code.ShouldBe(0);
        foreach (var kubectl in KubectlBinary.All)
        {
            await RunAsync(kubectl);
            await CopyAsync(kubectl);
            await ForwardAsync(kubectl);
        }

        (await KubectlAsync(newest, ["exec", "box", "--", "true"], user: "emr-data-team-b")).Output.ShouldContain("Forbidden");
        (await KubectlAsync(newest, ["attach", "-i", "box"])).Output.ShouldContain("kubectl exec -it");
        (await KubectlAsync(newest, ["delete", "pod", "box", "--grace-period=0", "--force"])).Code.ShouldBe(0);
    }

    private async Task RunAsync(KubectlBinary kubectl)
    {
        (await KubectlAsync(kubectl, ["exec", "box", "--", "sh", "-c", "cat /tmp/mark; echo oops >&2; exit 3"]))
            .ShouldBe((3, "started\noops\ncommand terminated with exit code 3\n"), kubectl.Name);
        (await KubectlAsync(kubectl, ["exec", "-i", "box", "--", "tr", "a-z", "A-Z"], "hello")).ShouldBe((0, "HELLO"), kubectl.Name);
    }

    private async Task CopyAsync(KubectlBinary kubectl)
    {
        var directory = Directory.CreateTempSubdirectory("hearth-cp").FullName;
        var (there, back) = (Path.Combine(directory, "there"), Path.Combine(directory, "back"));
        var bytes = new byte[3_000_000];
        new Random(7).NextBytes(bytes);
        await File.WriteAllBytesAsync(there, bytes, Ct);

        (await KubectlAsync(kubectl, ["cp", there, "box:/tmp/copied"])).Code.ShouldBe(0, kubectl.Name);
        (await KubectlAsync(kubectl, ["cp", "box:/tmp/copied", back])).Code.ShouldBe(0, kubectl.Name);

        (await File.ReadAllBytesAsync(back, Ct)).AsSpan().SequenceEqual(bytes).ShouldBeTrue(kubectl.Name);
        Directory.Delete(directory, recursive: true);
    }

    private async Task ForwardAsync(KubectlBinary kubectl)
    {
        using var forward = kubectl.Start(Config, Home, ["port-forward", "-n", "emr-data-team-a", "pod/box", ":8099"]);
        try
        {
            var said = await forward.StandardOutput.ReadLineAsync(Ct).AsTask().WaitAsync(Deadline, Ct) ?? await forward.StandardError.ReadToEndAsync(Ct);
            said.ShouldStartWith("Forwarding from 127.0.0.1:");
            var port = int.Parse(said.Split(':')[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = Deadline };
            (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => http.GetStringAsync("/mark", Ct)))).ShouldAllBe(t => t == "started\n");
            (await http.GetByteArrayAsync("/copied", Ct)).Length.ShouldBe(3_000_000);
        }
        finally
        {
            forward.Kill(entireProcessTree: true);
        }
    }

    private string Home => fixture.Hearth.Environment["HOME"];

    private string Config => fixture.Hearth.Environment["KUBECONFIG"];

    private Task<(int Code, string Output)> KubectlAsync(KubectlBinary kubectl, string[] arguments, string? input = null, string? user = null)
    {
        string[] who = user is null ? [] : ["--as", user, "--as-group", "system:authenticated"];
        return kubectl.RunAsync(Config, Home, ["-n", "emr-data-team-a", .. who, .. arguments], input, Ct);
    }
}
