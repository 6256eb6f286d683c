using System.Text.Json.Nodes;
using Hearth.Platform;

namespace Hearth.Delivery.Cloud;

/// <summary>Calls of the AWS command line, with JSON answers. Each says what failed, with the service's own words.</summary>
public sealed class AwsCalls(ITools tools, string region)
{
    /// <summary>Runs <c>aws ... --output json</c>. Throws <see cref="DeliveryException"/> when it fails.</summary>
    public async Task<JsonNode?> CallAsync(CancellationToken cancellation, params string[] arguments)
    {
        var result = await RunAsync(cancellation, arguments).ConfigureAwait(false);
        return result.Succeeded ? Parse(result.Output) : throw Failed(arguments, result);
    }

    /// <summary>Makes something, or finds that it is there already: by the service's word, since what it is called there is the service's business.</summary>
    public async Task EnsureAsync(CancellationToken cancellation, params string[] arguments)
    {
        var result = await RunAsync(cancellation, arguments).ConfigureAwait(false);
        if (!result.Succeeded && !((string[])["already exists", "AlreadyExists", "has been taken"]).Any(m => result.Error.Contains(m, StringComparison.OrdinalIgnoreCase)))
        {
            throw Failed(arguments, result);
        }
    }

    /// <summary>Writes access to a cluster to a kubeconfig; the command answers with a sentence, not with JSON.</summary>
    public async Task WriteKubeconfigAsync(string cluster, string file, CancellationToken cancellation)
    {
        string[] arguments = ["eks", "update-kubeconfig", "--name", cluster, "--kubeconfig", file];
        var result = await RunAsync(cancellation, arguments).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw Failed(arguments, result);
        }
    }

    /// <summary>Null when the service says that the thing is not there.</summary>
    public async Task<JsonNode?> FindAsync(CancellationToken cancellation, params string[] arguments)
    {
        var result = await RunAsync(cancellation, arguments).ConfigureAwait(false);
        if (result.Succeeded)
        {
            return Parse(result.Output);
        }

        return IsMissing(result.Error) ? null : throw Failed(arguments, result);
    }

    /// <summary>The account that the credentials belong to, and who they are.</summary>
    public async Task<(string Account, string Arn)> IdentityAsync(CancellationToken cancellation)
    {
        var identity = await CallAsync(cancellation, "sts", "get-caller-identity").ConfigureAwait(false);
        return (identity?["Account"]?.GetValue<string>() ?? "", identity?["Arn"]?.GetValue<string>() ?? "");
    }

    /// <summary>The template of a deployed stack, or null.</summary>
    public async Task<JsonObject?> TemplateAsync(string stack, CancellationToken cancellation)
    {
        var answer = await FindAsync(cancellation, "cloudformation", "get-template", "--stack-name", stack).ConfigureAwait(false);
        return answer?["TemplateBody"] switch
        {
            JsonObject body => body,
            JsonValue text => JsonNode.Parse(text.GetValue<string>()) as JsonObject,
            _ => null,
        };
    }

    /// <summary>Names of the deployed stacks of a platform, told by their tag.</summary>
    public async Task<IReadOnlyList<string>> StacksAsync(string platform, CancellationToken cancellation)
    {
        var answer = await CallAsync(cancellation, "cloudformation", "describe-stacks").ConfigureAwait(false);
        return
        [
            .. from stack in answer?["Stacks"] as JsonArray ?? []
               where (stack["Tags"] as JsonArray ?? []).Any(t => t?["Key"]?.ToString() == StackNames.PlatformTag && t["Value"]?.ToString() == platform)
               select stack["StackName"]!.ToString(),
        ];
    }

    /// <summary>Deletes a stack and waits until it is gone. Throws <see cref="DeliveryException"/> when something in it cannot be deleted.</summary>
    public async Task DeleteStackAsync(string stack, CancellationToken cancellation)
    {
        await CallAsync(cancellation, "cloudformation", "delete-stack", "--stack-name", stack).ConfigureAwait(false);
        await CallAsync(cancellation, "cloudformation", "wait", "stack-delete-complete", "--stack-name", stack).ConfigureAwait(false);
    }

    /// <summary>A stack's state, as <c>CREATE_COMPLETE</c>; null when it is not there.</summary>
    public async Task<string?> StackStatusAsync(string stack, CancellationToken cancellation)
    {
        var answer = await FindAsync(cancellation, "cloudformation", "describe-stacks", "--stack-name", stack).ConfigureAwait(false);
        return answer?["Stacks"]?[0]?["StackStatus"]?.GetValue<string>();
    }

    /// <summary>Outputs of a deployed stack; none when it is not there.</summary>
    public async Task<IReadOnlyDictionary<string, string>> OutputsAsync(string stack, CancellationToken cancellation)
    {
        var answer = await FindAsync(cancellation, "cloudformation", "describe-stacks", "--stack-name", stack).ConfigureAwait(false);
        var outputs = answer?["Stacks"]?[0]?["Outputs"] as JsonArray ?? [];
        return outputs.Where(o => o?["OutputKey"] is not null).ToDictionary(o => o!["OutputKey"]!.GetValue<string>(), o => o!["OutputValue"]?.GetValue<string>() ?? "", StringComparer.Ordinal);
    }

    private Task<ToolResult> RunAsync(CancellationToken cancellation, string[] arguments) =>
        tools.RunAsync(new ToolCall("aws", [.. arguments, "--region", region, "--output", "json"]), null, cancellation);

    private static bool IsMissing(string error) =>
        ((string[])["does not exist", "NoSuchEntity", "ResourceNotFound", "ParameterNotFound", "not found", "NotFound"]).Any(m => error.Contains(m, StringComparison.OrdinalIgnoreCase));

    private static JsonNode? Parse(string output)
    {
        try
        {
            return output.Trim().Length == 0 ? null : JsonNode.Parse(output);
        }
        catch (System.Text.Json.JsonException)
        {
            throw new DeliveryException($"aws answered with something that is no JSON: {output.Trim()}", "Is `aws` the AWS command line, version 1.29 or 2? Try: aws --version");
        }
    }

    private static DeliveryException Failed(string[] arguments, ToolResult result) =>
        new($"aws {string.Join(' ', arguments.Take(2))} failed: {result.Error.Trim()}", "Check the credentials and the region (aws sts get-caller-identity).");
}
