using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Aws.Iam.Resources;
using Hearth.Kube.Client;
using Hearth.Kube.Informers;
using Hearth.Kube.Objects;

namespace Hearth.Aws.Iam;

/// <summary>Identities as objects of the cluster: durable as everything there, and changed by <c>kubectl</c> as well as by IAM.</summary>
public sealed class KubeIdentityStore(IKubeClient client, TimeProvider time) : IIdentityStore
{
    private readonly Kind<IamRole> roles = new(client, time);
    private readonly Kind<IamUser> users = new(client, time);
    private readonly Kind<IamPolicy> policies = new(client, time);

    /// <inheritdoc/>
    public IReadOnlyList<IamRole> Roles => roles.All;

    /// <inheritdoc/>
    public IReadOnlyList<IamUser> Users => users.All;

    /// <inheritdoc/>
    public IReadOnlyList<IamPolicy> Policies => policies.All;

    /// <summary>Completes when everything has been read once.</summary>
    public Task Synced => Task.WhenAll(roles.Synced, users.Synced, policies.Synced);

    /// <summary>Keeps the copies current until cancelled.</summary>
    public Task RunAsync(CancellationToken ct) => Task.WhenAll(roles.RunAsync(ct), users.RunAsync(ct), policies.RunAsync(ct));

    /// <inheritdoc/>
    public IamRole? FindRole(string name) => roles.Find(name) is { } role && string.Equals(role.Spec.RoleName, name, StringComparison.Ordinal) ? role : null;

    /// <inheritdoc/>
    public IamUser? FindUser(string name) => users.Find(name) is { } user && string.Equals(user.Spec.UserName, name, StringComparison.Ordinal) ? user : null;

    /// <inheritdoc/>
    public IamPolicy? FindPolicy(string name) => policies.Find(name) is { } policy && string.Equals(policy.Spec.PolicyName, name, StringComparison.Ordinal) ? policy : null;

    /// <inheritdoc/>
    public Task SaveAsync(IamRole role, CancellationToken ct) => roles.SaveAsync(role.Spec.RoleName, role, ct);

    /// <inheritdoc/>
    public Task SaveAsync(IamUser user, CancellationToken ct) => users.SaveAsync(user.Spec.UserName, user, ct);

    /// <inheritdoc/>
    public Task SaveAsync(IamPolicy policy, CancellationToken ct) => policies.SaveAsync(policy.Spec.PolicyName, policy, ct);

    /// <inheritdoc/>
    public Task DeleteAsync(IamRole role, CancellationToken ct) => roles.DeleteAsync(role.Spec.RoleName, ct);

    /// <summary>One kind. What this process wrote is seen at once, before the watch tells of it.</summary>
    private sealed class Kind<T>
        where T : class, IKubeObject<T>
    {
        private readonly IKubeClient client;
        private readonly Informer<T> informer;
        private readonly ConcurrentDictionary<string, T?> written = new(StringComparer.Ordinal);

        public Kind(IKubeClient client, TimeProvider time)
        {
            this.client = client;
            informer = new Informer<T>(client, time: time);
            informer.Changed += Seen;
        }

        public Task Synced => informer.Synced;

        public IReadOnlyList<T> All =>
            [.. informer.Items.Keys.Union(written.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Current).OfType<T>()];

        public Task RunAsync(CancellationToken ct) => informer.RunAsync(ct);

        public T? Find(string iamName) => Current(IamGroup.ObjectName(iamName));

        public async Task SaveAsync(string iamName, T value, CancellationToken ct)
        {
            var name = IamGroup.ObjectName(iamName);
            var body = KubeJson.Write(value);
            JsonObject stored;
            if (await client.FindAsync<T>(null, name, ct).ConfigureAwait(false) is null)
            {
                body["metadata"] = new JsonObject { ["name"] = name };
                stored = await client.CreateAsync(T.Type, null, body, ct).ConfigureAwait(false);
            }
            else
            {
                // The specification is replaced as a whole, so that members that are gone are gone.
                var patch = new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = "/spec", ["value"] = body["spec"]!.DeepClone() });
                stored = await client.PatchAsync(new ObjectRef(T.Type, null, name), new KubePatch(PatchType.Json, patch), ct).ConfigureAwait(false);
            }

            written[name] = KubeJson.Read<T>(stored);
        }

        public async Task DeleteAsync(string iamName, CancellationToken ct)
        {
            var name = IamGroup.ObjectName(iamName);
            await client.DeleteIfExistsAsync(new ObjectRef(T.Type, null, name), DeleteOptions.Default, ct).ConfigureAwait(false);
            written[name] = null;
        }

        private T? Current(string name) => written.TryGetValue(name, out var own) ? own : informer.Items.GetValueOrDefault(name);

        // The watch has caught up with what was written here.
        private void Seen(WatchEventType type, T value)
        {
            if (written.TryGetValue(value.Metadata.Name!, out var own) && (own is null ? type == WatchEventType.Deleted : Version(value) >= Version(own)))
            {
                written.TryRemove(new KeyValuePair<string, T?>(value.Metadata.Name!, own));
            }
        }

        private static long Version(T value) => long.TryParse(value.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
    }
}
