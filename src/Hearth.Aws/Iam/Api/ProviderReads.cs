using Hearth.Aws.Eks;

namespace Hearth.Aws.Iam.Api;

/// <summary>Looks at identity providers: the cluster's issuer is the only one.</summary>
internal static class ProviderReads
{
    public static Task ListAsync(IamCall call)
    {
        call.Require("*");
        return call.AnswerAsync(xml =>
        {
            xml.Open("OpenIDConnectProviderList");
            if (Arn(call) is { } arn)
            {
                xml.Open("member").Add("Arn", arn).Close("member");
            }

            xml.Close("OpenIDConnectProviderList");
        });
    }

    public static Task GetAsync(IamCall call)
    {
        var arn = call.Form.Required("OpenIDConnectProviderArn");
        call.Require(arn);
        if (!string.Equals(arn, Arn(call), StringComparison.Ordinal))
        {
            throw IamCall.NoSuch($"OpenIDConnect Provider not found for arn {arn}");
        }

        return call.AnswerAsync(xml => xml
            .Add("Url", call.Settings.Issuer!["https://".Length..])
            .Open("ClientIDList").Open("member").Text(OidcIssuer.StsAudience).Close("member").Close("ClientIDList")
            .Open("ThumbprintList").Close("ThumbprintList"));
    }

    private static string? Arn(IamCall call) => call.Settings.Issuer is { } issuer ? IamArns.Provider(call.Settings.AccountId, issuer) : null;
}
