using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hearth.Aws.Signing;

/// <summary>Keys in a JSON file of mode 0600: one for the administrator and one a team. Made at the first start, kept after that.</summary>
public sealed class FileCredentialStore : ICredentialStore
{
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const string SecretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private readonly Dictionary<string, AwsCredential> byKey;

    private FileCredentialStore(IReadOnlyList<AwsCredential> credentials)
    {
        All = credentials;
        byKey = credentials.ToDictionary(c => c.AccessKeyId, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyList<AwsCredential> All { get; }

    /// <inheritdoc/>
    public AwsCredential? Find(string accessKeyId) => byKey.GetValueOrDefault(accessKeyId);

    /// <summary>Reads the file, adds keys for the administrator and for teams that have none, drops those of teams that are gone.</summary>
    /// <param name="path">For example <c>DATA-DIR/credentials.json</c>.</param>
    /// <param name="accountId">Twelve digits.</param>
    /// <param name="teams">Names of the declared teams.</param>
    /// <exception cref="InvalidDataException">The file is not what this class wrote; the message says what to do.</exception>
    public static FileCredentialStore Open(string path, string accountId, IEnumerable<string> teams)
    {
        var stored = File.Exists(path) ? Read(path) : [];
        var kept = new List<AwsCredential>();
        foreach (var team in teams.Distinct(StringComparer.Ordinal).Prepend(null))
        {
            var old = stored.FirstOrDefault(c => string.Equals(c.Team, team, StringComparison.Ordinal));
            kept.Add(old is not null && string.Equals(old.AccountId, accountId, StringComparison.Ordinal) ? old : Create(accountId, team));
        }
        if (!kept.SequenceEqual(stored))
        {
            PrivateFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(kept, CredentialJson.Default.ListAwsCredential));
        }
        return new FileCredentialStore(kept);
    }

    /// <summary>Reads the file as it is, as clients do.</summary>
    /// <exception cref="FileNotFoundException">No platform has made it.</exception>
    /// <exception cref="InvalidDataException">The file is not what this class wrote; the message says what to do.</exception>
    public static FileCredentialStore Load(string path) => new(Read(path));

    private static List<AwsCredential> Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CredentialJson.Default.ListAwsCredential) ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} is not a file of access keys ({e.Message}). Remove it: new keys are made at the next start.", e);
        }
    }

    private static AwsCredential Create(string accountId, string? team) => new()
    {
        AccessKeyId = "AKIA" + RandomNumberGenerator.GetString(Base32, 16),
        SecretAccessKey = RandomNumberGenerator.GetString(SecretAlphabet, 40),
        UserId = "AIDA" + RandomNumberGenerator.GetString(Base32, 17),
        PrincipalArn = $"arn:aws:iam::{accountId}:user/{(team is null ? "hearth-admin" : team)}",
        AccountId = accountId,
        Team = team,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true)]
[JsonSerializable(typeof(List<AwsCredential>))]
internal sealed partial class CredentialJson : JsonSerializerContext;
