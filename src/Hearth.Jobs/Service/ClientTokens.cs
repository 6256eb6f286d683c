using System.Collections.Concurrent;

namespace Hearth.Jobs.Service;

/// <summary>
/// Remembers which object a client token has made, and lets one caller at a time use a token. What was made before this process started is
/// read once for each scope. Objects hold their tokens themselves: this is only an index.
/// </summary>
internal sealed class ClientTokens : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ConcurrentDictionary<string, string>>>> _scopes = new(StringComparer.Ordinal);
    private readonly StripedLock _gates = new();

    /// <summary>Runs an action alone for a token. The action gets the known id (or null) and answers with the id that the token now stands for.</summary>
    /// <param name="scope">Within which tokens are unique.</param>
    /// <param name="token">The token.</param>
    /// <param name="load">Reads all tokens of the scope and their ids.</param>
    /// <param name="act">What to do.</param>
    /// <param name="ct">Cancels waiting.</param>
    public async Task<T> UseAsync<T>(
        string scope, string token, Func<Task<IEnumerable<KeyValuePair<string, string>>>> load, Func<string?, Task<(string Id, T Result)>> act, CancellationToken ct)
    {
        using var held = await _gates.EnterAsync($"{scope} {token}", ct).ConfigureAwait(false);
        var known = await KnownAsync(scope, load).ConfigureAwait(false);
        var (id, result) = await act(known.GetValueOrDefault(token)).ConfigureAwait(false);
        known[token] = id;
        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => _gates.Dispose();

    private async Task<ConcurrentDictionary<string, string>> KnownAsync(string scope, Func<Task<IEnumerable<KeyValuePair<string, string>>>> load)
    {
        var lazy = _scopes.GetOrAdd(scope, _ => new(async () => new ConcurrentDictionary<string, string>(await load().ConfigureAwait(false), StringComparer.Ordinal)));
        try
        {
            return await lazy.Value.ConfigureAwait(false);
        }
        catch
        {
            _scopes.TryRemove(KeyValuePair.Create(scope, lazy));
            throw;
        }
    }
}
