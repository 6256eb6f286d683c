using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Hearth.Kube.Yaml;

namespace Hearth.Kube.Config;

/// <summary>What one entry of a kubeconfig says: a cluster, a user, and the context that joins them.</summary>
public sealed record KubeconfigEntry
{
    /// <summary>Name of cluster, user and context alike.</summary>
    public required string Name { get; init; }
    public required Uri Server { get; init; }

    /// <summary>PEM text of the authorities; null for those of the system.</summary>
    public string? CertificateAuthority { get; init; }

    /// <summary>Bearer token; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>PEM text of a client certificate and of its key; null for none.</summary>
    public (string Certificate, string Key)? ClientCertificate { get; init; }
    public string? Namespace { get; init; }
}

/// <summary>A kubeconfig file (v1): read for a connection, written by adding entries. What Hearth does not know in it stays as it is.</summary>
public sealed class Kubeconfig
{
    private readonly JsonObject _root;
    private readonly string _directory;

    private Kubeconfig(JsonObject root, string directory)
    {
        _root = root;
        _directory = directory;
    }

    /// <summary>Name of the current context, or null.</summary>
    public string? CurrentContext => _root["current-context"]?.ToString() is { Length: > 0 } name ? name : null;

    /// <summary>Names of all contexts.</summary>
    public IReadOnlyList<string> Contexts => [.. List("contexts").Select(c => c?["name"]?.ToString()).OfType<string>()];

