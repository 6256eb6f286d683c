using Hearth.Aws.Http;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Aws.EmrContainers;

/// <summary>
/// The one place where each operation says which action on which resource it is, and where the answer is enforced. Resources are looked up only
/// for callers who are not allowed everything; one that does not exist is judged by its ARN, and the service then says that it does not exist.
/// </summary>
internal sealed class EmrGate(IEmrAccess access, IJobService jobs, JobServiceOptions names)
{
    /// <summary>Names and ARNs of the platform.</summary>
    public JobServiceOptions Names => names;

    /// <summary>An operation on nothing that exists yet, or on a whole kind.</summary>
    public void Demand(EmrCall call, EmrAction action)
    {
        if (access.Refusal(call.Request.Caller, action) is { } sentence)
        {
            throw new AwsException(403, "AccessDeniedException", sentence);
        }
    }

    /// <summary>Whether a caller may see something: what listings leave out otherwise. Null when the caller may see everything.</summary>
    public Func<T, bool>? Visible<T>(EmrCall call, Func<T, EmrAction> describe) =>
        access.AllowsEverything(call.Request.Caller) ? null : item => access.Allows(call.Request.Caller, describe(item));

    /// <summary>An operation on a virtual cluster.</summary>
    public async Task ClusterAsync(EmrCall call, string id, Func<EmrAction, EmrAction>? more = null)
    {
        if (!access.AllowsEverything(call.Request.Caller))
        {
            var action = await OfClusterAsync(call, id).ConfigureAwait(false);
            Demand(call, more is null ? action : more(action));
        }
    }

    /// <summary>StartJobRun: on the virtual cluster, with the template it reads and the tags it gives.</summary>
    public async Task StartAsync(EmrCall call, StartJobRunRequest request)
    {
        if (access.AllowsEverything(call.Request.Caller))
        {
            return;
        }

        var template = request.JobTemplateId is { } id ? names.JobTemplateArn(id) : null;
        var start = (await OfClusterAsync(call, request.VirtualClusterId!).ConfigureAwait(false)) with
        {
            RequestTags = Tags(request.Tags), ExecutionRoleArn = request.ExecutionRoleArn, JobTemplateArn = template,
        };
        if (request.JobTemplateId is not null)
        {
            var data = await TemplateAsync(call with { Operation = "DescribeJobTemplate" }, request.JobTemplateId).ConfigureAwait(false);
            start = start with { ExecutionRoleArn = data?.JobTemplateData.ExecutionRoleArn };
        }

        Demand(call, start);
        if (request.Tags is { Count: > 0 })
        {
            Demand(call, start with { Operation = "TagResource", Resource = names.JobRunArn(request.VirtualClusterId!, "*") });
        }
    }

    /// <summary>An operation on a job run.</summary>
    public async Task RunAsync(EmrCall call, string cluster, string id)
    {
        if (access.AllowsEverything(call.Request.Caller))
        {
            return;
        }

        var run = await FoundAsync(() => jobs.DescribeJobRunAsync(cluster, id, call.Aborted)).ConfigureAwait(false);
        Demand(call, (await OfClusterAsync(call, cluster).ConfigureAwait(false)) with
        {
            Resource = names.JobRunArn(cluster, id), ResourceTags = Tags(run?.Tags), ExecutionRoleArn = run?.ExecutionRoleArn, CreatedBy = run?.CreatedBy,
        });
    }

    /// <summary>An operation on a managed endpoint.</summary>
    public async Task EndpointAsync(EmrCall call, string cluster, string id)
    {
        if (access.AllowsEverything(call.Request.Caller))
        {
            return;
        }

        var endpoint = await FoundAsync(() => jobs.DescribeManagedEndpointAsync(cluster, id, call.Aborted)).ConfigureAwait(false);
        Demand(call, (await OfClusterAsync(call, cluster).ConfigureAwait(false)) with
        {
            Resource = names.EndpointArn(cluster, id), ResourceTags = Tags(endpoint?.Tags), ExecutionRoleArn = endpoint?.ExecutionRoleArn,
        });
    }

    /// <summary>An operation on a job template; gives the template when there is one.</summary>
    public async Task<JobTemplateDescription?> TemplateAsync(EmrCall call, string id)
    {
        if (access.AllowsEverything(call.Request.Caller))
        {
            return null;
        }

        var template = await FoundAsync(() => jobs.DescribeJobTemplateAsync(id, call.Aborted)).ConfigureAwait(false);
        if (template is not null)
        {
            Demand(call, Of(template) with { Operation = call.Operation });
        }

        return template;
    }

    /// <summary>An operation on a security configuration.</summary>
    public async Task SecurityAsync(EmrCall call, string id)
    {
        if (!access.AllowsEverything(call.Request.Caller)
            && await FoundAsync(() => jobs.DescribeSecurityConfigurationAsync(id, call.Aborted)).ConfigureAwait(false) is { } configuration)
        {
            Demand(call, Of(configuration) with { Operation = call.Operation });
        }
    }

    /// <summary>A tag operation.</summary>
    public async Task TagsAsync(EmrCall call, string arn, IReadOnlyDictionary<string, string>? tags = null)
    {
        if (access.AllowsEverything(call.Request.Caller) || ResourceArn.Parse(arn, names) is not { } resource)
        {
            return;
        }

        var current = await FoundAsync(() => jobs.ListTagsForResourceAsync(arn, call.Aborted)).ConfigureAwait(false);
        await ClusterAsync(call, resource.VirtualClusterId, a => a with { Resource = arn, ResourceTags = Tags(current), RequestTags = Tags(tags) }).ConfigureAwait(false);
    }

    /// <summary>Seeing a virtual cluster.</summary>
    public static EmrAction Of(VirtualClusterDescription cluster) => new("DescribeVirtualCluster", cluster.Arn)
    {
        Namespace = cluster.ContainerProvider.Info?.EksInfo?.Namespace, ResourceTags = cluster.Tags,
    };

    /// <summary>Seeing a job template.</summary>
    public static EmrAction Of(JobTemplateDescription template) => new("DescribeJobTemplate", template.Arn) { ResourceTags = template.Tags, CreatedBy = template.CreatedBy };

    /// <summary>Seeing a security configuration.</summary>
    public static EmrAction Of(SecurityConfigurationDescription configuration) => new("DescribeSecurityConfiguration", configuration.Arn)
    {
        ResourceTags = configuration.Tags, CreatedBy = configuration.CreatedBy,
    };

    private static IReadOnlyDictionary<string, string> Tags(IReadOnlyDictionary<string, string>? tags) => tags ?? new Dictionary<string, string>(StringComparer.Ordinal);

    private async Task<EmrAction> OfClusterAsync(EmrCall call, string id)
    {
        var cluster = await FoundAsync(() => jobs.DescribeVirtualClusterAsync(id, call.Aborted)).ConfigureAwait(false);
        return cluster is null ? new EmrAction(call.Operation, "*") : Of(cluster) with { Operation = call.Operation };
    }

    // What is wrong with an id is for the service to say, in the words of the operation.
    private static async Task<T?> FoundAsync<T>(Func<Task<T>> find)
        where T : class
    {
        try
        {
            return await find().ConfigureAwait(false);
        }
        catch (JobException)
        {
            return null;
        }
    }
}
