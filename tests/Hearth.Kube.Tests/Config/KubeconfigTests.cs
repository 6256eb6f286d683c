using Hearth.Kube.Config;

namespace Hearth.Kube.Tests.Config;

public sealed class KubeconfigTests : IDisposable
{
    private const string Foreign = """
        apiVersion: v1
        kind: Config
        preferences: {colors: true}
        current-context: prod
        clusters:
        - name: prod
          cluster: {server: "https://example.org:6443", insecure-skip-tls-verify: true}
        users:
        - name: me
          user: {tokenFile: token}
        - name: helper
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1
              command: sh
              args: [-c, 'echo "{\"status\":{\"token\":\"$NAME\"}}"']
              env: [{name: NAME, value: tok}]
        contexts:
        - name: prod
          context: {cluster: prod, user: me, namespace: team-a}
        - name: exec
          context: {cluster: prod, user: helper}
        - name: broken
          context: {cluster: nowhere, user: me}
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-kubeconfig").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Contexts_join_a_server_and_a_user()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "token"), "from-file\n");
        var connection = Kubeconfig.Parse(Foreign, _directory).Connection();
        connection.Server.ShouldBe(new Uri("https://example.org:6443"));
        connection.Namespace.ShouldBe("team-a");
        connection.SkipTlsVerification.ShouldBeTrue();
        (await connection.Token!(CancellationToken.None)).ShouldBe("from-file");
    }

    [Fact]
    public async Task A_program_may_give_the_token() =>
        (await Kubeconfig.Parse(Foreign).Connection("exec").Token!(CancellationToken.None)).ShouldBe("tok");

    [Theory]
    [InlineData("broken", "the kubeconfig has no cluster named nowhere")]
    [InlineData("absent", "the kubeconfig has no context named absent")]
    public void A_missing_part_is_named(string context, string message) =>
        Should.Throw<KubeConfigException>(() => Kubeconfig.Parse(Foreign).Connection(context)).Message.ShouldBe(message);

    [Fact]
    public void An_entry_is_added_without_touching_the_others()
    {
        var path = Path.Combine(_directory, "sub", "config");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, Foreign);
        var entry = new KubeconfigEntry { Name = "hearth", Server = new Uri("https://127.0.0.1:1234/"), CertificateAuthority = "PEM", Token = "t: 1", Namespace = "x" };
        Kubeconfig.Read(path).With(entry).With(entry).Write(path);
        var read = Kubeconfig.Read(path);
        read.CurrentContext.ShouldBe("hearth");
        read.Contexts.ShouldBe(["prod", "exec", "broken", "hearth"]);
        var text = File.ReadAllText(path);
        text.ShouldContain("certificate-authority-data: UEVN\n");
        text.ShouldContain("server: https://127.0.0.1:1234\n");
        text.ShouldContain("token: \"t: 1\"\n");
        text.ShouldContain("colors: true");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public async Task In_a_pod_the_mounted_account_is_used()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "token"), "abc");
        await File.WriteAllTextAsync(Path.Combine(_directory, "namespace"), "team-a");
        string? Variable(string name) => name == "KUBERNETES_SERVICE_HOST" ? "fd00::1" : "443";
        var connection = InClusterConfig.Read(TimeProvider.System, _directory, Variable);
        connection.Server.ShouldBe(new Uri("https://[fd00::1]:443"));
        connection.Namespace.ShouldBe("team-a");
        (await connection.Token!(CancellationToken.None)).ShouldBe("abc");
        Should.Throw<KubeConfigException>(() => InClusterConfig.Read(TimeProvider.System, _directory, _ => null)).Message.ShouldContain("does not run in a pod");
    }
}
