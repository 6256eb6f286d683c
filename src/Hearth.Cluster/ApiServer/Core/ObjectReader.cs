using System.Globalization;
using Hearth.Cluster.ApiServer.Registry;
using Hearth.Cluster.Store;

namespace Hearth.Cluster.ApiServer.Core;

/// <summary>What a list asks for; texts as in the query.</summary>
internal sealed record ListQuery
{
    public static readonly ListQuery All = new();

    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }

    /// <summary>Most objects a page; null for all.</summary>
    public int? Limit { get; init; }
    public string? Continue { get; init; }
    public string? ResourceVersion { get; init; }
    public string? ResourceVersionMatch { get; init; }
}

/// <summary>One page of a list.</summary>
/// <param name="Items">Ordered by namespace and name.</param>
/// <param name="Revision">The revision that all pages show.</param>
/// <param name="Continue">Token of the next page, or null.</param>
/// <param name="Remaining">How many follow; null when unknown (selectors).</param>
internal sealed record ObjectPage(IReadOnlyList<StoredObject> Items, long Revision, string? Continue, int? Remaining);

/// <summary>Reads objects from the store: get, list, watch.</summary>
internal sealed class ObjectReader(IObjectStore store, TimeProvider time)
{
    private const int SelectedChunk = 512;
    private readonly ObjectDocuments _documents = new();

    /// <summary>The revision of the newest write.</summary>
    public long Revision => store.Revision;

    public TimeProvider Time => time;

    /// <exception cref="Hearth.Kube.Client.KubeException">404.</exception>
    public StoredObject Get(ResourceDefinition definition, string? ns, string name) =>
        Find(definition, ns, name) ?? throw ApiErrors.NotFound(definition.Type, name);

    public StoredObject? Find(ResourceDefinition definition, string? ns, string name) =>
        store.Get(StoreKeys.Key(definition, ns, name)) is { } value ? Show(definition, value) : null;

    /// <summary>Everything of a type, for the server's own decisions.</summary>
    public IEnumerable<StoredObject> All(ResourceDefinition definition, string? ns = null) =>
        store.List(StoreKeys.Prefix(definition, ns)).Items.Select(v => Show(definition, v));

    /// <exception cref="Hearth.Kube.Client.KubeException">400 bad selector or token, 410 expired token or version, 504 future version.</exception>
    public ObjectPage List(ResourceDefinition definition, string? ns, ListQuery query)
    {
        var selection = ObjectSelection.Parse(definition, query.LabelSelector, query.FieldSelector);
        var position = query.Continue is { Length: > 0 } token ? ContinueToken.Parse(token) : null;
        var revision = position is not null ? position.Revision : WantedRevision(query);
        var prefix = StoreKeys.Prefix(definition, ns);
        var scan = selection.Name is { } name && (ns is not null || !definition.Type.Namespaced) ? prefix + name : prefix;
        try
        {
            return selection.MatchesAll
                ? Page(definition, scan, position?.After, query.Limit, revision)
                : SelectedPage(definition, selection, scan, position?.After, query.Limit, revision);
        }
        catch (CompactedException e) when (position is not null)
        {
            throw ContinueToken.ExpiredError(new ContinueToken(e.Current, position.After));
        }
        catch (CompactedException e)
        {
            throw ApiErrors.TooOld(e.Requested, e.Current);
        }
        catch (FutureRevisionException e)
        {
            throw ApiErrors.TooNew(e.Requested, e.Current);
        }
    }

    /// <summary>The object as a definition shows it; other served versions are converted.</summary>
    public StoredObject Show(ResourceDefinition definition, StoredValue value) => Show(definition, value, value.ModRevision);

    public StoredObject Show(ResourceDefinition definition, StoredValue value, long revision)
    {
        if (definition.FromStored is null && value.Value.Span.StartsWith(definition.StoredPrefix.Span))
        {
            return new StoredObject(value.Value, revision, _documents.Of(value.Value));
        }

        var bytes = ObjectConversion.FromStored(definition, _documents.Of(value.Value));
        return new StoredObject(bytes, revision, _documents.Of(bytes));
    }

    /// <summary>An object that is in memory only (dry run), or that was just written.</summary>
    public StoredObject Show(ReadOnlyMemory<byte> bytes, long revision) => new(bytes, revision, _documents.Of(bytes));

