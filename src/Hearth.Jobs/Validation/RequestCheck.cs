using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Jobs.Validation;

/// <summary>The checks of the service, for those who want its answer before they ask it.</summary>
public static class RequestCheck
{
    /// <summary>Why StartJobRun would refuse a request whatever the state of the platform, or null when it would not.</summary>
    public static JobException? Problem(StartJobRunRequest request)
    {
        try
        {
            Requests.Check(request);
            return null;
        }
        catch (JobException e)
        {
            return e;
        }
    }
}
