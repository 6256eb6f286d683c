using System.Globalization;
using System.Text;
using Hearth.Aws.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Hearth.Aws.S3.Api;

/// <summary>A form (<c>multipart/form-data</c>) that a browser uploads: fields, then the file.</summary>
internal sealed class PostForm
{
    private const int MostFieldBytes = 20 * 1024;
    private readonly Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);

    private PostForm()
    {
    }

    /// <summary>All fields before the file; names in any case.</summary>
    public IReadOnlyDictionary<string, string> Fields => fields;

    /// <summary>The file's bytes, still to be read.</summary>
    public required Stream File { get; init; }

    /// <summary>A field or null.</summary>
    public string? this[string name] => fields.GetValueOrDefault(name);

    /// <summary>Reads up to the file.</summary>
    public static async Task<PostForm> ReadAsync(S3Call call)
    {
        var boundary = MediaTypeHeaderValue.TryParse(call.Header("Content-Type"), out var type) ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200)
        {
            throw Malformed("The boundary of the form is missing.");
        }
        var reader = new MultipartReader(boundary, call.Request.Http.Request.Body) { HeadersLengthLimit = MostFieldBytes };
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var left = MostFieldBytes;
        try
        {
            while (await reader.ReadNextSectionAsync(call.Aborted).ConfigureAwait(false) is { } section)
            {
                var name = Name(section, out var fileName);
                if (string.Equals(name, "file", StringComparison.OrdinalIgnoreCase))
                {
                    return Made(fields, fileName, section);
                }
                var value = await ValueAsync(section, left, call.Aborted).ConfigureAwait(false);
                left -= name.Length + value.Length;
                if (!fields.TryAdd(name, value))
                {
                    throw Malformed($"The field {name} occurs twice.");
                }
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException && !call.Aborted.IsCancellationRequested)
        {
            throw Malformed("It ends too early or one of its parts is too large.");
        }
        throw S3Errors.InvalidArgument("file", null, "POST requires exactly one file upload per request.");
    }

    private static PostForm Made(Dictionary<string, string> fields, string? fileName, MultipartSection section)
    {
        var form = new PostForm { File = section.Body };
        foreach (var (name, value) in fields)
        {
            form.fields[name] = value.Replace("${filename}", fileName ?? "", StringComparison.Ordinal);
        }
        if (fields.TryGetValue("policy", out var policy))
        {
            form.fields["policy"] = policy;
        }
        return form;
    }

    private static string Name(MultipartSection section, out string? fileName)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || disposition.Name.Length == 0)
        {
            throw Malformed("A part of the form has no name.");
        }
        // Browsers send the name of the file alone; some older ones sent its path.
        fileName = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
        fileName = fileName?[(fileName.LastIndexOfAny(['/', '\\']) + 1)..];
        return HeaderUtilities.RemoveQuotes(disposition.Name).Value!;
    }

    private static async Task<string> ValueAsync(MultipartSection section, int most, CancellationToken ct)
    {
        var buffer = new byte[most + 1];
        var read = await section.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        return read <= most
            ? Encoding.UTF8.GetString(buffer, 0, read)
            : throw new AwsException(400, "MaxPostPreDataLengthExceeded", string.Create(
                CultureInfo.InvariantCulture, $"Your POST request fields preceding the upload file were too large: at most {MostFieldBytes} bytes."));
    }

    private static AwsException Malformed(string why) =>
        new(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data. " + why);
}