    /// <exception cref="Hearth.Kube.Client.KubeException">400: not a number.</exception>
    public static long? ParseRevision(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? revision
            : throw ApiErrors.BadRequest($"invalid resource version \"{text}\": must be a non-negative integer");
    }

    private long? WantedRevision(ListQuery query)
    {
        var wanted = ParseRevision(query.ResourceVersion);
        if (query.ResourceVersionMatch is { Length: > 0 } match)
        {
            CheckMatch(wanted, match);
            if (string.Equals(match, "Exact", StringComparison.Ordinal))
            {
                return wanted;
            }
        }

        return wanted > store.Revision ? throw ApiErrors.TooNew(wanted.Value, store.Revision) : null;
    }

    private static void CheckMatch(long? wanted, string match)
    {
        var type = new Hearth.Kube.Objects.ResourceType("meta.k8s.io", "v1", "listoptions", "ListOptions", false);
        var errors = new FieldErrors();
        if (wanted is null)
        {
            errors.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        else if (match is not ("Exact" or "NotOlderThan"))
        {
            errors.NotSupported("resourceVersionMatch", match, "Exact", "NotOlderThan", "");
        }
        else if (match == "Exact" && wanted == 0)
        {
            errors.Forbidden("resourceVersionMatch", "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }

        if (errors.Any)
        {
            throw ApiErrors.Invalid(type, "", errors);
        }
    }

    private ObjectPage Page(ResourceDefinition definition, string prefix, string? after, int? limit, long? revision)
    {
        var slice = store.List(prefix, after, limit is > 0 ? limit.Value : int.MaxValue, revision);
        var items = new StoredObject[slice.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Show(definition, slice.Items[i]);
        }

        return slice.More
            ? new ObjectPage(items, slice.Revision, new ContinueToken(slice.Revision, slice.Items[^1].Key).ToString(), slice.Remaining)
            : new ObjectPage(items, slice.Revision, null, null);
    }

    private ObjectPage SelectedPage(ResourceDefinition definition, ObjectSelection selection, string prefix, string? after, int? limit, long? revision)
    {
        var items = new List<StoredObject>();
        var wanted = limit is > 0 ? limit.Value : int.MaxValue;
        while (true)
        {
            var slice = store.List(prefix, after, wanted == int.MaxValue ? int.MaxValue : SelectedChunk, revision);
            revision = slice.Revision;
            foreach (var value in slice.Items)
            {
                var item = Show(definition, value);
                after = value.Key;
                if (!selection.Matches(item))
                {
                    continue;
                }

                items.Add(item);
                if (items.Count == wanted)
                {
                    var more = slice.More || value.Key != slice.Items[^1].Key;
                    return new ObjectPage(items, slice.Revision, more ? new ContinueToken(slice.Revision, after).ToString() : null, null);
                }
            }

            if (!slice.More)
            {
                return new ObjectPage(items, slice.Revision, null, null);
            }
        }
    }

    /// <summary>Opens a watch.</summary>
    /// <exception cref="Hearth.Kube.Client.KubeException">400 bad selector, 410 version gone, 504 future version.</exception>
    public ObjectWatch Watch(ResourceDefinition definition, string? ns, WatchQuery query)
    {
        var selection = ObjectSelection.Parse(definition, query.LabelSelector, query.FieldSelector);
        var prefix = StoreKeys.Prefix(definition, ns);
        var from = ParseRevision(query.ResourceVersion) ?? 0;
        var initial = from == 0 || query.SendInitialEvents;
        try
        {
            if (!initial)
            {
                return new ObjectWatch(this, definition, selection, [], store.Watch(prefix, from), from);
            }

            if (from > store.Revision)
            {
                throw new FutureRevisionException(from, store.Revision);
            }

            var present = List(definition, ns, new ListQuery { LabelSelector = query.LabelSelector, FieldSelector = query.FieldSelector });
            return new ObjectWatch(this, definition, selection, present.Items, store.Watch(prefix, present.Revision), present.Revision);
        }
        catch (CompactedException e)
        {
            throw ApiErrors.TooOld(e.Requested, e.Current);
        }
        catch (FutureRevisionException e)
        {
            throw ApiErrors.TooNew(e.Requested, e.Current);
        }
    }
}
