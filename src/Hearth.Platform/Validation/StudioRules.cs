using Hearth.Platform.Schema;

namespace Hearth.Platform.Validation;

/// <summary>The Studio refers to a team and to its own endpoints.</summary>
internal static class StudioRules
{
    private const string Path = "spec.studio";

    public static void Check(PlatformDeclaration platform, Faults faults)
    {
        var studio = platform.Studio;
        if (!studio.IsDeclared)
        {
            if (studio.Team.Length + studio.Endpoints.Count + studio.Users.Count > 0)
            {
                faults.Add($"{Path}.name", "a Studio needs a name");
            }

            return;
        }

        if (studio.Team.Length == 0)
        {
            faults.Add($"{Path}.team", "say in which team's namespace notebooks run");
        }

        Rules.Declared(studio.Team, [.. platform.Teams.Select(t => t.Name)], $"{Path}.team", faults, "team");
        Rules.Unique(studio.Endpoints, $"{Path}.endpoints", faults, e => e.Name);
        Rules.Unique(studio.Users, $"{Path}.users", faults, u => u.Name);
        string[] endpoints = [.. studio.Endpoints.Select(e => e.Name)];
        for (var i = 0; i < studio.Users.Count; i++)
        {
            CheckUser(studio, studio.Users[i], endpoints, FieldPath.Item($"{Path}.users", i), faults);
        }
    }

    private static void CheckUser(Studio studio, StudioUser user, string[] endpoints, string path, Faults faults)
    {
        Rules.AllDeclared(user.Endpoints, endpoints, $"{path}.endpoints", faults, "endpoint");
        if (user.Endpoints.Count == 0)
        {
            faults.Add($"{path}.endpoints", "name at least one endpoint");
        }

        if (user.Type == "group" && studio.Auth != "identityCenter")
        {
            faults.Add($"{path}.type", "groups exist in IAM Identity Center only; set spec.studio.auth: identityCenter");
        }
    }
}
