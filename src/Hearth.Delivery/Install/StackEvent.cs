using System.Globalization;
using System.Text.RegularExpressions;

namespace Hearth.Delivery.Install;

/// <summary>What CloudFormation tells of one resource, as the CDK's command line prints it with <c>--progress events</c>.</summary>
/// <param name="Done">Resources that are ready.</param>
/// <param name="Of">Resources of the stack; null when the CDK does not know.</param>
/// <param name="Status">As <c>CREATE_IN_PROGRESS</c>.</param>
/// <param name="Type">As <c>AWS::EKS::Cluster</c>.</param>
/// <param name="Name">The construct's path and the logical id.</param>
public sealed partial record StackEvent(int Done, int? Of, string Status, string Type, string Name)
{
    /// <summary>The resource could not be made, changed or deleted.</summary>
    public bool Failed => Status.EndsWith("_FAILED", StringComparison.Ordinal);

    /// <summary>Null for a line that is no event.</summary>
    public static StackEvent? Parse(string line)
    {
        var match = Form().Match(line);
        return match.Success
            ? new StackEvent(
                int.Parse(match.Groups["done"].Value, CultureInfo.InvariantCulture), match.Groups["of"].Success ? int.Parse(match.Groups["of"].Value, CultureInfo.InvariantCulture) : null,
                match.Groups["status"].Value, match.Groups["type"].Value, match.Groups["name"].Value.Trim())
            : null;
    }

    [GeneratedRegex(@"^\S+ \|\s*(?<done>\d+)(/(?<of>\d+))? \| [^|]+ \| (?<status>[A-Z_]+)\s*\| (?<type>[A-Za-z0-9:]+)\s*\| (?<name>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
