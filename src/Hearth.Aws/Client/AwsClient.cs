using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Hearth.Aws.Http;
using Hearth.Aws.Signing;

namespace Hearth.Aws.Client;

/// <summary>
/// A small client of AWS-shaped services: signs requests (SigV4) and reads errors. It serves the command line, which must not load a
/// whole SDK to start a job; programs use the SDK of their language.
/// </summary>
public sealed class AwsClient(Uri endpoint, AwsCredential credential, string region, TimeProvider time) : IAwsClient
{
    private const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = endpoint, Timeout = TimeSpan.FromMinutes(5) };

    /// <inheritdoc/>
    public async Task<JsonObject> JsonAsync(string service, HttpMethod method, string path, JsonObject? body, CancellationToken ct)
    {
        using var content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
        var hash = content is null ? EmptyHash : CanonicalRequest.Hex(SHA256.HashData(await content.ReadAsByteArrayAsync(ct).ConfigureAwait(false)));
        if (content is not null)
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await SendAsync(service, method, path, content, hash, ct).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }

    /// <inheritdoc/>
    public async Task PutFileAsync(string bucket, string key, string file, CancellationToken ct)
    {
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        await using (stream.ConfigureAwait(false))
        {
            var hash = CanonicalRequest.Hex(await SHA256.HashDataAsync(stream, ct).ConfigureAwait(false));
            stream.Position = 0;
            using var content = new StreamContent(stream, 1 << 16);
            content.Headers.ContentLength = stream.Length;
            using var response = await SendAsync("s3", HttpMethod.Put, $"/{bucket}/{PercentEncoding.Encode(key, keepSlash: true)}", content, hash, ct).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> GetObjectAsync(string bucket, string key, CancellationToken ct)
    {
        var response = await SendAsync("s3", HttpMethod.Get, $"/{bucket}/{PercentEncoding.Encode(key, keepSlash: true)}", null, EmptyHash, ct).ConfigureAwait(false);
        return await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(string service, HttpMethod method, string path, HttpContent? content, string hash, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, new Uri(endpoint, path)) { Content = content };
        Sign(request, service, hash);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct).ConfigureAwait(false);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await ErrorAsync(response, ct).ConfigureAwait(false);
        }
    }

    private void Sign(HttpRequestMessage request, string service, string hash)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var timestamp = now.ToString("yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var scope = $"{timestamp[..8]}/{region}/{service}/aws4_request";
        var uri = request.RequestUri!;
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = uri.Authority, ["x-amz-content-sha256"] = hash, ["x-amz-date"] = timestamp,
        };
        if (credential.SessionToken is { } token)
        {
            headers["x-amz-security-token"] = token;
        }

        string[] names = [.. headers.Keys.Order(StringComparer.Ordinal)];
        var canonical = CanonicalRequest.Build(
            request.Method.Method, uri.AbsolutePath, QueryParameters.Parse(uri.Query.TrimStart('?')), names, headers.GetValueOrDefault, hash, singleEncoding: service == "s3");
        var signature = SigningKey.Derive(credential.SecretAccessKey, timestamp[..8], region, service).Sign(CanonicalRequest.StringToSign(timestamp, scope, canonical));
        foreach (var (name, value) in headers.Where(h => h.Key != "host"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{SignatureClaim.Algorithm} Credential={credential.AccessKeyId}/{scope}, SignedHeaders={string.Join(';', names)}, Signature={signature}");
    }

    private static async Task<AwsClientException> ErrorAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct).ConfigureAwait(false);
        var status = (int)response.StatusCode;
        try
        {
            if (text.StartsWith('<'))
            {
                var xml = XDocument.Parse(text).Root!;
                return new AwsClientException(status, xml.Element("Code")?.Value ?? "Unknown", xml.Element("Message")?.Value ?? text);
            }

            var json = JsonNode.Parse(text)!;
            var type = response.Headers.TryGetValues("x-amzn-ErrorType", out var values) ? values.First() : json["__type"]?.GetValue<string>() ?? "Unknown";
            return new AwsClientException(status, type.Split(':')[0], (json["message"] ?? json["Message"])?.GetValue<string>() ?? text);
        }
        catch (Exception e) when (e is JsonException or System.Xml.XmlException or InvalidOperationException)
        {
            return new AwsClientException(status, ((HttpStatusCode)status).ToString(), text);
        }
    }
}
