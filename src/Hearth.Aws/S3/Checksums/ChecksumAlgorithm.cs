namespace Hearth.Aws.S3.Checksums;

/// <summary>The checksums that S3 offers beside the ETag.</summary>
public enum ChecksumAlgorithm
{
    Crc32,
    Crc32C,
    Crc64Nvme,
    Sha1,
    Sha256,
}

/// <summary>Names of the algorithms on the wire.</summary>
public static class ChecksumNames
{
    /// <summary>All algorithms.</summary>
    public static IReadOnlyList<ChecksumAlgorithm> All { get; } = Enum.GetValues<ChecksumAlgorithm>();

    /// <summary>What S3 computes for an object that came without a checksum (Amazon S3 user guide, "Checking object integrity").</summary>
    public const ChecksumAlgorithm Default = ChecksumAlgorithm.Crc64Nvme;

    /// <summary>As in <c>x-amz-sdk-checksum-algorithm</c>, for example <c>CRC64NVME</c>.</summary>
    public static string Name(this ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc32 => "CRC32",
        ChecksumAlgorithm.Crc32C => "CRC32C",
        ChecksumAlgorithm.Crc64Nvme => "CRC64NVME",
        ChecksumAlgorithm.Sha1 => "SHA1",
        _ => "SHA256",
    };

    /// <summary>For example <c>x-amz-checksum-crc32</c>.</summary>
    public static string Header(this ChecksumAlgorithm algorithm) => "x-amz-checksum-" + algorithm.Name().ToLowerInvariant();

    /// <summary>Element of XML documents, for example <c>ChecksumCRC32</c>.</summary>
    public static string Element(this ChecksumAlgorithm algorithm) => "Checksum" + algorithm.Name();

    /// <summary>Bytes of a digest.</summary>
    public static int Size(this ChecksumAlgorithm algorithm) => algorithm switch
    {
        ChecksumAlgorithm.Crc64Nvme => 8,
        ChecksumAlgorithm.Sha1 => 20,
        ChecksumAlgorithm.Sha256 => 32,
        _ => 4,
    };

    /// <summary>Whether the checksum of a whole can be had from those of its parts.</summary>
    public static bool IsCrc(this ChecksumAlgorithm algorithm) => algorithm <= ChecksumAlgorithm.Crc64Nvme;

    /// <summary>By name, without regard to case; null when unknown.</summary>
    public static ChecksumAlgorithm? Parse(string? name) =>
        All.Where(a => string.Equals(a.Name(), name, StringComparison.OrdinalIgnoreCase)).Select(a => (ChecksumAlgorithm?)a).FirstOrDefault();
}
