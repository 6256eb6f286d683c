using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Hosting;

/// <summary>The variables with which unmodified clients (aws, boto3, kubectl), and <c>hearth</c> itself, reach a platform, as lines for a shell.</summary>
internal static class EnvironmentExports
{
    public static readonly string[] Shells = ["sh", "fish", "powershell"];

    public static IReadOnlyList<KeyValuePair<string, string>> Variables(PlatformEndpoints endpoints, string dataDirectory) =>
    [
        new("AWS_ENDPOINT_URL", endpoints.Aws),
        new("AWS_CONFIG_FILE", endpoints.AwsConfigFile),
        new("AWS_SHARED_CREDENTIALS_FILE", endpoints.AwsCredentialsFile),
        new("AWS_PROFILE", endpoints.AwsProfile),
        new("AWS_REGION", endpoints.Region),
        new("KUBECONFIG", endpoints.Kubeconfig),
        new("HEARTH_DATA_DIR", dataDirectory),
    ];

    public static IEnumerable<string> Lines(PlatformEndpoints endpoints, string dataDirectory, string shell) =>
        Variables(endpoints, dataDirectory).Select(v => Line(v.Key, v.Value, shell));

    private static string Line(string name, string value, string shell) => shell switch
    {
        "sh" => $"export {name}={QuoteSh(value)}",
        "fish" => $"set -gx {name} {QuoteFish(value)};",
        "powershell" => $"$env:{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'",
        _ => throw CliException.BadInput($"unknown shell '{shell}'", $"Valid: {string.Join(", ", Shells)}."),
    };

    /// <summary>Plain words stay readable; everything else goes into single quotes, where only the quote itself is special.</summary>
    private static string QuoteSh(string value) =>
        IsPlain(value) ? value : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string QuoteFish(string value) =>
        IsPlain(value)
            ? value
            : $"'{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static bool IsPlain(string value) =>
        value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or ':' or '@' or '+' or ',');
}
