using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.Aws.Http;
using Hearth.Aws.Iam.Access;
using Hearth.Aws.S3.Api;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Sts;

/// <summary>AWS Security Token Service: who am I, and temporary credentials.</summary>
internal sealed partial class StsService(Authorizer authorizer, SessionTokens tokens, IWebIdentityVerifier? webIdentities, ICredentialStore credentials, TimeProvider time) : IAwsService
{
    /// <summary>XML namespace of its answers.</summary>
    public const string Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    private const int ShortestSession = 900;
    private const int LongestSession = 43_200;
    private const int LongestUserSession = 129_600;

    /// <inheritdoc/>
    public IReadOnlyList<string> SigningNames => ["sts"];

    /// <inheritdoc/>
    public AwsProtocol Protocol => AwsProtocol.Query;

    /// <inheritdoc/>
    public bool StreamsBody => false;

    /// <inheritdoc/>
    public bool Authenticates(AwsRequest request, ReadOnlyMemory<byte> body) => FormRequest.Of(request, body).Action is "AssumeRoleWithWebIdentity";

    /// <inheritdoc/>
    public Task HandleAsync(AwsRequest request, ReadOnlyMemory<byte> body)
    {
        var form = FormRequest.Of(request, body);
        return form.Action switch
        {
            "GetCallerIdentity" => form.AnswerAsync(Namespace, xml => xml.Add("UserId", request.Caller.UserId).Add("Account", request.Caller.AccountId).Add("Arn", request.Caller.PrincipalArn)),
            "AssumeRole" => AssumeAsync(form),
            "AssumeRoleWithWebIdentity" => AssumeWithTokenAsync(form),
            "GetSessionToken" => SessionAsync(form),
            "GetAccessKeyInfo" => KeyInfoAsync(form),
            var other => throw AwsException.NotImplemented($"the STS operation {other}"),
        };
    }

    private Task AssumeAsync(FormRequest form)
    {
        RefuseTags(form);
        var wish = Wish(form);
        var session = new RoleSessions(authorizer.Access, tokens, time).Assume(form.Http.Caller, wish, form["ExternalId"]);
        return form.AnswerAsync(Namespace, xml =>
        {
            Credentials(xml, session);
            AssumedUser(xml, session);
        });
    }

    private async Task AssumeWithTokenAsync(FormRequest form)
    {
        var wish = Wish(form);
        if (form["ProviderId"] is { } provider)
        {
            throw new AwsException(400, "InvalidIdentityToken", $"No OpenIDConnect provider found in your account for {provider}");
        }

        var token = form.Required("WebIdentityToken");
        var verifier = webIdentities ?? throw new AwsException(400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account");
        var identity = await verifier.VerifyAsync(token, form.Http.Aborted).ConfigureAwait(false);
        var session = new RoleSessions(authorizer.Access, tokens, time).Assume(identity, wish);
        await form.AnswerAsync(Namespace, xml =>
        {
            Credentials(xml, session);
            AssumedUser(xml.Add("SubjectFromWebIdentityToken", identity.Subject), session);
            xml.Add("Provider", session.Session!.Provider).Add("Audience", identity.Audience);
        }).ConfigureAwait(false);
    }

    private Task SessionAsync(FormRequest form)
    {
        var caller = form.Http.Caller;
        if (caller.Session is not null)
        {
            throw new AwsException(403, "AccessDenied", "Cannot call GetSessionToken with session credentials");
        }

        if (form["SerialNumber"] is not null || form["TokenCode"] is not null)
        {
            throw AwsException.NotImplemented("multi-factor authentication (SerialNumber and TokenCode of GetSessionToken)", "Leave them out.");
        }

        var seconds = form.Number("DurationSeconds", ShortestSession, LongestUserSession) ?? LongestSession;
        var now = time.GetUtcNow();
        var session = tokens.Issue(caller with { ExpiresAt = now.AddSeconds(seconds), Session = new AwsSession { IssuedAt = now } });
        return form.AnswerAsync(Namespace, xml => Credentials(xml, session));
    }

    private Task KeyInfoAsync(FormRequest form)
    {
        authorizer.Require(form.Http, Protocol, "sts:GetAccessKeyInfo", "*");
        var key = form.Required("AccessKeyId");
        var account = key.StartsWith(SessionTokens.KeyPrefix, StringComparison.Ordinal) ? credentials.All[0].AccountId : credentials.Find(key)?.AccountId;
        return form.AnswerAsync(Namespace, xml => xml.Add("Account", account ?? throw new AwsException(403, "AccessDenied", $"Access Denied: the access key {key} is none of this account.")));
    }

    private static RoleWish Wish(FormRequest form)
    {
        var name = form.Required("RoleSessionName");
        if (name.Length is < 2 or > 64 || !SessionName().IsMatch(name))
        {
            var broken = name.Length < 2 ? "have length greater than or equal to 2" : name.Length > 64 ? "have length less than or equal to 64" : @"satisfy regular expression pattern: [\w+=,.@-]*";
            throw new AwsException(400, "ValidationError", $"1 validation error detected: Value '{name}' at 'roleSessionName' failed to satisfy constraint: Member must {broken}");
        }

        var arn = form.Required("RoleArn");
        if (arn.Length < 20 || !RoleArn().IsMatch(arn))
        {
            throw new AwsException(400, "ValidationError", $"{arn} is invalid");
        }

        return new RoleWish(arn, name, form.Number("DurationSeconds", ShortestSession, LongestSession), form["Policy"], [.. Enumerable.Range(1, 10).Select(i => form[$"PolicyArns.member.{i}.arn"]).OfType<string>()]);
    }

    private static void RefuseTags(FormRequest form)
    {
        foreach (var member in (string[])["Tags", "TransitiveTagKeys", "SerialNumber", "ProvidedContexts"])
        {
            if (form.Has(member))
            {
                throw AwsException.NotImplemented($"{member} of AssumeRole", "Leave it out.");
            }
        }
    }

    private static void Credentials(XmlText xml, AwsCredential session) => xml.Open("Credentials")
        .Add("AccessKeyId", session.AccessKeyId).Add("SecretAccessKey", session.SecretAccessKey).Add("SessionToken", session.SessionToken)
        .Add("Expiration", session.ExpiresAt!.Value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))
        .Close("Credentials");

    private static void AssumedUser(XmlText xml, AwsCredential session) =>
        xml.Open("AssumedRoleUser").Add("AssumedRoleId", session.UserId).Add("Arn", session.PrincipalArn).Close("AssumedRoleUser");

    [GeneratedRegex(@"^[\w+=,.@-]*$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SessionName();

    [GeneratedRegex(@"^arn:aws[a-z-]*:iam::\d{12}:role(/|/[!-~]+/)[\w+=,.@-]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex RoleArn();
}
