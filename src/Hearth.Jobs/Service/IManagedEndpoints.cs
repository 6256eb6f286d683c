using Hearth.Jobs.Model;

namespace Hearth.Jobs.Service;

/// <summary>Managed endpoints: the control plane of interactive endpoints, and the tokens that their gateway will believe.</summary>
public interface IManagedEndpoints
{
    /// <summary>Asks for an endpoint; a controller makes it. The same client token in the same virtual cluster gives the first answer again.</summary>
    /// <exception cref="JobValidationException">A member is missing or wrong, or the virtual cluster does not run.</exception>
    /// <exception cref="JobNotFoundException">No such virtual cluster or release.</exception>
    Task<EndpointDescription> CreateManagedEndpointAsync(CreateManagedEndpointRequest request, JobCaller caller, CancellationToken ct);

    /// <summary>One endpoint, live or terminated.</summary>
    /// <exception cref="JobNotFoundException">No such virtual cluster or endpoint.</exception>
    Task<EndpointDescription> DescribeManagedEndpointAsync(string virtualClusterId, string id, CancellationToken ct);

    /// <summary>Endpoints of a virtual cluster, newest first.</summary>
    /// <exception cref="JobValidationException">No such virtual cluster, or a member is wrong.</exception>
    Task<JobPage<EndpointDescription>> ListManagedEndpointsAsync(ListManagedEndpointsRequest request, CancellationToken ct);

    /// <summary>Asks for the end of an endpoint; returns at once with its id.</summary>
    /// <exception cref="JobValidationException">Unknown, or terminated already.</exception>
    Task<string> DeleteManagedEndpointAsync(string virtualClusterId, string id, CancellationToken ct);

    /// <summary>
    /// A token for an endpoint. A client token used again gives credentials of the same id with a new token, and the old token is no longer
    /// believed: only its hash is kept, so it cannot be shown twice.
    /// </summary>
    /// <exception cref="JobValidationException">A member is missing or wrong, or the endpoint is not ACTIVE.</exception>
    /// <exception cref="JobNotFoundException">No such virtual cluster or endpoint.</exception>
    Task<SessionCredentials> GetSessionCredentialsAsync(GetManagedEndpointSessionCredentialsRequest request, JobCaller caller, CancellationToken ct);

    /// <summary>What a token stands for; null when it is unknown, has expired, or its endpoint is not ACTIVE any more.</summary>
    Task<EndpointSessionInfo?> FindSessionAsync(string endpointId, string token, CancellationToken ct);

    /// <summary>Load balancers and security groups of all endpoints that are there or being made, for the EC2 and Elastic Load Balancing calls.</summary>
    Task<IReadOnlyList<EndpointNetwork>> ListEndpointNetworksAsync(CancellationToken ct);
}
