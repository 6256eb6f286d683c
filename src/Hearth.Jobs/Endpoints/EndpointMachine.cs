using System.Globalization;
using Hearth.Jobs.Model;
using Hearth.Jobs.Resources;
using Hearth.Jobs.Service;

namespace Hearth.Jobs.Endpoints;

/// <summary>Decides what becomes of an endpoint; pure.</summary>
internal static class EndpointMachine
{
    /// <summary>What an endpoint says where people look for it: there is no gateway behind its URL.</summary>
    public const string ControlPlaneOnly = "Control plane only: no Jupyter gateway listens at serverUrl in this version of Hearth.";

    /// <summary>The next status, or null when nothing changes.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="options">Names and places.</param>
    /// <param name="certificate">Makes the certificate of a host: base64 PEM.</param>
    /// <param name="now">The time.</param>
    public static ManagedEndpointStatus? Next(ManagedEndpoint endpoint, JobServiceOptions options, Func<string, string> certificate, DateTimeOffset now)
    {
        var status = endpoint.Status ?? new ManagedEndpointStatus();
        return (status.State, endpoint.EndRequested) switch
        {
            ({ } state, _) when state.IsTerminal() => null,
            (EndpointState.Terminating, _) => status with { State = EndpointState.Terminated, StateDetails = "Endpoint terminated successfully." },
            (_, true) => status with { State = EndpointState.Terminating, StateDetails = "Endpoint is being terminated." },
            (null, _) => status with { State = EndpointState.Creating, StateDetails = "Endpoint is being created." },
            (EndpointState.Creating, _) => Made(endpoint, status, options, certificate, now),
            _ => null,
        };
    }

    private static ManagedEndpointStatus Made(ManagedEndpoint endpoint, ManagedEndpointStatus status, JobServiceOptions options, Func<string, string> certificate, DateTimeOffset now)
    {
        if (EndpointSettings.Wrong(endpoint.Spec.ConfigurationOverrides) is { } wrong)
        {
            return status with { State = EndpointState.TerminatedWithErrors, FailureReason = FailureReason.ValidationError, StateDetails = $"Endpoint creation failed. {wrong}" };
        }

        var network = EndpointNames.Network(endpoint, options);
        return status with
        {
            State = EndpointState.Active,
            StateDetails = $"Endpoint created successfully. It took {Took(now - network.CreatedAt)}. {ControlPlaneOnly}",
            ServerUrl = EndpointNames.ServerUrl(network.Namespace, endpoint.Id, options.Region),
            SecurityGroup = network.SecurityGroupId,
            SubnetIds = network.SubnetIds,
            LoadBalancer = network.LoadBalancerName,
            CertificateAuthority = new EndpointCertificate { CertificateArn = EndpointNames.CertificateArn(endpoint.Id, options), CertificateData = certificate(network.DnsName) },
        };
    }

    private static string Took(TimeSpan time)
    {
        var seconds = Math.Max(0, (long)time.TotalSeconds);
        return seconds < 60
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds} Seconds")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} Minutes {seconds % 60} Seconds");
    }
}
