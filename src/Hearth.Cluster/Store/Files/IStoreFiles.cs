namespace Hearth.Cluster.Store.Files;

/// <summary>The directory of a store: the seam that tests use to lose power and fill the disk.</summary>
internal interface IStoreFiles
{
    /// <summary>For messages.</summary>
    string Directory { get; }

    /// <summary>Names of all files.</summary>
    IReadOnlyList<string> List();

    /// <summary>Opens for reading and writing; creates the file, empty, when asked to and it is missing.</summary>
    IStoreFile Open(string name, bool create);

    /// <summary>Replaces the target when it exists.</summary>
    void Rename(string from, string to);

    void Delete(string name);

    /// <summary>Makes creations, renames and deletions durable.</summary>
    void FlushDirectory();
}

/// <summary>One open file.</summary>
internal interface IStoreFile : IDisposable
{
    long Length { get; }

    /// <summary>Fills the buffer as far as the file reaches; the number of bytes read.</summary>
    int Read(long offset, Span<byte> into);

    void Write(long offset, ReadOnlySpan<byte> data);

    void SetLength(long length);

    /// <summary>Returns when everything written to the file is on the disk (fsync).</summary>
    void Flush();
}
