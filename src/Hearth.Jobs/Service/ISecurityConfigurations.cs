using Hearth.Jobs.Model;

namespace Hearth.Jobs.Service;

/// <summary>Security configurations, which never change.</summary>
public interface ISecurityConfigurations
{
    /// <summary>Keeps a configuration. The same client token gives the first answer again.</summary>
    /// <exception cref="JobValidationException">A member is missing or wrong.</exception>
    Task<SecurityConfigurationDescription> CreateSecurityConfigurationAsync(CreateSecurityConfigurationRequest request, JobCaller caller, CancellationToken ct);

    /// <summary>One configuration.</summary>
    /// <exception cref="JobNotFoundException">No such configuration.</exception>
    Task<SecurityConfigurationDescription> DescribeSecurityConfigurationAsync(string id, CancellationToken ct);

    /// <summary>Configurations, newest first.</summary>
    Task<JobPage<SecurityConfigurationDescription>> ListSecurityConfigurationsAsync(ListSecurityConfigurationsRequest request, CancellationToken ct);

    /// <summary>Removes a configuration that no live virtual cluster uses.</summary>
    /// <exception cref="JobValidationException">No such configuration, or it is in use.</exception>
    Task<string> DeleteSecurityConfigurationAsync(string id, CancellationToken ct);
}
