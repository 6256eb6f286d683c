using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Hearth.Cluster.ApiServer.Pki;

/// <summary>The keys of a cluster, in files of its data directory; made once, the server certificate again when it ends soon or must name more hosts.</summary>
internal sealed class CertificateStore(string directory, TimeProvider time)
{
    private static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3650);
    private static readonly TimeSpan ServerLifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private static readonly string[] Hosts =
        ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"];

    /// <summary>Reads or makes everything.</summary>
    /// <param name="moreHosts">Names and addresses that the server certificate must also be good for.</param>
    public ClusterKeys Load(IReadOnlyList<string> moreHosts)
    {
        CreateDirectory();
        var authority = LoadAuthority();
        var server = LoadServer(authority, [.. Hosts, IPAddress.Loopback.ToString(), IPAddress.IPv6Loopback.ToString(), .. moreHosts]);
        return new ClusterKeys(authority.ExportCertificatePem() + "\n", server, LoadKey("service-account.key"));
    }

    private void CreateDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private X509Certificate2 LoadAuthority()
    {
        var (certificate, key) = (Path.Combine(directory, "ca.crt"), Path.Combine(directory, "ca.key"));
        if (File.Exists(certificate) && File.Exists(key))
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }

        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=hearth-ca", secret, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        var authority = request.CreateSelfSigned(now.AddHours(-1), now + AuthorityLifetime);
        Save(key, certificate, secret, authority);
        return authority;
    }

    private X509Certificate2 LoadServer(X509Certificate2 authority, IReadOnlyList<string> hosts)
    {
        var (certificate, key) = (Path.Combine(directory, "apiserver.crt"), Path.Combine(directory, "apiserver.key"));
        if (File.Exists(certificate) && File.Exists(key))
        {
            var present = X509Certificate2.CreateFromPemFile(certificate, key);
            var ends = new DateTimeOffset(present.NotAfter.ToUniversalTime(), TimeSpan.Zero);
            if (ends - time.GetUtcNow() > RenewBefore && IssuedBy(present, authority) && Names(present, hosts))
            {
                return present;
            }

            present.Dispose();
        }

        return CreateServer(authority, hosts, certificate, key);
    }

    private X509Certificate2 CreateServer(X509Certificate2 authority, IReadOnlyList<string> hosts, string certificateFile, string keyFile)
    {
        using var secret = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-apiserver", secret, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(AlternativeNames(hosts));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = time.GetUtcNow();
        using var bare = request.Create(authority, now.AddHours(-1), now + ServerLifetime, RandomNumberGenerator.GetBytes(16));
        var server = bare.CopyWithPrivateKey(secret);
        Save(keyFile, certificateFile, secret, server);
        return server;
    }

    private ECDsa LoadKey(string name)
    {
        var path = Path.Combine(directory, name);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (File.Exists(path))
        {
            key.ImportFromPem(File.ReadAllText(path));
        }
        else
        {
            SecretFile.Write(path, key.ExportPkcs8PrivateKeyPem() + "\n");
        }

        return key;
    }

    /// <summary>The key first: a certificate without its key would be taken for a complete pair.</summary>
    private static void Save(string keyFile, string certificateFile, ECDsa key, X509Certificate2 certificate)
    {
        SecretFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n");
    }

    private static X509Extension AlternativeNames(IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        return names.Build();
    }

    private static bool IssuedBy(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate);
    }

    private static bool Names(X509Certificate2 certificate, IReadOnlyList<string> hosts)
    {
        if (certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is not { } names)
        {
            return false;
        }

        var known = names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(a => a.ToString())).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return hosts.All(known.Contains);
    }
}

/// <summary>The keys a server runs with.</summary>
/// <param name="AuthorityPem">Certificate that clients must trust.</param>
/// <param name="Server">Certificate and key of the HTTPS endpoint.</param>
/// <param name="ServiceAccounts">Key that signs service-account tokens.</param>
internal sealed record ClusterKeys(string AuthorityPem, X509Certificate2 Server, ECDsa ServiceAccounts) : IDisposable
{
    public void Dispose()
    {
        Server.Dispose();
        ServiceAccounts.Dispose();
    }
}
