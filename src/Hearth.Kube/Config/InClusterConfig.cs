using System.Security.Cryptography.X509Certificates;

namespace Hearth.Kube.Config;

/// <summary>The connection of a program that runs in a pod: environment variables and the mounted service account.</summary>
public static class InClusterConfig
{
    /// <summary>Where Kubernetes mounts a service account.</summary>
    public const string Directory = "/var/run/secrets/kubernetes.io/serviceaccount";

    // Tokens are replaced on disk long before they end; a minute is what client-go allows itself.
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(1);

    /// <summary>Whether this process seems to run in a pod.</summary>
    public static bool IsPresent => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } && File.Exists(Path.Combine(Directory, "token"));

    /// <summary>Reads the connection.</summary>
    /// <param name="time">Clock.</param>
    /// <param name="directory">Where the service account is mounted; the usual place when null.</param>
    /// <param name="variable">Reads an environment variable; the process's own when null.</param>
    /// <exception cref="KubeConfigException">Not in a pod, or without a service account.</exception>
    public static KubeConnection Read(TimeProvider time, string? directory = null, Func<string, string?>? variable = null)
    {
        directory ??= Directory;
        variable ??= Environment.GetEnvironmentVariable;
        var host = variable("KUBERNETES_SERVICE_HOST");
        var port = variable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            throw new KubeConfigException("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: this program does not run in a pod");
        }

        var token = Path.Combine(directory, "token");
        if (!File.Exists(token))
        {
            throw new KubeConfigException($"{token} does not exist: the pod mounts no service account token (automountServiceAccountToken)");
        }

        var authority = Path.Combine(directory, "ca.crt");
        var ns = Path.Combine(directory, "namespace");
        return new KubeConnection
        {
            Server = new Uri($"https://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}"),
            Authorities = File.Exists(authority) ? Certificates.Authorities(File.ReadAllText(authority)) : null,
            Token = new TokenFile(token, TokenLifetime, time).ReadAsync,
            Namespace = File.Exists(ns) ? File.ReadAllText(ns).Trim() : "default",
        };
    }
}

/// <summary>Reads certificates from PEM text.</summary>
internal static class Certificates
{
    /// <summary>All certificates of a text.</summary>
    public static X509Certificate2Collection Authorities(string pem)
    {
        var result = new X509Certificate2Collection();
        result.ImportFromPem(pem);
        return result;
    }

    /// <summary>A certificate with its key, in a form that TLS on every system takes.</summary>
    public static X509Certificate2 WithKey(string certificatePem, string keyPem)
    {
        using var read = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
    }
}
