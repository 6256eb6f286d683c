using Hearth.Jobs.Model;

namespace Hearth.Jobs.Service;

/// <summary>Job templates: jobs with parameters, which never change.</summary>
public interface IJobTemplates
{
    /// <summary>Keeps a template. The same client token gives the first answer again.</summary>
    /// <exception cref="JobValidationException">A member is missing or wrong, or a placeholder is not declared.</exception>
    /// <exception cref="JobNotFoundException">No such release.</exception>
    Task<JobTemplateDescription> CreateJobTemplateAsync(CreateJobTemplateRequest request, JobCaller caller, CancellationToken ct);

    /// <summary>One template.</summary>
    /// <exception cref="JobNotFoundException">No such template.</exception>
    Task<JobTemplateDescription> DescribeJobTemplateAsync(string id, CancellationToken ct);

    /// <summary>Templates, newest first.</summary>
    Task<JobPage<JobTemplateDescription>> ListJobTemplatesAsync(ListJobTemplatesRequest request, CancellationToken ct);

    /// <summary>Removes a template; job runs that came from it go on.</summary>
    /// <exception cref="JobValidationException">No such template.</exception>
    Task<string> DeleteJobTemplateAsync(string id, CancellationToken ct);
}
