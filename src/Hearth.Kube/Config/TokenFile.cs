namespace Hearth.Kube.Config;

/// <summary>A bearer token in a file that somebody else keeps fresh; read again after a while.</summary>
internal sealed class TokenFile(string path, TimeSpan lifetime, TimeProvider time)
{
    private readonly Lock _lock = new();
    private string? _token;
    private long _readAt;

    /// <summary>The token.</summary>
    public async ValueTask<string?> ReadAsync(CancellationToken ct)
    {
        lock (_lock)
        {
            if (_token is not null && time.GetElapsedTime(_readAt) < lifetime)
            {
                return _token;
            }
        }

        var token = (await File.ReadAllTextAsync(path, ct).ConfigureAwait(false)).Trim();
        lock (_lock)
        {
            _token = token;
            _readAt = time.GetTimestamp();
        }

        return token;
    }
}
