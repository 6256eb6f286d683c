using System.Text;

namespace Hearth.Aws.Signing;

/// <summary>Writes the AWS shared files (<c>config</c>, <c>credentials</c>): profile <c>hearth</c> for the administrator and one a team, named as the team.</summary>
public static class AwsProfiles
{
    /// <summary>Name of the administrator's profile.</summary>
    public const string AdminProfile = "hearth";

    /// <summary>The profile of a credential.</summary>
    public static string ProfileOf(AwsCredential credential) => credential.Team switch
    {
        null => AdminProfile,
        AdminProfile or "default" => $"{AdminProfile}-{credential.Team}",
        var team => team,
    };

    /// <summary>
    /// Replaces <c>config</c> and <c>credentials</c> in a directory, both of mode 0600; point <c>AWS_CONFIG_FILE</c> and
    /// <c>AWS_SHARED_CREDENTIALS_FILE</c> at them.
    /// </summary>
    /// <param name="directory">Created when missing.</param>
    /// <param name="credentials">The keys.</param>
    /// <param name="region">For example <c>us-west-2</c>.</param>
    /// <param name="endpoint">For example <c>http://127.0.0.1:4566</c>; every service of the profile goes there.</param>
    public static void Write(string directory, IEnumerable<AwsCredential> credentials, string region, Uri endpoint)
    {
        var config = new StringBuilder();
        var keys = new StringBuilder();
        foreach (var credential in credentials)
        {
            var profile = ProfileOf(credential);
            config.Append(FormattableString.Invariant($"[profile {profile}]\nregion = {region}\noutput = json\nendpoint_url = {endpoint.AbsoluteUri.TrimEnd('/')}\n\n"));
            keys.Append(FormattableString.Invariant($"[{profile}]\naws_access_key_id = {credential.AccessKeyId}\naws_secret_access_key = {credential.SecretAccessKey}\n"));
            if (credential.SessionToken is { } token)
            {
                keys.Append("aws_session_token = ").Append(token).Append('\n');
            }
            keys.Append('\n');
        }
        PrivateFile.Replace(Path.Combine(directory, "config"), Encoding.UTF8.GetBytes(config.ToString()));
        PrivateFile.Replace(Path.Combine(directory, "credentials"), Encoding.UTF8.GetBytes(keys.ToString()));
    }
}
