using System.Text.Json.Nodes;
using Hearth.Aws.EmrContainers.Operations;
using Hearth.Jobs.Service;

namespace Hearth.Aws.EmrContainers;

/// <summary>An operation of the API: how it is called, and what answers it.</summary>
/// <param name="Name">For example <c>StartJobRun</c>.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Segments of its path; <c>*</c> for a label.</param>
/// <param name="Answer">Answers a call.</param>
internal sealed record EmrOperation(string Name, string Method, string[] Path, Func<EmrCall, Task<JsonObject>> Answer);

/// <summary>All operations of emr-containers, API 2020-10-01.</summary>
internal sealed class EmrOperations
{
    private readonly EmrOperation[] _all;

    public EmrOperations(IJobService jobs, EmrGate gate)
    {
        var clusters = new VirtualClusterOperations(jobs, gate);
        var runs = new JobRunOperations(jobs, gate);
        var templates = new JobTemplateOperations(jobs, gate);
        var endpoints = new ManagedEndpointOperations(jobs, gate);
        var security = new SecurityConfigurationOperations(jobs, gate);
        var tags = new TagOperations(jobs, gate);
        _all =
        [
            Of("CreateVirtualCluster", "POST /virtualclusters", clusters.CreateAsync),
            Of("ListVirtualClusters", "GET /virtualclusters", clusters.ListAsync),
            Of("DescribeVirtualCluster", "GET /virtualclusters/*", clusters.DescribeAsync),
            Of("UpdateVirtualCluster", "PATCH /virtualclusters/*", clusters.UpdateAsync),
            Of("DeleteVirtualCluster", "DELETE /virtualclusters/*", clusters.DeleteAsync),
            Of("StartJobRun", "POST /virtualclusters/*/jobruns", runs.StartAsync),
            Of("ListJobRuns", "GET /virtualclusters/*/jobruns", runs.ListAsync),
            Of("DescribeJobRun", "GET /virtualclusters/*/jobruns/*", runs.DescribeAsync),
            Of("CancelJobRun", "DELETE /virtualclusters/*/jobruns/*", runs.CancelAsync),
            Of("CreateManagedEndpoint", "POST /virtualclusters/*/endpoints", endpoints.CreateAsync),
            Of("ListManagedEndpoints", "GET /virtualclusters/*/endpoints", endpoints.ListAsync),
            Of("DescribeManagedEndpoint", "GET /virtualclusters/*/endpoints/*", endpoints.DescribeAsync),
            Of("DeleteManagedEndpoint", "DELETE /virtualclusters/*/endpoints/*", endpoints.DeleteAsync),
            Of("GetManagedEndpointSessionCredentials", "POST /virtualclusters/*/endpoints/*/credentials", endpoints.CredentialsAsync),
            Of("CreateJobTemplate", "POST /jobtemplates", templates.CreateAsync),
            Of("ListJobTemplates", "GET /jobtemplates", templates.ListAsync),
            Of("DescribeJobTemplate", "GET /jobtemplates/*", templates.DescribeAsync),
            Of("DeleteJobTemplate", "DELETE /jobtemplates/*", templates.DeleteAsync),
            Of("CreateSecurityConfiguration", "POST /securityconfigurations", security.CreateAsync),
            Of("ListSecurityConfigurations", "GET /securityconfigurations", security.ListAsync),
            Of("DescribeSecurityConfiguration", "GET /securityconfigurations/*", security.DescribeAsync),
            Of("DeleteSecurityConfiguration", "DELETE /securityconfigurations/*", security.DeleteAsync),
            Of("ListTagsForResource", "GET /tags/*", tags.ListAsync),
            Of("TagResource", "POST /tags/*", tags.TagAsync),
            Of("UntagResource", "DELETE /tags/*", tags.UntagAsync),
        ];
    }

    /// <summary>The operation of a method and path with the labels of the path; null when there is none.</summary>
    public (EmrOperation Operation, IReadOnlyList<string> Labels)? Find(string method, IReadOnlyList<string> path)
    {
        foreach (var operation in _all)
        {
            if (operation.Method == method && operation.Path.Length == path.Count
                && operation.Path.Zip(path).All(p => p.First == "*" ? p.Second.Length > 0 : string.Equals(p.First, p.Second, StringComparison.Ordinal)))
            {
                return (operation, [.. operation.Path.Zip(path).Where(p => p.First == "*").Select(p => p.Second)]);
            }
        }

        return null;
    }

    private static EmrOperation Of(string name, string call, Func<EmrCall, Task<JsonObject>> answer)
    {
        var space = call.IndexOf(' ');
        return new EmrOperation(name, call[..space], call[(space + 2)..].Split('/'), answer);
    }
}
