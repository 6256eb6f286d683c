using Hearth.Aws.S3.Checksums;

namespace Hearth.Aws.S3.Api;

/// <summary>The checksum a request brings for its body.</summary>
/// <param name="Algorithm">Which one.</param>
/// <param name="Value">Base64; null when it comes in the trailer.</param>
internal sealed record ExpectedChecksum(ChecksumAlgorithm Algorithm, string? Value)
{
    /// <summary>From the headers; null when there is none.</summary>
    public static ExpectedChecksum? Of(S3Call call) => Of(call.Header);

    /// <summary>From headers or the fields of a form.</summary>
    public static ExpectedChecksum? Of(Func<string, string?> field)
    {
        var given = ChecksumNames.All.Where(a => field(a.Header()) is not null).ToArray();
        if (given.Length > 1)
        {
            throw S3Errors.InvalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }
        if (given.Length == 1)
        {
            return new ExpectedChecksum(given[0], Valid(given[0], field(given[0].Header())!));
        }
        var trailer = field("x-amz-trailer");
        var announced = trailer?.Split(',', StringSplitOptions.TrimEntries)
            .SelectMany(name => ChecksumNames.All.Where(a => string.Equals(a.Header(), name, StringComparison.OrdinalIgnoreCase))).ToArray() ?? [];
        if (announced.Length == 1)
        {
            return new ExpectedChecksum(announced[0], null);
        }
        if (trailer is not null)
        {
            throw S3Errors.InvalidRequest("The value specified in the x-amz-trailer header is not supported");
        }
        return null;
    }

    private static string Valid(ChecksumAlgorithm algorithm, string value)
    {
        var bytes = new byte[64];
        return Convert.TryFromBase64String(value, bytes, out var count) && count == algorithm.Size()
            ? value
            : throw S3Errors.InvalidRequest($"Value for {algorithm.Header()} header is invalid.");
    }
}
