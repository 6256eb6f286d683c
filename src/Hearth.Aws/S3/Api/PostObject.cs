using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Hearth.Aws.Http;
using Hearth.Aws.S3.Checksums;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.S3.Api;

/// <summary>POST of a form to a bucket: an object that a browser uploads by itself, with a policy that somebody else signed.</summary>
internal static class PostObject
{
    /// <summary>Whether a request is such a form: it carries no other signature.</summary>
    public static bool IsForm(AwsRequest request) =>
        request.Method is "POST" && request.Header("Content-Type")?.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase) == true
        && request.Header("Authorization") is null && !request.Query.Has("X-Amz-Algorithm");

    public static async Task HandleAsync(S3Call call, PostPolicyVerifier verifier)
    {
        if (call.Bucket.Length == 0 || call.Key.Length > 0)
        {
            throw S3Errors.MethodNotAllowed("POST", "a form is posted to a bucket");
        }
        var form = await PostForm.ReadAsync(call).ConfigureAwait(false);
        call.Request.Signature = verifier.Verify(form);
        var policy = Policy(form);
        policy.Check(form, call.Bucket, verifier.Now);
        call = call.At(Key(form));
        call.RequireRight("s3:PutObject", call.Bucket, call.Key);
        if (form["tagging"] is not null)
        {
            call.RequireRight("s3:PutObjectTagging", call.Bucket, call.Key);
        }
        call.RequireBucket();
        ObjectHeaders.RefuseUnsupported(name => form[name] ?? (name is "x-amz-acl" ? form["acl"] : null));
        var facts = ObjectHeaders.From(form.Fields, Tags(form));
        var info = await StoreAsync(call, form, policy, facts).ConfigureAwait(false);
        await AnswerAsync(call, form, info).ConfigureAwait(false);
    }

    private static async Task<ObjectInfo> StoreAsync(S3Call call, PostForm form, PostPolicy policy, ObjectMetadata facts)
    {
        var expected = ExpectedChecksum.Of(name => form[name]);
        var algorithm = expected?.Algorithm ?? ChecksumNames.Default;
        var limited = new LimitedStream(form.File, policy.Length.Most);
        await using (limited.ConfigureAwait(false))
        {
            StagedObject staged;
            try
            {
                staged = await call.Storage.StageAsync(limited, 0, algorithm, sha256: false, call.Aborted).ConfigureAwait(false);
            }
            catch (IOException e) when (e.HResult is not (Posix.DiskFull or Posix.QuotaExceeded) && !call.Aborted.IsCancellationRequested)
            {
                throw new AwsException(400, "IncompleteBody", "The form ended before its last boundary.");
            }
            await using (staged.ConfigureAwait(false))
            {
                policy.CheckLength(staged.Length);
                var checksum = staged.Digests.Checksum is { } digest ? Convert.ToBase64String(digest) : null;
                if (expected is not null && !string.Equals(expected.Value, checksum, StringComparison.Ordinal))
                {
                    throw S3Errors.BadDigest(expected.Algorithm.ToString());
                }
                return await WriteOperations.CommitAsync(
                    call, staged, facts with { ETag = staged.Digests.ETag, ChecksumAlgorithm = algorithm, Checksum = checksum }, WriteCondition.None).ConfigureAwait(false);
            }
        }
    }

    private static PostPolicy Policy(PostForm form)
    {
        var text = form["policy"]!;
        var json = new byte[text.Length];
        return Convert.TryFromBase64String(text, json, out var count)
            ? PostPolicy.Parse(json[..count])
            : throw new AwsException(400, "InvalidPolicyDocument", "Invalid Policy: it is not Base64.");
    }

    private static string Key(PostForm form)
    {
        var key = form["key"];
        if (string.IsNullOrEmpty(key))
        {
            throw S3Errors.InvalidArgument("key", "", "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.");
        }
        S3Address.Check(key);
        return key;
    }

    private static IReadOnlyDictionary<string, string> Tags(PostForm form)
    {
        try
        {
            return form["tagging"] is { } text ? Tagging.FromXml(XElement.Parse(text)) : ObjectMetadata.NoEntries;
        }
        catch (XmlException)
        {
            throw S3Errors.MalformedXml();
        }
    }

    private static Task AnswerAsync(S3Call call, PostForm form, ObjectInfo info)
    {
        var location = $"http://{call.Header("Host")}/{PercentEncoding.Encode(call.Bucket)}/{PercentEncoding.Encode(call.Key, keepSlash: true)}";
        call.Response.Headers.ETag = ETags.Quoted(info.ETag);
        call.Response.Headers.Location = location;
        if ((form["success_action_redirect"] ?? form["redirect"]) is { } target
            && Uri.TryCreate(target, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        {
            var query = $"bucket={PercentEncoding.Encode(call.Bucket)}&key={PercentEncoding.Encode(call.Key)}&etag={PercentEncoding.Encode(ETags.Quoted(info.ETag))}";
            call.Response.Headers.Location = $"{uri.AbsoluteUri}{(uri.Query.Length == 0 ? '?' : '&')}{query}";
            return call.EmptyAsync(303);
        }
        return form["success_action_status"] switch
        {
            "200" => call.EmptyAsync(200),
            "201" => call.XmlAsync(new XmlText().Open("PostResponse").Add("Location", location).Add("Bucket", call.Bucket).Add("Key", call.Key)
                .Add("ETag", ETags.Quoted(info.ETag)).Close("PostResponse"), 201),
            _ => call.EmptyAsync(204),
        };
    }

    /// <summary>Ends an upload that grows beyond what its policy allows, instead of taking all of it first.</summary>
    private sealed class LimitedStream(Stream inner, long most) : Stream
    {
        private long total;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => total;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            total += read;
            return total <= most
                ? read
                : throw new AwsException(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
                {
                    Details = [new("MaxSizeAllowed", most.ToString(CultureInfo.InvariantCulture))],
                };
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
