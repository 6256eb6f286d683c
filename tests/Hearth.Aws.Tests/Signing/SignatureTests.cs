using System.Text.Json;
using Hearth.Aws.Http;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Tests.Signing;

/// <summary>cases/signatures.json holds requests signed by botocore 1.43.11 with a fixed key at a fixed time.</summary>
public sealed class SignatureTests
{
    private static readonly DateTimeOffset SignedAt = new(2024, 5, 1, 10, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Vectors() => [.. Load().Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_request_that_botocore_signed_is_believed(string name)
    {
        var (request, claim, payload) = Parsed(name);
        Verifier(SignedAt, claim.SessionToken).Verify(request, claim, payload).Credential.AccessKeyId.ShouldBe(Keys.Admin.AccessKeyId);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Another_method_path_query_header_body_or_key_is_not(string name)
    {
        var (request, claim, payload) = Parsed(name);
        SignedRequest[] forged =
        [
            request with { Method = "DELETE" },
            request with { RawPath = request.RawPath + "x" },
            request with { Query = QueryParameters.Parse(string.Join('&', request.Query.Select(p => $"{PercentEncoding.Encode(p.Key)}={PercentEncoding.Encode(p.Value)}").Append("more=1"))) },
            request with { Header = h => h == "host" ? "elsewhere" : request.Header(h) },
        ];
        foreach (var one in forged)
        {
            Fault(() => Verifier(SignedAt, claim.SessionToken).Verify(one, claim, payload)).ShouldBe(SignatureFault.Mismatch);
        }
        Fault(() => Verifier(SignedAt, claim.SessionToken).Verify(request, claim, new string('0', 64))).ShouldBe(SignatureFault.Mismatch);
        var other = new SigV4Verifier(new Keys(Keys.Admin with { SecretAccessKey = "another", SessionToken = claim.SessionToken }), "us-west-2", new StandingClock(SignedAt));
        Fault(() => other.Verify(request, claim, payload)).ShouldBe(SignatureFault.Mismatch);
    }

    [Theory]
    [InlineData(-15, null)]
    [InlineData(15, null)]
    [InlineData(-16, SignatureFault.Skewed)]
    [InlineData(16, SignatureFault.Skewed)]
    public void Clocks_may_differ_by_a_quarter_of_an_hour(int minutes, SignatureFault? expected)
    {
        var (request, claim, payload) = Parsed("emr get");
        Fault(() => Verifier(SignedAt.AddMinutes(minutes)).Verify(request, claim, payload)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(600, null)]
    [InlineData(601, SignatureFault.Expired)]
    [InlineData(-16 * 60, SignatureFault.Expired)]
    public void A_presigned_request_holds_as_long_as_it_says(int seconds, SignatureFault? expected)
    {
        var (request, claim, payload) = Parsed("s3 presigned get");
        Fault(() => Verifier(SignedAt.AddSeconds(seconds)).Verify(request, claim, payload)).ShouldBe(expected);
    }

    [Fact]
    public void A_scope_of_another_region_is_told_the_right_one()
    {
        var (request, claim, payload) = Parsed("emr get");
        var verifier = new SigV4Verifier(Store(), "eu-central-1", new StandingClock(SignedAt));
        Should.Throw<SignatureException>(() => verifier.Verify(request, claim, payload)).Message.ShouldContain("eu-central-1");
    }

    [Fact]
    public void A_session_token_must_be_the_keys_own()
    {
        var (request, claim, payload) = Parsed("token");
        var verifier = Verifier(SignedAt, claim.SessionToken);
        Fault(() => verifier.Verify(request, claim with { SessionToken = null }, payload)).ShouldBe(SignatureFault.Token);
        Fault(() => verifier.Verify(request, claim with { SessionToken = "other" }, payload)).ShouldBe(SignatureFault.Token);
        Fault(() => verifier.Verify(request, claim with { AccessKeyId = "NOBODY" }, payload)).ShouldBe(SignatureFault.UnknownKey);
    }

    [Fact]
    public void A_header_of_S3_that_is_not_signed_is_refused()
    {
        var (request, claim, payload) = Parsed("s3 list");
        Fault(() => Verifier(SignedAt).Verify(request with { HeaderNames = [.. request.HeaderNames, "x-amz-acl"] }, claim, payload)).ShouldBe(SignatureFault.UnsignedHeader);
    }

    [Theory]
    [InlineData("AWS AKID:c2ln", SignatureFault.Algorithm)]
    [InlineData("Bearer abc", SignatureFault.Algorithm)]
    [InlineData("AWS4-ECDSA-P256-SHA256 Credential=a/20240501/s3/aws4_request", SignatureFault.Algorithm)]
    [InlineData("AWS4-HMAC-SHA256", SignatureFault.Malformed)]
    [InlineData("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=0", SignatureFault.Malformed)]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20240502/us-west-2/s3/aws4_request, SignedHeaders=host, Signature=0", SignatureFault.Malformed)]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20240501/us-west-2/s3/aws4_request, Signature=0", SignatureFault.Malformed)]
    public void An_authorization_that_cannot_be_read_says_why(string header, SignatureFault expected) => Fault(() => SignatureParser.Parse(
        name => name switch { "Authorization" => header, "X-Amz-Date" => "20240501T100000Z", _ => null }, QueryParameters.Empty)).ShouldBe(expected);

    [Fact]
    public void A_token_of_aws_eks_get_token_stands_for_its_caller()
    {
        var url = Load().Single(v => v.Name == "sts presigned").Url;
        var token = "k8s-aws-v1." + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(url)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        Eks.EksTokenIdentity? At(int minutes, string cluster, out string? reason) =>
            new Eks.EksTokenAuthenticator(Store(), cluster, "us-west-2", new StandingClock(SignedAt.AddMinutes(minutes))).Authenticate(token, out reason);

        At(14, "emr-eks-karpenter", out var why).ShouldNotBeNull(why).Groups.ShouldBe(["system:masters"]);
        At(16, "emr-eks-karpenter", out _).ShouldBeNull();
        At(0, "another-cluster", out _).ShouldBeNull();
    }

    private static SignatureFault? Fault(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (SignatureException e)
        {
            return e.Fault;
        }
    }

    private static Keys Store() => new(Keys.Admin);

    private static SigV4Verifier Verifier(DateTimeOffset now, string? token = null) =>
        new(new Keys(Keys.Admin with { SessionToken = token }), "us-west-2", new StandingClock(now));

    private static (SignedRequest Request, SignatureClaim Claim, string Payload) Parsed(string name)
    {
        var vector = Load().Single(v => v.Name == name);
        var url = vector.Url[vector.Url.IndexOf('/', 8)..];
        var question = url.IndexOf('?');
        var query = QueryParameters.Parse(question < 0 ? "" : url[(question + 1)..]);
        var host = new Uri(vector.Url).Authority;
        string? Header(string header) => header.ToLowerInvariant() is var lower && lower == "host" ? host : vector.Headers.GetValueOrDefault(lower);
        var request = new SignedRequest(vector.Method, question < 0 ? url : url[..question], query, Header, vector.Headers.Keys);
        return (request, SignatureParser.Parse(Header, query)!, vector.Payload);
    }

    private static Vector[] Load() => JsonSerializer.Deserialize<Vector[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cases", "signatures.json")), JsonSerializerOptions.Web)!;

    private sealed record Vector(string Name, string Method, string Url, Dictionary<string, string> Headers, string Payload, string Service);
}
