using Hearth.Jobs.Model;
using Hearth.Jobs.Service;
using Hearth.Jobs.Templates;

namespace Hearth.Jobs.Validation;

/// <summary>The checks of the service, for those who want its answer before they ask it.</summary>
public static class RequestCheck
{
    /// <summary>Why StartJobRun would refuse a request whatever the state of the platform, or null when it would not.</summary>
    public static JobException? Problem(StartJobRunRequest request) => Caught(() => Requests.Check(request));

    /// <summary>Why CreateJobTemplate would refuse a request, or null when it would not.</summary>
    public static JobException? Problem(CreateJobTemplateRequest request) => Caught(() => Requests.CheckTemplate(request));

    /// <summary>The job of a template that nothing is wrong with, as a request without one.</summary>
    /// <param name="template">The template.</param>
    /// <param name="values">Values of its parameters; each without a default needs one.</param>
    /// <param name="request">What the template does not give: name, virtual cluster, token.</param>
    /// <exception cref="JobValidationException">A value is missing, or breaks a constraint of the member where it stands.</exception>
    public static StartJobRunRequest JobOf(JobTemplateData template, IReadOnlyDictionary<string, string> values, StartJobRunRequest request) =>
        TemplateJob.Complete(request with { JobTemplateParameters = values }, template) with { JobTemplateParameters = null };

    private static JobException? Caught(Action check)
    {
        try
        {
            check();
            return null;
        }
        catch (JobException e)
        {
            return e;
        }
    }
}
