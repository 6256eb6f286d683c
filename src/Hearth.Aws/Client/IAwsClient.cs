using System.Text.Json.Nodes;

namespace Hearth.Aws.Client;

/// <summary>What the command line asks of AWS-shaped services. Every member throws <see cref="AwsClientException"/> when the service refuses.</summary>
public interface IAwsClient : IDisposable
{
    /// <summary>Calls a JSON operation.</summary>
    /// <param name="service">Name in the credential scope, for example <c>emr-containers</c>.</param>
    /// <param name="method">GET, POST, ...</param>
    /// <param name="path">Path with query, percent-encoded.</param>
    /// <param name="body">Request members, or null for none.</param>
    /// <param name="ct">Ends the call.</param>
    Task<JsonObject> JsonAsync(string service, HttpMethod method, string path, JsonObject? body, CancellationToken ct);

    /// <summary>Uploads a file as an object.</summary>
    Task PutFileAsync(string bucket, string key, string file, CancellationToken ct);

    /// <summary>Opens an object for reading from its beginning.</summary>
    Task<Stream> GetObjectAsync(string bucket, string key, CancellationToken ct);
}
