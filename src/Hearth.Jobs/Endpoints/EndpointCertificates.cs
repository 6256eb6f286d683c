using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Hearth.Jobs.Endpoints;

/// <summary>Self-signed certificates as an endpoint's gateway presents them.</summary>
internal static class EndpointCertificates
{
    private static readonly TimeSpan Leeway = TimeSpan.FromHours(1);
    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>The PEM of a new certificate in base64, as the API shows it. Its key is not kept: no gateway uses it yet.</summary>
    /// <param name="host">DNS name of the endpoint's load balancer.</param>
    /// <param name="now">The time.</param>
    public static string New(string host, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // A common name holds 64 characters; the whole name is among the alternative ones.
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName(host.Length <= 64 ? host : host[..64]);
        var request = new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        using var certificate = request.CreateSelfSigned(now - Leeway, now + Life);
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));
    }
}
