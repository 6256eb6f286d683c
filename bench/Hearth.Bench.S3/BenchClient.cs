using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Hearth.Aws.Http;
using Hearth.Aws.Signing;

namespace Hearth.Bench.S3;

/// <summary>A client that signs its requests to a bucket <c>bench</c>.</summary>
internal sealed class BenchClient(Uri address, AwsCredential credential) : IDisposable
{
    private const string Region = BenchServer.Region;
    private readonly HttpClient client = new();

    public static string HashOf(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    public async Task PutFileAsync(string key, string path, string payloadHash)
    {
        using var content = new StreamContent(File.OpenRead(path), 1 << 20);
        await SendAsync("PUT", "/bench/" + key, payloadHash, content);
    }

    public async Task PutAsync(string key, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        await SendAsync("PUT", "/bench/" + key, Convert.ToHexStringLower(SHA256.HashData(bytes)), content);
    }

    public Task GetAsync(string key) => SendAsync("GET", "/bench/" + key, PayloadMarkers.EmptyHash, null);

    public async Task ListAllAsync(string prefix, int count)
    {
        var (seen, token) = (0, "");
        do
        {
            var query = (token.Length == 0 ? "" : $"continuation-token={PercentEncoding.Encode(token)}&") + $"list-type=2&prefix={PercentEncoding.Encode(prefix)}";
            using var memory = new MemoryStream();
            await SendAsync("GET", "/bench?" + query, PayloadMarkers.EmptyHash, null, memory);
            memory.Position = 0;
            var page = XElement.Load(memory);
            seen += page.Elements().Count(e => e.Name.LocalName is "Contents");
            token = page.Elements().FirstOrDefault(e => e.Name.LocalName is "NextContinuationToken")?.Value ?? "";
        }
        while (token.Length > 0);
        if (seen != count)
        {
            throw new InvalidOperationException($"{seen} keys listed instead of {count}.");
        }
    }

    public Task CreateBucketAsync()
    {
        var document = Encoding.UTF8.GetBytes($"<CreateBucketConfiguration><LocationConstraint>{Region}</LocationConstraint></CreateBucketConfiguration>");
        return SendAsync("PUT", "/bench", Convert.ToHexStringLower(SHA256.HashData(document)), new ByteArrayContent(document));
    }

    public void Dispose() => client.Dispose();

    private async Task SendAsync(string method, string target, string payloadHash, HttpContent? content, Stream? into = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, target)) { Content = content };
        var now = DateTime.UtcNow;
        var (date, timestamp) = (now.ToString("yyyyMMdd", CultureInfo.InvariantCulture), now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = address.Authority, ["x-amz-content-sha256"] = payloadHash, ["x-amz-date"] = timestamp,
        };
        var question = target.IndexOf('?');
        var canonical = CanonicalRequest.Build(
            method, question < 0 ? target : target[..question], QueryParameters.Parse(question < 0 ? "" : target[(question + 1)..]),
            [.. headers.Keys], n => headers[n], payloadHash, singleEncoding: true);
        var scope = $"{date}/{Region}/s3/aws4_request";
        var signature = SigningKey.Derive(credential.SecretAccessKey, date, Region, "s3").Sign(CanonicalRequest.StringToSign(timestamp, scope, canonical));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={credential.AccessKeyId}/{scope}, SignedHeaders={string.Join(';', headers.Keys)}, Signature={signature}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {target}: {await new StreamReader(stream, Encoding.UTF8).ReadToEndAsync()}");
        }
        await stream.CopyToAsync(into ?? Stream.Null, 1 << 18);
    }
}
