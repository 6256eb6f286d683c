using System.Globalization;
using Hearth.Aws.Http;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Tests.Signing;

/// <summary>Temporary credentials stand in their token, and nobody can change it.</summary>
public sealed class SessionTokenTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2024, 5, 1, 10, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("hearth-session-");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void A_token_holds_over_a_restart_and_its_key_is_for_the_owner_only()
    {
        var path = Path.Combine(directory.FullName, "key");
        var issued = SessionTokens.Open(path).Issue(Principal());

        var read = SessionTokens.Open(path).Open(issued.AccessKeyId, issued.SessionToken!);

        read.ShouldNotBeNull();
        (read with { Session = null }).ShouldBe(issued with { Session = null });
        read.Session!.Policies.ShouldBe(issued.Session!.Policies);
        read.IsAdmin.ShouldBeFalse("a role is never the administrator");
        issued.SecretAccessKey.ShouldNotBe(Principal().SecretAccessKey);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void A_token_that_was_touched_or_is_anothers_is_none()
    {
        var tokens = SessionTokens.Ephemeral();
        var issued = tokens.Issue(Principal());
        var token = issued.SessionToken!;

        tokens.Open("ASIA0000000000000000", token).ShouldBeNull();
        tokens.Open(issued.AccessKeyId, "").ShouldBeNull();
        tokens.Open(issued.AccessKeyId, token[..^4]).ShouldBeNull();
        SessionTokens.Ephemeral().Open(issued.AccessKeyId, token).ShouldBeNull();
        for (var i = 4; i < token.Length - 4; i += 7)
        {
            var changed = token.ToCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            tokens.Open(issued.AccessKeyId, new string(changed)).ShouldBeNull($"position {i}");
        }
    }

    [Fact]
    public void A_signature_with_temporary_keys_ends_with_them()
    {
        var tokens = SessionTokens.Ephemeral();
        var issued = tokens.Issue(Principal());
        var clock = new StandingClock(Now);
        var verifier = new SigV4Verifier(new SessionCredentialStore(new Keys(Keys.Admin), tokens), "us-west-2", clock);
        SignatureClaim Claim(DateTimeOffset at, string? token) => new()
        {
            AccessKeyId = issued.AccessKeyId, Date = at.ToString("yyyyMMdd", CultureInfo.InvariantCulture), Region = "us-west-2", Service = "logs", SignedHeaders = ["host"],
            Timestamp = at.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), SessionToken = token, Signature = new string('0', 64),
        };
        SignatureFault Fault(SignatureClaim claim) => Should.Throw<SignatureException>(() => verifier.Verify(new SignedRequest("GET", "/", QueryParameters.Empty, _ => "h", []), claim, PayloadMarkers.EmptyHash)).Fault;

        Fault(Claim(Now, issued.SessionToken)).ShouldBe(SignatureFault.Mismatch);
        Fault(Claim(Now, null)).ShouldBe(SignatureFault.UnknownKey);
        Fault(Claim(Now, issued.SessionToken + "x")).ShouldBe(SignatureFault.Token);
        clock.Now = Now.AddHours(1);
        Fault(Claim(clock.Now, issued.SessionToken)).ShouldBe(SignatureFault.Expired);
    }

    private static AwsCredential Principal() => Keys.Admin with
    {
        PrincipalArn = "arn:aws:sts::123456789012:assumed-role/r/s",
        ExpiresAt = Now.AddHours(1),
        Session = new AwsSession { RoleArn = "arn:aws:iam::123456789012:role/r", Name = "s", IssuedAt = Now, Policies = ["{}"] },
    };
}
