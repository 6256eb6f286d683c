using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Hearth.Cluster.ApiServer.Services;

/// <summary>
/// Programs of the platform that answer behind a Service's name, for the API server's proxy: <c>/api/v1/namespaces/NS/services/NAME:PORT/proxy/PATH</c>.
/// Services of pods have no proxy: containers have no network of their own here.
/// </summary>
public sealed class ServiceBackends
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, string, Task>> _backends = new(StringComparer.Ordinal);

    /// <summary>Has a program answer for a Service, from now on.</summary>
    /// <param name="ns">Namespace of the Service.</param>
    /// <param name="name">Its name.</param>
    /// <param name="answer">Given the request and the path after <c>proxy</c>, which begins with a slash.</param>
    public void Set(string ns, string name, Func<HttpContext, string, Task> answer) => _backends[$"{ns}/{name}"] = answer;

    /// <summary>The program behind a Service, or null. <paramref name="target"/> is <c>name</c>, <c>name:port</c> or <c>scheme:name:port</c>.</summary>
    internal Func<HttpContext, string, Task>? Find(string? ns, string target)
    {
        var parts = target.Split(':');
        return _backends.GetValueOrDefault($"{ns}/{(parts.Length == 3 ? parts[1] : parts[0])}");
    }
}
