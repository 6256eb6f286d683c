namespace Hearth.Cluster.Store;

/// <summary>Anything the store cannot do; the message says what and how to go on.</summary>
public class StoreException : Exception
{
    public StoreException(string message)
        : base(message)
    {
    }

    public StoreException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>The history that was asked for is gone (Kubernetes: 410 Expired). List again.</summary>
public sealed class CompactedException(long requested, long compacted, long current, string message) : StoreException(message)
{
    /// <summary>The revision that was asked for, or that a slow watch had reached.</summary>
    public long Requested { get; } = requested;

    /// <summary>The oldest revision that still works.</summary>
    public long Compacted { get; } = compacted;

    /// <summary>The store's revision when this was found.</summary>
    public long Current { get; } = current;
}

/// <summary>A revision was asked for that the store has not reached (Kubernetes: 504 Timeout, too large resource version).</summary>
public sealed class FutureRevisionException(long requested, long current)
    : StoreException($"Revision {requested} has not happened yet; the store is at {current}.")
{
    public long Requested { get; } = requested;

    public long Current { get; } = current;
}

/// <summary>A write could not be made durable and was not applied; reads go on working.</summary>
public sealed class StoreWriteException(string message, Exception inner) : StoreException(message, inner);

/// <summary>The files of the store are damaged or from a newer version; the store does not open and changes nothing.</summary>
public sealed class StoreCorruptException(string file, long offset, string message)
    : StoreException($"{message} (file {file}, offset {offset})")
{
    /// <summary>The damaged file.</summary>
    public string File { get; } = file;

    /// <summary>Byte offset in the file.</summary>
    public long Offset { get; } = offset;
}
