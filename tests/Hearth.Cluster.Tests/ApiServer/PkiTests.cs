using Hearth.Cluster.ApiServer.Auth.Tokens;
using Hearth.Cluster.ApiServer.Pki;

namespace Hearth.Cluster.Tests.ApiServer;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PkiTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("hearth-pki-").FullName;
    private readonly FixedTime _time = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Keys_are_made_once_and_only_their_owner_may_read_them()
    {
        using var first = Load();
        using var again = Load();
        again.AuthorityPem.ShouldBe(first.AuthorityPem);
        again.Server.Thumbprint.ShouldBe(first.Server.Thumbprint);
        again.ServiceAccounts.ExportSubjectPublicKeyInfo().ShouldBe(first.ServiceAccounts.ExportSubjectPublicKeyInfo());
        foreach (var key in Directory.GetFiles(_directory, "*.key"))
        {
            File.GetUnixFileMode(key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void The_server_certificate_is_renewed_before_it_ends_and_the_authority_stays()
    {
        using var first = Load();
        _time.Advance(TimeSpan.FromDays(300));
        using var kept = Load();
        kept.Server.Thumbprint.ShouldBe(first.Server.Thumbprint);
        _time.Advance(TimeSpan.FromDays(40));
        using var renewed = Load();
        renewed.Server.Thumbprint.ShouldNotBe(first.Server.Thumbprint);
        renewed.AuthorityPem.ShouldBe(first.AuthorityPem);
    }

    [Fact]
    public void Another_host_name_needs_another_certificate()
    {
        using var first = Load();
        using var second = Load("hearth.example.com");
        second.Server.Thumbprint.ShouldNotBe(first.Server.Thumbprint);
        second.Server.MatchesHostname("hearth.example.com").ShouldBeTrue();
        second.Server.MatchesHostname("localhost").ShouldBeTrue();
        second.Server.MatchesHostname("127.0.0.1").ShouldBeTrue();
    }

    [Fact]
    public void Static_tokens_stay_the_same_and_their_file_is_private()
    {
        var path = Path.Combine(_directory, "tokens");
        var first = StaticTokenFile.LoadOrCreate(path, [("admin", ["system:masters"])]);
        var again = StaticTokenFile.LoadOrCreate(path, [("admin", ["system:masters"]), ("guest", [])]);
        again.Single(t => t.User == "admin").Token.ShouldBe(first.Single().Token);
        again.Count.ShouldBe(2);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        first[0].ToString().ShouldNotContain(first[0].Token);
    }

    [Fact]
    public void A_broken_token_file_names_its_line_and_not_the_token()
    {
        var path = Path.Combine(_directory, "tokens");
        File.WriteAllText(path, "secret-thing\n");
        var error = Should.Throw<FormatException>(() => StaticTokenFile.LoadOrCreate(path, []));
        error.Message.ShouldContain(":1:");
        error.Message.ShouldNotContain("secret-thing");
    }

    private ClusterKeys Load(params string[] hosts) => new CertificateStore(_directory, _time).Load(hosts);
}
