using Hearth.Aws.Signing;

namespace Hearth.Aws.Tests;

/// <summary>Keys of the tests, in memory.</summary>
internal sealed class Keys(params AwsCredential[] credentials) : ICredentialStore
{
    public const string Account = "123456789012";

    public static readonly AwsCredential Admin = new()
    {
        AccessKeyId = "AKIDEXAMPLE1234567",
        SecretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        PrincipalArn = $"arn:aws:iam::{Account}:user/hearth-admin",
        UserId = "AIDAEXAMPLE",
        AccountId = Account,
    };

    public static AwsCredential OfTeam(string team) => Admin with
    {
        AccessKeyId = "AKID" + team.ToUpperInvariant(), SecretAccessKey = "secret-of-" + team, Team = team, PrincipalArn = $"arn:aws:iam::{Account}:user/{team}",
    };

    public IReadOnlyList<AwsCredential> All => credentials;

    public AwsCredential? Find(string accessKeyId) => credentials.FirstOrDefault(c => c.AccessKeyId == accessKeyId);
}

/// <summary>A clock that stands where it is put.</summary>
internal sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