    /// <summary>An empty one.</summary>
    public static Kubeconfig Empty() => new(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Config" }, "");

    /// <summary>Reads text; relative file names in it count from <paramref name="directory"/>.</summary>
    /// <exception cref="KubeConfigException">Not a kubeconfig.</exception>
    public static Kubeconfig Parse(string text, string directory = "")
    {
        try
        {
            return new Kubeconfig(YamlJson.ParseObject(text).Value, directory);
        }
        catch (YamlJsonException e)
        {
            throw new KubeConfigException($"the kubeconfig cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads a file; an empty kubeconfig when there is none.</summary>
    /// <exception cref="KubeConfigException">Not a kubeconfig.</exception>
    public static Kubeconfig Read(string path) =>
        File.Exists(path) ? Parse(File.ReadAllText(path), Path.GetDirectoryName(Path.GetFullPath(path))!) : new Kubeconfig(Empty()._root, Path.GetDirectoryName(Path.GetFullPath(path))!);

    /// <summary>The file that kubectl would use: the first of <c>KUBECONFIG</c>, else <c>~/.kube/config</c>.</summary>
    public static string DefaultPath()
    {
        var list = Environment.GetEnvironmentVariable("KUBECONFIG")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return list is { Length: > 0 } ? list[0] : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
    }

    /// <summary>Adds an entry or replaces the one of the same name.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="makeCurrent">Whether its context becomes the current one.</param>
    public Kubeconfig With(KubeconfigEntry entry, bool makeCurrent = true)
    {
        var copy = new Kubeconfig((JsonObject)_root.DeepClone(), _directory);
        var context = new JsonObject { ["cluster"] = entry.Name, ["user"] = entry.Name };
        if (entry.Namespace is { } ns)
        {
            context["namespace"] = ns;
        }

        copy.Put("clusters", entry.Name, "cluster", Cluster(entry));
        copy.Put("users", entry.Name, "user", User(entry));
        copy.Put("contexts", entry.Name, "context", context);
        if (makeCurrent)
        {
            copy._root["current-context"] = entry.Name;
        }

        return copy;
    }

    /// <summary>The text.</summary>
    public override string ToString() => YamlText.Write(_root);

    /// <summary>Writes a file that only its owner can read; it appears whole or not at all.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var fresh = $"{path}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(fresh, new UTF8Encoding(false), options))
        {
            writer.Write(ToString());
        }

        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>The connection of a context, or of the current one.</summary>
    /// <exception cref="KubeConfigException">No such context, or a part of it is missing or wrong.</exception>
    public KubeConnection Connection(string? context = null, TimeProvider? time = null)
    {
        var name = context ?? CurrentContext ?? throw new KubeConfigException("the kubeconfig has no current context: name one");
        var joined = Find("contexts", name, "context");
        var cluster = Find("clusters", Text(joined, "cluster") ?? throw new KubeConfigException($"context {name} names no cluster"), "cluster");
        var user = Text(joined, "user") is { } userName ? Find("users", userName, "user") : [];
        var server = Text(cluster, "server");
        if (!Uri.TryCreate(server, UriKind.Absolute, out var uri))
        {
            throw new KubeConfigException($"the server of context {name} is not an address: {server}");
        }

        return new KubeConnection
        {
            Server = uri,
            Authorities = Data(cluster, "certificate-authority") is { } pem ? Certificates.Authorities(pem) : null,
            ClientCertificate = ClientCertificate(user),
            Token = Token(user, time ?? TimeProvider.System),
            TlsServerName = Text(cluster, "tls-server-name"),
            SkipTlsVerification = Text(cluster, "insecure-skip-tls-verify") == "true",
            Namespace = Text(joined, "namespace") ?? "default",
        };
    }

    private static JsonObject Cluster(KubeconfigEntry entry)
    {
        var cluster = new JsonObject { ["server"] = entry.Server.ToString().TrimEnd('/') };
        if (entry.CertificateAuthority is { } authority)
        {
            cluster["certificate-authority-data"] = Base64(authority);
        }

        return cluster;
    }

    private static JsonObject User(KubeconfigEntry entry)
    {
        var user = new JsonObject();
        if (entry.Token is { } token)
        {
            user["token"] = token;
        }

        if (entry.ClientCertificate is { } pair)
        {
            user["client-certificate-data"] = Base64(pair.Certificate);
            user["client-key-data"] = Base64(pair.Key);
        }

        return user;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static string? Text(JsonObject map, string key) => map[key] is { } value ? value.ToString() : null;

    private Func<CancellationToken, ValueTask<string?>>? Token(JsonObject user, TimeProvider time)
    {
        if (Text(user, "token") is { Length: > 0 } token)
        {
            return _ => ValueTask.FromResult<string?>(token);
        }

        if (Text(user, "tokenFile") is { Length: > 0 } file)
        {
            return new TokenFile(Path.Combine(_directory, file), TimeSpan.FromMinutes(1), time).ReadAsync;
        }

        if (user["auth-provider"] is not null)
        {
            throw new KubeConfigException("auth-provider is no longer part of Kubernetes clients: use an exec plugin");
        }

        return user["exec"] is JsonObject exec ? Exec(exec, time).ReadAsync : null;
    }

    private static ExecCredential Exec(JsonObject exec, TimeProvider time) => new(
        Text(exec, "command") ?? throw new KubeConfigException("exec names no command"),
        [.. (exec["args"] as JsonArray ?? []).Select(a => a?.ToString() ?? "")],
        (exec["env"] as JsonArray ?? []).ToDictionary(e => e?["name"]?.ToString() ?? "", e => e?["value"]?.ToString() ?? "", StringComparer.Ordinal),
        Text(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
        time);

    private X509Certificate2? ClientCertificate(JsonObject user) =>
        Data(user, "client-certificate") is { } certificate && Data(user, "client-key") is { } key ? Certificates.WithKey(certificate, key) : null;

    // Either base64 in KEY-data, or a file named by KEY.
    private string? Data(JsonObject map, string key)
    {
        if (Text(map, key + "-data") is { Length: > 0 } data)
        {
            try
            {
                return Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException)
            {
                throw new KubeConfigException($"{key}-data is not base64");
            }
        }

        if (Text(map, key) is not { Length: > 0 } file)
        {
            return null;
        }

        var path = Path.Combine(_directory, file);
        return File.Exists(path) ? File.ReadAllText(path) : throw new KubeConfigException($"{key}: {path} does not exist");
    }

    private JsonObject Find(string list, string name, string member) =>
        List(list).FirstOrDefault(e => e?["name"]?.ToString() == name)?[member] as JsonObject
        ?? throw new KubeConfigException($"the kubeconfig has no {member} named {name}");

    private JsonArray List(string name) => _root[name] as JsonArray ?? [];

    private void Put(string list, string name, string member, JsonObject value)
    {
        if (_root[list] is not JsonArray entries)
        {
            _root[list] = entries = [];
        }

        var entry = new JsonObject { ["name"] = name, [member] = value };
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i]?["name"]?.ToString() == name)
            {
                entries[i] = entry;
                return;
            }
        }

        entries.Add((JsonNode)entry);
    }
}
