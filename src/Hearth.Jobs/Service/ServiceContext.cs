using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Objects;

namespace Hearth.Jobs.Service;

/// <summary>What the parts of the service share: the cluster, the clock, client tokens.</summary>
internal sealed class ServiceContext(IKubeClient client, JobServiceOptions options, TimeProvider time) : IDisposable
{
    private readonly ClientTokens _tokens = new();

    public IKubeClient Client => client;

    public JobServiceOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>A virtual cluster of the operations whose error for an unknown one is ResourceNotFoundException.</summary>
    /// <exception cref="JobNotFoundException">There is none.</exception>
    public async Task<VirtualCluster> ClusterAsync(string id, CancellationToken ct) =>
        await client.FindAsync<VirtualCluster>(null, id, ct).ConfigureAwait(false) ?? throw new JobNotFoundException(NoCluster(id));

    /// <summary>A virtual cluster of the operations that have no ResourceNotFoundException.</summary>
    /// <exception cref="JobValidationException">There is none.</exception>
    public async Task<VirtualCluster> KnownClusterAsync(string id, CancellationToken ct) =>
        await client.FindAsync<VirtualCluster>(null, id, ct).ConfigureAwait(false) ?? throw new JobValidationException(NoCluster(id), "virtualClusterId");

    /// <summary>Makes an object once for a client token.</summary>
    /// <param name="what">What it is called in messages.</param>
    /// <param name="scope">Within which tokens are unique; also the namespace when the kind has one.</param>
    /// <param name="token">The client token.</param>
    /// <param name="digest">Digest of the request.</param>
    /// <param name="known">All objects of the scope with their tokens.</param>
    /// <param name="make">Makes the object.</param>
    /// <param name="ct">Cancels waiting.</param>
    /// <exception cref="JobConflictException">The token was used for another request.</exception>
    public Task<T> OnceAsync<T>(
        string what, TokenScope scope, string token, string digest, Func<Task<IEnumerable<KeyValuePair<string, string>>>> known, Func<Task<T>> make, CancellationToken ct)
        where T : class, IKubeObject<T> =>
        _tokens.UseAsync(
            $"{T.Type.Plural} {scope.Name}",
            token,
            known,
            async id =>
            {
                var first = id is null ? null : await client.FindAsync<T>(scope.Namespace, id, ct).ConfigureAwait(false);
                var result = first is null ? await make().ConfigureAwait(false) : Same(first, what, token, digest);
                return (result.Metadata.Name!, result);
            },
            ct);

    /// <inheritdoc/>
    public void Dispose() => _tokens.Dispose();

    private static T Same<T>(T first, string what, string token, string digest) where T : class, IKubeObject<T> =>
        first.Metadata.Annotation(EmrGroup.RequestAnnotation) is { } before && before != digest
            ? throw new JobConflictException($"Client token {token} was already used for {what} {first.Metadata.Name} with other parameters: use a new token for a new request.")
            : first;

    private static string NoCluster(string id) => $"Virtual cluster {id} doesn't exist.";
}

/// <summary>Within which client tokens are unique.</summary>
/// <param name="Name">Id of the virtual cluster, who made it, or empty.</param>
/// <param name="Namespace">Namespace of the objects, or null.</param>
internal sealed record TokenScope(string Name, string? Namespace)
{
    /// <summary>The account: for what belongs to no virtual cluster.</summary>
    public static TokenScope Account { get; } = new("", null);

    /// <summary>What a caller makes that belongs to no virtual cluster: a token of somebody else's request leads nobody to what it made.</summary>
    public static TokenScope Of(JobCaller caller) => new(Principal(caller.Arn), null);

    /// <summary>Who made something: the user, or the role whatever its session.</summary>
    public static string Principal(string? arn) => arn?.Split(":assumed-role/") is [var account, var session] ? $"{account}:assumed-role/{session.Split('/')[0]}" : arn ?? "";

    /// <summary>A virtual cluster.</summary>
    public static TokenScope Of(VirtualCluster cluster) => new(cluster.Id, cluster.Namespace);
}
