using System.Text.Json.Nodes;
using Hearth.Aws.Iam.Resources;
using Hearth.Aws.Signing;
using Hearth.Aws.Tests.Http;

namespace Hearth.Aws.Tests.S3;

/// <summary>Which rights S3 asks for, and what it tells who lacks them: cases/s3-rights.txt.</summary>
public sealed class RightsTests
{
    public static TheoryData<string, string, string> Cases()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var parts in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "cases/s3-rights.txt")).Where(l => l.Length > 0 && l[0] != '#').Select(l => l.Split(" | ")))
        {
            data.Add(parts[0], parts[1], parts[2]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_request_needs_its_rights(string actions, string request, string expected)
    {
        var endpoint = new UserEndpoint(actions.Split(' '));
        await endpoint.InitializeAsync();
        try
        {
            endpoint.Asks = Keys.Admin;
            (await endpoint.SendAsync("s3", "PUT", "/data/there", "x")).Status.ShouldBe(200);
            (await endpoint.SendAsync("s3", "PUT", "/data/tagged", "x", [("x-amz-tagging", "a=b")])).Status.ShouldBe(200);
            endpoint.Asks = UserEndpoint.User;
            var words = request.Split(" [");
            var headers = words[1..].Select(h => h.TrimEnd(']').Split(": ")).Select(h => (h[0], h[1])).ToArray();
            var answer = await endpoint.SendAsync("s3", words[0].Split(' ')[0], words[0].Split(' ')[1], words[0].StartsWith("PUT", StringComparison.Ordinal) && headers.All(h => h.Item1 != "x-amz-copy-source") ? "body" : "", headers);
            answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(expected.Split(' ')[0], answer.Body);
            answer.Body.ShouldContain(expected.Contains(' ') ? expected[4..] : "");
            if (answer.Status == 403 && expected.Contains(' '))
            {
                answer.Body.ShouldContain($"is not authorized to perform: {expected[4..]} on resource");
            }
        }
        finally
        {
            await endpoint.DisposeAsync();
        }
    }

    private sealed class UserEndpoint(string[] actions) : Endpoint
    {
        public static readonly AwsCredential User = Keys.Admin with
        {
            AccessKeyId = "AKIDSOMEBODY", SecretAccessKey = "secret-of-somebody", PrincipalArn = $"arn:aws:iam::{Keys.Account}:user/somebody", Team = "somebody",
        };

        public AwsCredential Asks { get; set; } = Keys.Admin;

        internal override AwsCredential Signer => Asks;

        internal override ICredentialStore Believed { get; } = new Keys(Keys.Admin, User);

        protected override IEnumerable<IamUser> Users => [new IamUser { Spec = new IamUserSpec { UserName = "somebody", Team = "somebody", Policies = [new InlinePolicy("rights", Policy())] } }];

        private JsonObject Policy() => new()
        {
            ["Version"] = "2012-10-17",
            ["Statement"] = new JsonArray(new JsonObject
            {
                ["Effect"] = "Allow", ["Action"] = new JsonArray([.. actions.Select(a => (JsonNode)a)]), ["Resource"] = new JsonArray("arn:aws:s3:::data", "arn:aws:s3:::data/*"),
            }),
        };
    }
}
